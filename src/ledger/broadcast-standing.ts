import type { RunStatement } from '../db/statement.ts'

/** How it stands with a broadcast: `deciding` while some of its audience is not decided, `sending` while a batch is open. */
export const broadcastStates = ['deciding', 'sending', 'done', 'cancelled', 'failed'] as const

/** How many sends of one channel ended how; `open` have not ended. */
export interface BroadcastResults {
  readonly accepted: number
  readonly refused: number
  readonly unknown: number
  readonly open: number
}

/** A broadcast, by its job and all that job has made. */
export interface BroadcastStanding {
  readonly state: (typeof broadcastStates)[number]
  readonly results: { readonly email: BroadcastResults; readonly push: BroadcastResults }
}

const resultsStatement = {
  name: 'broadcast-results',
  text: `
    select j.name, count(*) filter (where e.state = 'accepted')::int as accepted,
      count(*) filter (where e.state = 'rejected')::int as refused,
      count(*) filter (where e.state = 'unknown')::int as unknown,
      count(*) filter (where e.state in ('reserved', 'sending'))::int as open
    from hbnb_jobs.jobs j join hbnb_jobs.effects e on e.job_id = j.id where j.parent_id = $1 group by j.name`,
}

const outcomeStatement = {
  name: 'broadcast-outcome',
  text: 'select outcome::text from hbnb_jobs.job_outcomes where id = $1',
}

const none: BroadcastResults = { accepted: 0, refused: 0, unknown: 0, open: 0 }

/** How it stands with a broadcast. */
export async function broadcastStanding(
  run: RunStatement,
  broadcast: { readonly id: string; readonly cancelled_at: Date | null; readonly walked_at: Date | null },
): Promise<BroadcastStanding> {
  const rows = await run<BroadcastResults & { name: string }>(resultsStatement, [broadcast.id])
  const [ended] = await run<{ outcome: string }>(outcomeStatement, [broadcast.id])
  const of = (job: string): BroadcastResults => {
    const { accepted, refused, unknown, open } = rows.find(({ name }) => name === job) ?? none
    return { accepted, refused, unknown, open }
  }
  const results = { email: of('email.send-batch'), push: of('push.send-batch') }
  return { state: stateOf(broadcast, ended?.outcome), results }
}

function stateOf(
  { cancelled_at, walked_at }: { readonly cancelled_at: Date | null; readonly walked_at: Date | null },
  outcome: string | undefined,
): BroadcastStanding['state'] {
  if (cancelled_at !== null || outcome === 'cancelled') return 'cancelled'
  if (outcome === 'completed' || outcome === 'skipped') return 'done'
  if (outcome !== undefined) return 'failed'
  return walked_at === null ? 'deciding' : 'sending'
}
