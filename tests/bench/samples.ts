/** The kernel's monotonic clock, ms: one clock for all processes of a machine, unlike performance.timeOrigin. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / nanosecondsPerMs
}

const nanosecondsPerMs = 1e6
const maxSamples = 1_000_000
let samples: number[] = []
let started = 0

/** Notes that a job sent at `sentMs` starts now. */
export function sampleStart(sentMs: number): void {
  started += 1
  if (samples.length < maxSamples) samples.push(nowMs() - sentMs)
}

/** Jobs started so far, and from send to start of those since the last call, ms. */
export function takeSamples(): { started: number; waitedMs: number[] } {
  const waitedMs = samples
  samples = []
  return { started, waitedMs }
}

/** The value that `share` of the list stays below or equals; NaN for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** The middle value; NaN for an empty list. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}
