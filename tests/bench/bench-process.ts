import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const startTimeoutMs = 30_000
const bytesPerMb = 1_048_576
const bytesPerKb = 1_024

const said = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('samples'), started: z.number(), waitedMs: z.array(z.number()) }),
])

/** A process under measurement. */
export interface BenchProcess {
  readonly pid: number
  /** Jobs it started so far, and from send to start of those since the last call, ms. */
  samples(): Promise<{ started: number; waitedMs: number[] }>
  /** The most memory it ever held, MB; NaN where the system does not tell. */
  peakMb(): Promise<number>
  stop(): Promise<void>
}

/** Starts a process of the bench and resolves when it is ready. `profileFolder` gets a CPU profile when it ends. */
export async function startBenchProcess(
  entry: 'worker' | 'relay' | 'bare-worker' | 'intake' | 'bare-intake' | 'idle-intake',
  env: Readonly<Record<string, string>>,
  profileFolder?: string,
): Promise<BenchProcess> {
  const profile =
    profileFolder === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${entry}.cpuprofile`]
  const child = fork(join(import.meta.dirname, 'processes', `${entry}.ts`), [], {
    env: { TZ: 'UTC', ...env },
    execArgv: profile,
    // A Ctrl-C in the terminal reaches the bench, which stops everything in its order.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const next = async () => {
    const answered = once(child, 'message').then(([message]) => said.parse(message))
    const gone = exited.then(() => Promise.reject(new Error(`the ${entry} of the bench ended`)))
    return await Promise.race([answered, gone])
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs)
  await next()
  clearTimeout(timer)
  exited.catch(() => {})
  const { pid } = child
  if (pid === undefined) throw new Error(`the ${entry} of the bench has no pid`)
  return {
    pid,
    async samples() {
      child.send('samples')
      const answer = await next()
      if (answer.kind !== 'samples') throw new Error(`the ${entry} of the bench answered ${answer.kind}`)
      return answer
    },
    peakMb: () => peakMbOf(pid),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** Highest resident size of a process, from /proc (Linux). */
async function peakMbOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? []
  return kilobytes === undefined ? Number.NaN : Math.round((Number(kilobytes) * bytesPerKb) / bytesPerMb)
}
