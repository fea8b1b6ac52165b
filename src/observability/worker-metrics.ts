import { Counter, Histogram, type Registry } from 'prom-client'

const durationBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** What a worker process counts by itself; depths and ages come from the ledger (`ledger-metrics.ts`). */
export interface WorkerMetrics {
  attempt(attempt: { job: string; outcome: string; tookMs: number; waitedMs: number }): void
  stalled(job: string): void
  /** One call to a provider; `refused`: it said no for good; `failed`: it may work later, or is not known. */
  providerCall(call: { provider: string; outcome: 'ok' | 'refused' | 'failed'; tookMs: number }): void
}

export function workerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry]
  const attempts = new Counter({
    name: 'hbnb_jobs_attempts_total',
    help: 'Attempts by job type and how they ended.',
    labelNames: ['job', 'outcome'],
    registers,
  })
  const duration = new Histogram({
    name: 'hbnb_jobs_attempt_duration_seconds',
    help: 'Time from claim to committed outcome.',
    labelNames: ['job'],
    buckets: durationBucketsSeconds,
    registers,
  })
  const wait = new Histogram({
    name: 'hbnb_jobs_wait_seconds',
    help: 'Time from when a job was due to its claim.',
    labelNames: ['job'],
    buckets: durationBucketsSeconds,
    registers,
  })
  const stalls = new Counter({
    name: 'hbnb_jobs_stalled_total',
    help: 'Copies whose BullMQ lock was lost; the claim decides whether that mattered.',
    labelNames: ['job'],
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
    attempt({ job, outcome, tookMs, waitedMs }) {
      attempts.inc({ job, outcome })
      duration.observe({ job }, tookMs / 1_000)
      wait.observe({ job }, waitedMs / 1_000)
    },
    stalled: job => stalls.inc({ job }),
    providerCall({ provider, outcome, tookMs }) {
      calls.observe({ provider, outcome }, tookMs / 1_000)
    },
  }
}
