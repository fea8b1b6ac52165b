import type { Line } from './line.ts'

/** What a run may choose. */
export interface BenchOptions {
  readonly jobs: number | undefined
  readonly rounds: number
  readonly logLevel: string
  readonly profileFolder: string | undefined
  readonly say: (step: string) => void
}

/** A comparison: yields its lines as they are measured. */
export type Bench = (options: BenchOptions) => AsyncGenerator<Line, void, undefined>
