import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** From an idle look to the pass over a million waiting rows. */
const passBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What a sweep mends. */
export type SweptKind = 'crashed_process' | 'crashed_job' | 'overdue_effect' | 'lost_copy' | 'straggler'

/** What a relay process counts by itself; how far it is behind comes from the ledger (`ledger-metrics.ts`). */
export interface RelayMetrics {
  passed(pass: { moved: number; tookMs: number }): void
  swept(kind: SweptKind, count: number): void
  rebuilt(queues: number): void
}

export function relayMetrics(registry: Registry): RelayMetrics {
  const registers = [registry]
  const relayed = new Counter({
    name: 'hbnb_jobs_relayed_total',
    help: 'Jobs moved from the ledger into their queues.',
    registers,
  })
  const duration = new Histogram({
    name: 'hbnb_jobs_relay_pass_duration_seconds',
    help: 'Time of one successful pass over the due jobs.',
    buckets: passBucketsSeconds,
    registers,
  })
  const last = new Gauge({
    name: 'hbnb_jobs_relay_last_pass_timestamp_seconds',
    help: 'When this relay last passed over the due jobs, in seconds since 1970.',
    registers,
  })
  const mended = new Counter({
    name: 'hbnb_jobs_swept_total',
    help: 'What sweeps found broken and mended: crashed processes and their jobs, overdue effects, lost copies.',
    labelNames: ['kind'],
    registers,
  })
  const rebuilds = new Counter({
    name: 'hbnb_jobs_queues_rebuilt_total',
    help: 'Queues that had lost jobs and were rebuilt from the ledger.',
    registers,
  })
  return {
    passed({ moved, tookMs }) {
      relayed.inc(moved)
      duration.observe(tookMs / 1_000)
      last.setToCurrentTime()
    },
    swept(kind, count) {
      if (count > 0) mended.inc({ kind }, count)
    },
    rebuilt: queues => rebuilds.inc(queues),
  }
}
