import { readdir, readFile } from 'node:fs/promises'
import type { Side } from './stores.ts'

/** Linux counts in hundredths of a second (USER_HZ). */
const msPerTick = 10

interface Stat {
  readonly parent: number
  readonly cpuMs: number
}

/** What a process is and has used, from /proc; undefined when it is gone, or where there is no /proc. */
async function statOf(pid: number): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // Behind the name, which may hold anything: state, parent, …, user and system ticks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number)
  if (parent === undefined || user === undefined || system === undefined) return undefined
  return { parent, cpuMs: (user + system) * msPerTick }
}

/** CPU time a process has used, ms; on a machine shared with others it tells more than the clock. */
export async function cpuMsOf(pid: number): Promise<number> {
  return (await statOf(pid))?.cpuMs ?? Number.NaN
}

/** CPU time the stores of a side have used: all processes of its Postgres, and Redis. */
export async function storeCpuMs({ database, redis }: Side): Promise<number> {
  const [backend] = await database.run<{ pid: number }>({ name: 'bench-pid', text: 'select pg_backend_pid() as pid' })
  const postmaster = (await statOf(backend?.pid ?? 0))?.parent
  const pids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map(pid => statOf(Number(pid))))
  const postgresMs = stats
    .filter(stat => stat?.parent === postmaster)
    .reduce((sum, stat) => sum + (stat?.cpuMs ?? 0), 0)
  const [, redisPid] = /^process_id:(\d+)/m.exec(await redis.info('server')) ?? []
  return postgresMs + (await cpuMsOf(Number(redisPid)))
}
