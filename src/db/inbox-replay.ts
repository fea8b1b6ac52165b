import { acceptJobs } from '../ledger/accept.ts'
import type { NewJob } from '../ledger/new-job.ts'
import { jobForEvent, type StoredKind } from './inbox-job.ts'
import { type InboxFilter, inboxIds } from './inbox-search.ts'
import type { RunStatement } from './statement.ts'

/** Why an event is left as it is. `in-work`: its job has not ended. `nothing-reacts`: nothing reacts to events of its kind. */
export type LeftReason = 'in-work' | 'nothing-reacts' | 'no-such-event'

/** How many events one call may take. */
export const maxReplayedEvents = 10_000

/** Of the jobs that an event has had, so many are remembered. */
const maxEarlierJobs = 10
const eventsPerStatement = 1_000
const examplesShown = 5

const kindsSql = `
  select id, source, type, entity, job_id as "jobId" from hbnb_jobs.webhook_inbox where id = any($1::uuid[]) order by id`
const lookStatement = { name: 'inbox-replay-look', text: kindsSql }
const holdStatement = { name: 'inbox-replay-hold', text: `${kindsSql} for update` }

/** Apart from the statement that holds the events: it must see what was committed while that one waited. */
const openStatement = {
  name: 'inbox-replay-open',
  text: 'select id from hbnb_jobs.job_live where id = any($1::uuid[])',
}

const replayStatement = {
  name: 'inbox-replay',
  text: `
    update hbnb_jobs.webhook_inbox e
    set job_id = g.job_id, handled = null, handled_reason = null, replays = e.replays + 1,
        earlier_job_ids = (array_remove(e.job_id || e.earlier_job_ids, null))[1:${maxEarlierJobs}]
    from unnest($1::uuid[], $2::uuid[]) as g(id, job_id) where e.id = g.id`,
}

type Stored = StoredKind & { readonly jobId: string | null }

/** What would be done with events, or why not, by their ids. */
async function decide(
  run: RunStatement,
  ids: readonly string[],
  { hold }: { readonly hold: boolean },
): Promise<Map<string, NewJob | LeftReason>> {
  const events = await run<Stored>(hold ? holdStatement : lookStatement, [ids])
  const open = await run<{ id: string }>(openStatement, [events.flatMap(({ jobId }) => jobId ?? [])])
  const isOpen = new Set(open.map(({ id }) => id))
  const decided = new Map<string, NewJob | LeftReason>(ids.map(id => [id, 'no-such-event']))
  for (const event of events) {
    const isInWork = event.jobId !== null && isOpen.has(event.jobId)
    decided.set(event.id, isInWork ? 'in-work' : (jobForEvent(event) ?? 'nothing-reacts'))
  }
  return decided
}

/** Gives each event a new job where `decide` has one. */
async function carryOut(run: RunStatement, decided: ReadonlyMap<string, NewJob | LeftReason>): Promise<void> {
  const jobs = [...decided].flatMap(([id, what]) => (typeof what === 'string' ? [] : [{ id, job: what }]))
  if (jobs.length === 0) return
  await acceptJobs(
    run,
    jobs.map(({ job }) => job),
  )
  await run(replayStatement, [jobs.map(({ id }) => id), jobs.map(({ job }) => job.id)])
}

/**
 * Lets a new job react to an event of the inbox: answers its id, or why there is none. What was reacted to once is not done
 * twice: that is the job's business. `run` is of one transaction.
 */
export async function replayEvent(
  run: RunStatement,
  id: string,
): Promise<{ readonly jobId: string } | { readonly left: LeftReason }> {
  const decided = await decide(run, [id], { hold: true })
  await carryOut(run, decided)
  const what = decided.get(id) ?? 'no-such-event'
  return typeof what === 'string' ? { left: what } : { jobId: what.id }
}

/** What a replay of many events did, or would do. */
export interface InboxReplay {
  readonly matching: number
  readonly replayed: number
  readonly left: Readonly<Partial<Record<LeftReason, number>>>
  /** Some of those that are replayed, the oldest first. */
  readonly examples: readonly string[]
}

/**
 * The same for all events that match, in the order in which they came. Null when they are more than
 * {@link maxReplayedEvents}: nothing is done then. A dry run counts and changes nothing. `run` is of one transaction.
 */
export async function replayEvents(
  run: RunStatement,
  filter: InboxFilter,
  { dryRun }: { readonly dryRun: boolean },
): Promise<InboxReplay | null> {
  const ids = await inboxIds(run, filter, maxReplayedEvents + 1)
  if (ids.length > maxReplayedEvents) return null
  const left: Partial<Record<LeftReason, number>> = {}
  const replayed: string[] = []
  for (let from = 0; from < ids.length; from += eventsPerStatement) {
    const decided = await decide(run, ids.slice(from, from + eventsPerStatement), { hold: !dryRun })
    if (!dryRun) await carryOut(run, decided)
    for (const [id, what] of decided) {
      if (typeof what === 'string') left[what] = (left[what] ?? 0) + 1
      else replayed.push(id)
    }
  }
  return { matching: ids.length, replayed: replayed.length, left, examples: replayed.slice(0, examplesShown) }
}
