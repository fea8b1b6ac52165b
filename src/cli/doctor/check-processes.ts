import { durationWords } from '../../ledger/duration-words.ts'
import { crashedAfterMs } from '../../ledger/processes.ts'
import { type Check, type Finding, finder } from './finding.ts'

const longDrainMs = 600_000
/** A queue that has due jobs and a free worker takes one within a second or two. */
const untakenAfterMs = 60_000

const { bad, warning } = finder('processes')

const processesStatement = {
  name: 'doctor-processes',
  text: `
    select (count(*) filter (where kind = 'relay' and alive))::int as relays,
           (count(*) filter (where kind = 'worker' and alive and draining_at is null))::int as workers,
           array_agg(id order by id) filter (where kind = 'worker' and alive and draining_at < now() - $2 * interval '1 ms') as "longDraining",
           (array_agg(condemned_reason order by condemned_at desc) filter (where condemned_at > now() - interval '1 hour'))[1] as condemned
    from (select *, ended_at is null and beat_at > now() - $1 * interval '1 ms' as alive from hbnb_jobs.processes) p`,
}

interface Registry {
  readonly relays: number
  readonly workers: number
  readonly longDraining: readonly number[] | null
  readonly condemned: string | null
}

/** Of what is paused, or may begin only now and then, nobody is to take anything. */
const untakenStatement = {
  name: 'doctor-untaken',
  text: `
    select l.name, count(*)::int as due, (extract(epoch from now() - min(l.run_at)) * 1000)::float8 as "oldestMs"
    from hbnb_jobs.job_live l
    where l.state in ('accepted', 'queued') and l.attempts = 0 and l.run_at < now() - $1 * interval '1 ms'
      and not exists (select from hbnb_jobs.queue_settings s where s.name = l.name and (s.paused_at is not null or s.rate_period_ms >= $1))
      and not exists (
        select from hbnb_jobs.job_live r where r.name = l.name and (r.state = 'running' or r.started_at > now() - $1 * interval '1 ms'))
      and not exists (
        select from hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j using (id)
        where j.name = l.name and o.finished_at > now() - $1 * interval '1 ms' and o.started_at is not null)
    group by l.name order by l.name`,
}

/** Who is alive, and whether every queue that has due jobs has somebody who takes them. */
export const checkProcesses: Check = async ({ run, catalog }) => {
  const [registry] = await run<Registry>(processesStatement, [crashedAfterMs, longDrainMs])
  const { relays = 0, workers = 0, longDraining = null, condemned = null } = registry ?? {}
  const found: Finding[] = []
  if (relays === 0)
    found.push(bad('no relay is alive: nothing is handed out, no schedule ticks, nothing is swept', 'npm run relay'))
  if (workers === 0) found.push(bad('no worker is alive', 'npm run worker'))
  for (const id of longDraining ?? []) {
    found.push(
      warning(
        `worker process ${id} has been draining for over ${durationWords(longDrainMs)}`,
        'look at its log; end it with SIGKILL: its jobs are taken back',
      ),
    )
  }
  if (condemned !== null)
    found.push(
      warning(
        `a worker had to be replaced within the last hour: ${condemned}`,
        'look at its log, and at the connection to the queue',
      ),
    )
  // Without a relay or a worker, that is the cause.
  if (relays === 0 || workers === 0) return found

  const held = await run<{ budget: string }>({
    name: 'doctor-held',
    text: 'select budget from hbnb_jobs.provider_holds where held_until > now()',
  })
  const heldBudgets = new Set(held.map(({ budget }) => budget))
  const untaken = await run<{ name: string; due: number; oldestMs: number }>(untakenStatement, [untakenAfterMs])
  for (const { name, due, oldestMs } of untaken) {
    const limit = catalog.get(name)?.rateLimit
    if (limit !== undefined && limit !== 'none') {
      if ('budget' in limit ? heldBudgets.has(limit.budget) : limit.periodMs >= untakenAfterMs) continue
    }
    const [domain] = name.split('.')
    found.push(
      bad(
        `nobody takes the jobs of ${name}: ${due} due, the oldest for ${durationWords(oldestMs)}`,
        `npm run worker -- ${domain}`,
      ),
    )
  }
  return found
}
