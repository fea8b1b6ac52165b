import { durationWords } from '../../ledger/duration-words.ts'
import { type Check, type Finding, finder } from './finding.ts'

/** A copy that the queue has lost is taken back after half a minute; one it holds is fetched within the window's seconds. */
const queuedLongMs = 600_000
/** A heartbeat older than 10 s is a crash, and a relay takes its jobs back a second later. */
const deadOwnerMs = 30_000
/** The longest written policy (SendGrid) decides after ten minutes. */
const unknownLongMs = 3_600_000
const overdueSendMs = 60_000
const overTimeMs = 120_000

const { bad, warning } = finder('stuck')

const queuedStatement = {
  name: 'doctor-queued-long',
  text: `
    select name, count(*)::int as count, min(id::text) as sample from hbnb_jobs.job_live
    where state = 'queued' and changed_at < now() - $1 * interval '1 ms' and attempts = 0 group by name order by name`,
}

const ownerlessStatement = {
  name: 'doctor-ownerless',
  text: `
    select count(*)::int as count, min(l.id::text) as sample
    from hbnb_jobs.job_live l left join hbnb_jobs.processes p on p.id = l.owner
    where l.state = 'running' and l.started_at < now() - $1 * interval '1 ms'
      and (p.id is null or p.ended_at < now() - $1 * interval '1 ms' or (p.ended_at is null and p.beat_at < now() - $1 * interval '1 ms'))`,
}

const runningStatement = {
  name: 'doctor-running-long',
  text: `
    select l.name, count(*)::int as count, min(l.id::text) as sample
    from hbnb_jobs.job_live l join unnest($1::text[], $2::float8[]) as t(name, timeout_ms) using (name)
    join hbnb_jobs.processes p on p.id = l.owner and p.ended_at is null and p.beat_at > now() - $4 * interval '1 ms'
    where l.state = 'running' and l.started_at < now() - (t.timeout_ms + $3) * interval '1 ms' group by l.name order by l.name`,
}

const effectsStatement = {
  name: 'doctor-effects',
  text: `
    select provider, state::text, count(*)::int as count, min(job_id::text) as sample,
           (extract(epoch from now() - min(coalesce(unknown_at, send_by))) * 1000)::float8 as "forMs"
    from hbnb_jobs.effects
    where (state = 'unknown' and settled_at is null and unknown_at < now() - $1 * interval '1 ms')
       or (state = 'sending' and send_by < now() - $2 * interval '1 ms')
    group by 1, 2 order by 1, 2`,
}

interface Stuck {
  readonly name: string
  readonly count: number
  readonly sample: string | null
}

/** Jobs and effects that ought to have moved on by themselves. */
export const checkStuck: Check = async ({ run, catalog }) => {
  const contracts = [...catalog.values()]
  const timeouts = [
    contracts.map(({ name }) => name),
    contracts.map(({ timeoutMs }) => timeoutMs),
    overTimeMs,
    deadOwnerMs,
  ]
  const queued = await run<Stuck>(queuedStatement, [queuedLongMs])
  const [ownerless] = await run<Stuck>(ownerlessStatement, [deadOwnerMs])
  const running = await run<Stuck>(runningStatement, timeouts)
  const effects = await run<Stuck & { provider: string; state: string; forMs: number }>(effectsStatement, [
    unknownLongMs,
    overdueSendMs,
  ])
  const found: Finding[] = queued.map(({ name, count }) =>
    bad(
      `${count} job(s) of ${name} were handed to the queue over ${durationWords(queuedLongMs)} ago and not fetched`,
      `npm run worker -- ${name.split('.')[0]}; a relay takes back what the queue has lost`,
    ),
  )
  if (ownerless && ownerless.count > 0) {
    found.push(
      bad(
        `${ownerless.count} job(s) run in a process that is dead, such as ${ownerless.sample}`,
        'npm run relay: it takes them back within seconds',
      ),
    )
  }
  for (const { name, count, sample } of running) {
    found.push(
      warning(
        `${count} job(s) of ${name} run far beyond their timeout, such as ${sample}`,
        `npm run jobs -- why ${sample}, then npm run jobs -- drain --process <its process>`,
      ),
    )
  }
  return [...found, ...effects.map(effectFinding)]
}

function effectFinding({
  provider,
  state,
  count,
  sample,
  forMs,
}: Stuck & { provider: string; state: string; forMs: number }): Finding {
  const since = durationWords(forMs)
  if (state === 'sending') {
    return bad(
      `${count} send(s) to ${provider} should have ended ${since} ago, such as of job ${sample}`,
      'npm run relay: it finds out what became of them',
    )
  }
  return bad(
    `it is not known for ${since} whether ${provider} took ${count} effect(s), such as of job ${sample}`,
    `npm run jobs -- why ${sample}, and look it up at ${provider}`,
  )
}
