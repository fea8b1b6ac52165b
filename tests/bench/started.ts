import type { BenchProcess } from './bench-process.ts'
import { untilTrue } from './work.ts'

/** Resolves when a worker has started so many jobs: with how many it had by then, and when that was. */
export async function startedAtLeast(
  worker: BenchProcess,
  wanted: number,
): Promise<{ readonly started: number; readonly atMs: number }> {
  let started = 0
  await untilTrue(async () => {
    started = (await worker.samples()).started
    return started >= wanted
  })
  return { started, atMs: performance.now() }
}
