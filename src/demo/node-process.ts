import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { stopWithParent } from '../setup/stop-with-parent.ts'

const startTimeoutMs = 30_000
const stopTimeoutMs = 40_000
const lastLinesShown = 15

/** One of our own processes, started as an operator would start it. */
export interface NodeProcess {
  readonly pid: number
  /** SIGTERM, and SIGKILL after 40 s. Resolves when it is gone. */
  readonly stop: () => Promise<void>
  /** SIGKILL at once. Resolves when it is gone. */
  readonly kill: () => Promise<void>
}

/** What to start and how to know that it is ready: the first line of its output that matches. */
export interface NodeCommand {
  readonly name: string
  readonly entry: string
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly ready: RegExp
  readonly logFile: string
}

/** Starts `node <entry>` and resolves when it is ready. Its output goes to a file; it ends with us, however we end. */
export async function startNode({ name, entry, args = [], env, ready, logFile }: NodeCommand): Promise<NodeProcess> {
  mkdirSync(dirname(logFile), { recursive: true })
  const child = spawn(process.execPath, [entry, ...args], {
    env: { TZ: 'UTC', ...env },
    // A group of its own: a Ctrl-C in the terminal reaches us, and we stop everything in our order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<void>(resolve => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const log = createWriteStream(logFile, { flags: 'a' })
  const lastLines: string[] = []
  const started = new Promise<true>(resolve => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(log, { end: false })
      createInterface({ input: stream }).on('line', line => {
        lastLines.push(line)
        if (lastLines.length > lastLinesShown) lastLines.shift()
        if (ready.test(line)) resolve(true)
      })
    }
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} could not be started`)
  const watcher = stopWithParent(pid, 'SIGTERM')
  const gone = whenGone()
  async function whenGone(): Promise<void> {
    await exited
    log.end()
    await watcher.release()
  }

  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs)
  const isReady = await Promise.race([started, exited])
  clearTimeout(timer)
  if (!isReady) {
    await gone
    throw new Error(`${name} did not start (all of its output is in ${logFile}):\n${lastLines.join('\n')}`)
  }
  return {
    pid,
    async stop() {
      const deadline = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      child.kill('SIGTERM')
      await gone
      clearTimeout(deadline)
    },
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
