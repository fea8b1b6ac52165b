import { Counter, Histogram, type Registry } from 'prom-client'

const durationBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** One call to a provider; `refused`: it said no for good; `failed`: it may work later, or is not known. */
export interface MeasuredCall {
  readonly provider: string
  readonly outcome: 'ok' | 'refused' | 'failed'
  readonly tookMs: number
}

/** What a worker process counts by itself; depths and ages come from the ledger (`ledger-metrics.ts`). */
export interface WorkerMetrics {
  attempt(attempt: { queue: string; outcome: string; tookMs: number; waitedMs: number }): void
  stalled(queue: string): void
  providerCall(call: MeasuredCall): void
}

/** The label of a job type is `queue`: Prometheus itself sets `job` on everything it scrapes. */
export function workerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry]
  const attempts = new Counter({
    name: 'hbnb_jobs_attempts_total',
    help: 'Attempts by queue and how they ended.',
    labelNames: ['queue', 'outcome'],
    registers,
  })
  const duration = new Histogram({
    name: 'hbnb_jobs_attempt_duration_seconds',
    help: 'Time from claim to committed outcome.',
    labelNames: ['queue'],
    buckets: durationBucketsSeconds,
    registers,
  })
  const wait = new Histogram({
    name: 'hbnb_jobs_wait_seconds',
    help: 'Time from when a job was due to its claim.',
    labelNames: ['queue'],
    buckets: durationBucketsSeconds,
    registers,
  })
  const stalls = new Counter({
    name: 'hbnb_jobs_stalled_total',
    help: 'Copies whose BullMQ lock was lost; the claim decides whether that mattered.',
    labelNames: ['queue'],
    registers,
  })
  const calls = new Histogram({
    name: 'hbnb_jobs_provider_call_duration_seconds',
    help: 'Time of calls that send something, by provider and how they ended.',
    labelNames: ['provider', 'outcome'],
    buckets: durationBucketsSeconds,
    registers,
  })
  return {
    attempt({ queue, outcome, tookMs, waitedMs }) {
      attempts.inc({ queue, outcome })
      duration.observe({ queue }, tookMs / 1_000)
      wait.observe({ queue }, waitedMs / 1_000)
    },
    stalled: queue => stalls.inc({ queue }),
    providerCall({ provider, outcome, tookMs }) {
      calls.observe({ provider, outcome }, tookMs / 1_000)
    },
  }
}
