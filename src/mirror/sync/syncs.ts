import { randomUUID } from 'node:crypto'
import type { RunStatement } from '../../db/statement.ts'

/** A process that takes lines in says so every third of this; one that is silent for longer has lost the sync. */
export const leaseMs = 30_000
/** Bad lines that are kept with their reasons; all of them are counted. */
export const keptBadLines = 100
const keptDays = 90

export const syncStates = ['running', 'cut', 'done'] as const

/** What became of lines. */
export interface SyncCounts {
  readonly stored: number
  readonly unchanged: number
  readonly outdated: number
  readonly refused: number
}

/** A line that was refused, and the problem it was answered with. */
export interface BadLine {
  readonly line: number
  readonly problem: Readonly<Record<string, unknown>>
}

/** How far a sync is: what is committed, and nothing else. */
export interface SyncProgress extends SyncCounts {
  /** The last line, counted from 1; blank lines count. */
  readonly lines: number
  /** sha256 of these lines in hex; null when there are none. */
  readonly linesSha256: string | null
}

/** A sync as it is kept. `cut`: whoever sent it has stopped, and may go on under the same name. */
export interface Sync extends SyncProgress {
  readonly name: string
  readonly state: (typeof syncStates)[number]
  readonly badLines: readonly BadLine[]
  readonly startedAt: Date
  readonly updatedAt: Date
}

/** The right to take lines in for a sync; `holder` is new each time. */
export interface SyncHold {
  readonly name: string
  readonly holder: string
}

/** A sync that somebody may take in, and how far it was before. */
export interface TakenSync {
  readonly hold: SyncHold
  readonly progress: SyncProgress
}

const progressColumns = `
  lines::float8 as lines, lines_sha256 as "linesSha256", stored::float8 as stored, unchanged::float8 as unchanged,
  outdated::float8 as outdated, refused::float8 as refused`

const isHeld = `s.state = 'running' and s.held_until >= now()`

const forgetStatement = {
  name: 'sync-forget',
  text: `
    delete from hbnb_jobs.syncs s
    where (s.name = $1 and ($2 or s.state = 'done') and not (${isHeld}))
       or s.updated_at < now() - interval '${keptDays} days'`,
}

const takeStatement = {
  name: 'sync-take',
  text: `
    insert into hbnb_jobs.syncs as s (name, state, holder, held_until)
    values ($1, 'running', $2, now() + $3 * interval '1 ms')
    on conflict (name) do update set state = 'running', holder = $2, held_until = now() + $3 * interval '1 ms'
    where not (${isHeld})
    returning ${progressColumns}`,
}

/**
 * Takes a sync up where its last committed line is; one that is done begins anew, and so does any with `restart`.
 * Undefined while somebody else takes it in.
 */
export async function takeSync(
  run: RunStatement,
  name: string,
  { restart }: { readonly restart: boolean },
): Promise<TakenSync | undefined> {
  const hold = { name, holder: randomUUID() }
  await run(forgetStatement, [name, restart])
  const [progress] = await run<SyncProgress>(takeStatement, [name, hold.holder, leaseMs])
  return progress && { hold, progress }
}

const keepStatement = {
  name: 'sync-keep',
  text: `
    update hbnb_jobs.syncs set held_until = now() + $3 * interval '1 ms'
    where name = $1 and holder = $2 and state = 'running' returning name`,
}

/** Says that the holder is still there. False: somebody else is by now. */
export async function keepSync(run: RunStatement, { name, holder }: SyncHold): Promise<boolean> {
  return (await run(keepStatement, [name, holder, leaseMs])).length > 0
}

const advanceStatement = {
  name: 'sync-advance',
  text: `
    update hbnb_jobs.syncs
    set held_until = now() + $3 * interval '1 ms', updated_at = now(), lines = $4::bigint, lines_sha256 = $5,
        stored = $6::bigint, unchanged = $7::bigint, outdated = $8::bigint, refused = $9::bigint,
        bad_lines = bad_lines || $10::jsonb
    where name = $1 and holder = $2 and state = 'running' returning name`,
}

/**
 * Notes how far a sync is, in the transaction that writes its lines. `bad`: those to keep beside the earlier ones.
 * False: somebody else holds it by now, and nothing of this may be committed.
 */
export async function advanceSync(
  run: RunStatement,
  { name, holder }: SyncHold,
  { lines, linesSha256, stored, unchanged, outdated, refused }: SyncProgress,
  bad: readonly BadLine[],
): Promise<boolean> {
  const counts = [stored, unchanged, outdated, refused]
  const values = [name, holder, leaseMs, lines, linesSha256, ...counts, JSON.stringify(bad)]
  return (await run(advanceStatement, values)).length > 0
}

const leaveStatement = {
  name: 'sync-leave',
  text: `
    update hbnb_jobs.syncs set state = $3, updated_at = now()
    where name = $1 and holder = $2 and state = 'running'`,
}

/** Lets go of a sync: all of it came, or it can be taken up again at once. Does nothing when somebody else holds it. */
export async function leaveSync(run: RunStatement, { name, holder }: SyncHold, state: 'done' | 'cut'): Promise<void> {
  await run(leaveStatement, [name, holder, state])
}

const shownColumns = `
  name, case when state = 'running' and held_until < now() then 'cut' else state end as state, ${progressColumns},
  started_at as "startedAt", updated_at as "updatedAt"`

const findStatement = {
  name: 'sync-find',
  text: `select ${shownColumns}, bad_lines as "badLines" from hbnb_jobs.syncs where name = $1`,
}

/** A sync by its name. */
export async function findSync(run: RunStatement, name: string): Promise<Sync | undefined> {
  const [sync] = await run<Sync>(findStatement, [name])
  return sync
}

const listStatement = {
  name: 'sync-list',
  text: `
    select ${shownColumns} from hbnb_jobs.syncs
    where $1::text is null or name > $1 order by name limit $2`,
}

/** Syncs by name, without their bad lines. `after`: the last name of the page before. */
export async function listSyncs(
  run: RunStatement,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Omit<Sync, 'badLines'>[]> {
  return await run<Omit<Sync, 'badLines'>>(listStatement, [after, limit])
}
