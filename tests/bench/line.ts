import { median } from './samples.ts'

/** One comparison: ours against another thing, alternated within one run. */
export interface Line {
  readonly bench: string
  readonly ours: number
  readonly other: number
  readonly unit: string
  /** Ours through other, per round. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number }
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  /** Highest resident memory of our processes together. */
  readonly peakMb: number | null
  readonly settings: Readonly<Record<string, string | number | boolean>>
}

type Given = Pick<Line, 'bench' | 'unit' | 'settings'> & Partial<Pick<Line, 'p50Ms' | 'p99Ms' | 'peakMb'>>

/** A line from the rounds of both sides, in their order. */
export function lineOf(given: Given, ours: readonly number[], other: readonly number[]): Line {
  const ratios = ours.map((value, index) => value / (other[index] ?? Number.NaN))
  return {
    bench: given.bench,
    ours: round(median(ours)),
    other: round(median(other)),
    unit: given.unit,
    ratio: { median: round(median(ratios)), min: round(Math.min(...ratios)), max: round(Math.max(...ratios)) },
    p50Ms: rounded(given.p50Ms),
    p99Ms: rounded(given.p99Ms),
    peakMb: rounded(given.peakMb),
    settings: { ...given.settings, rounds: ours.length },
  }
}

/** For people. */
export function lineText({ bench, ours, other, unit, ratio, p50Ms, p99Ms, peakMb, settings }: Line): string {
  const latency = p50Ms === null ? '' : `  p50 ${p50Ms} ms  p99 ${p99Ms} ms`
  const memory = peakMb === null ? '' : `  peak ${peakMb} MB`
  const chosen = Object.entries(settings).map(([name, value]) => `${name} ${value}`)
  return (
    `${bench.padEnd(24)} ours ${ours} ${unit}  other ${other} ${unit}  ` +
    `ratio ${ratio.median} (${ratio.min}–${ratio.max})${latency}${memory}\n${' '.repeat(25)}${chosen.join(', ')}`
  )
}

const roundTo = 100

function round(value: number): number {
  return Math.abs(value) >= roundTo ? Math.round(value) : Math.round(value * roundTo) / roundTo
}

function rounded(value: number | null | undefined): number | null {
  return value === undefined || value === null || Number.isNaN(value) ? null : round(value)
}
