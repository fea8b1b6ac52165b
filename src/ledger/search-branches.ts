import type { JobFilter } from './job-filter.ts'
import { type JobState, jobStateSql } from './status.ts'

/**
 * One way to what is looked for, with the table that holds the rarest fact first. A search over several states is the
 * union of their ways, because no index serves open and ended jobs at once.
 */
export interface Branch {
  readonly from: string
  /** The tables in it that are bounded by id. */
  readonly aliases: readonly string[]
  readonly conditions: (bind: (value: unknown) => string) => readonly string[]
}

type Bind = Parameters<Branch['conditions']>[0]

const openStates: readonly JobState[] = ['scheduled', 'waiting', 'active', 'retrying', 'parked']
const badStates: readonly JobState[] = ['failed', 'cancelled', 'quarantined']

/** The ways a filter needs; one over the jobs alone when it asks neither for states nor for an error. */
export function branchesOf(filter: JobFilter): Branch[] {
  const { states, error } = filter
  if (states === undefined && error === undefined) {
    return [{ from: 'hbnb_jobs.jobs j', aliases: ['j'], conditions: () => [] }]
  }
  if (states === undefined) return [open(openStates, filter), ended('true', filter)]
  const wanted = new Set(states)
  const among = (some: readonly JobState[]) => some.filter(state => wanted.has(state))
  return [
    ...(among(openStates).length > 0 ? [open(among(openStates), filter)] : []),
    ...(among(badStates).length > 0 ? [ended(badSql(among(badStates)), filter)] : []),
    ...(wanted.has('skipped') ? [ended(`o.outcome = 'skipped'`, filter)] : []),
    ...(wanted.has('completed') ? [ended(`o.outcome = 'completed'`, filter)] : []),
  ]
}

/** The first half is what the index of bad endings is made with. */
function badSql(states: readonly JobState[]): string {
  const all = badStates.map(state => `'${state}'`).join(', ')
  const some = states.map(state => `'${state}'`).join(', ')
  return `o.outcome in (${all}) and o.outcome in (${some})`
}

function ended(condition: string, { error }: JobFilter): Branch {
  return {
    from: 'hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j on j.id = o.id',
    aliases: ['o', 'j'],
    conditions: bind => [condition, ...(error === undefined ? [] : signatureBegins('o.error', error, bind))],
  }
}

function open(states: readonly JobState[], { tenant, name, error }: JobFilter): Branch {
  return {
    from: `hbnb_jobs.job_live l join hbnb_jobs.jobs j on j.id = l.id
      cross join (select null::hbnb_jobs.job_outcome as outcome) o`,
    aliases: ['l', 'j'],
    conditions: bind => [
      ...(states.length < openStates.length ? [`${jobStateSql} = any(${bind([...states])}::text[])`] : []),
      ...(name === undefined ? [] : [`l.name = ${bind(name)}`]),
      // A lane is a tenant, or begins with it and a character before the space.
      ...(tenant === undefined
        ? []
        : [`l.lane collate "C" >= ${bind(tenant)} and l.lane collate "C" < ${bind(`${tenant} `)}`]),
      ...(error === undefined ? [] : signatureBegins('l.last_error', error, bind)),
    ],
  }
}

/** As a range, which an index serves whatever the planner thinks of patterns. */
function signatureBegins(column: string, prefix: string, bind: Bind): string[] {
  const signature = `hbnb_jobs.error_signature(${column}) collate "C"`
  return [`${column} is not null`, `${signature} >= ${bind(prefix)}`, `${signature} < ${bind(`${prefix}\u{10FFFF}`)}`]
}
