import type { Knex } from 'knex'
import { isDataFault } from '../../db/data-fault.ts'
import { statementsIn } from '../../db/statement.ts'
import { MirrorIsView } from '../../mirror/expect-tables.ts'
import { keptAs } from '../../mirror/kept-as.ts'
import {
  advanceSync,
  type BadLine,
  keptBadLines,
  type SyncCounts,
  type SyncHold,
  type SyncProgress,
} from '../../mirror/sync/syncs.ts'
import type { Told, Written } from '../../mirror/told.ts'
import { writeEntities } from '../../mirror/write-entities.ts'
import { Problem, problemBody } from '../http/problem.ts'

/** A line of a sync: the entity it tells of, or why it is refused. */
export interface ReadLine {
  readonly number: number
  readonly read: Told | Problem
}

/** A sync after a batch, and the lines of it that were refused. */
export interface WrittenBatch {
  readonly progress: SyncProgress
  readonly bad: readonly BadLine[]
}

interface Batch {
  readonly hold: SyncHold
  readonly before: SyncProgress
  readonly lines: readonly ReadLine[]
  /** Up to where the sync is with these lines; blank ones may follow them. */
  readonly reached: Pick<SyncProgress, 'lines' | 'linesSha256'>
  /** The request they came with, for their problems. */
  readonly instance: string
}

type Verdict = Written | 'unstorable'
type Write = (transaction: Knex.Transaction, told: readonly Told[]) => Promise<Verdict[]>

/**
 * Writes a batch in one transaction with how far the sync is then. What Postgres will not keep although it looked well is
 * refused alone, and so are kinds that are read from views. Throws sync-running when somebody else holds the sync by now.
 */
export async function writeBatch(knex: Knex, batch: Batch): Promise<WrittenBatch> {
  try {
    return await untilAlone(() => commit(knex, batch, together))
  } catch (error) {
    const others = error instanceof MirrorIsView ? withoutView(batch, error) : undefined
    if (others) return await writeBatch(knex, others)
    if (!isDataFault(error)) throw error
    return await untilAlone(() => commit(knex, batch, inParts))
  }
}

/** The batch with what is kept in a view refused; undefined when that was none of it. */
function withoutView(batch: Batch, { view }: MirrorIsView): Batch | undefined {
  const refused = new Problem('mirror-is-a-view', { detail: `${view} is a view of the platform's own table` })
  const isOfView = ({ read }: ReadLine) => !(read instanceof Problem) && keptAs[read.kind].table === view
  if (!batch.lines.some(isOfView)) return undefined
  return { ...batch, lines: batch.lines.map(line => (isOfView(line) ? { ...line, read: refused } : line)) }
}

async function commit(knex: Knex, batch: Batch, write: Write): Promise<WrittenBatch> {
  const { hold, before, lines } = batch
  return await knex.transaction(async transaction => {
    const told = lines.flatMap(({ read }) => (read instanceof Problem ? [] : [read]))
    const written = sumOf(batch, told.length > 0 ? await write(transaction, told) : [])
    const kept = written.bad.slice(0, Math.max(0, keptBadLines - before.refused))
    if (!(await advanceSync(statementsIn(transaction), hold, written.progress, kept))) {
      throw new Problem('sync-running', { detail: 'somebody else has taken it up by now' })
    }
    return written
  })
}

const together: Write = async (transaction, told) => await writeEntities(statementsIn(transaction), told)

/** Each half within a savepoint, and halves of that where one fails, down to the entity that is at fault. */
async function inParts(transaction: Knex.Transaction, told: readonly Told[]): Promise<Verdict[]> {
  try {
    return await transaction.transaction(inner => together(inner, told))
  } catch (error) {
    if (!isDataFault(error)) throw error
    if (told.length === 1) return ['unstorable']
    const middle = Math.ceil(told.length / 2)
    return [...(await inParts(transaction, told.slice(0, middle))), ...(await inParts(transaction, told.slice(middle)))]
  }
}

const refusals = {
  'version-reused': () => new Problem('version-reused'),
  unstorable: () => new Problem('invalid-entity', { detail: 'the database does not take one of its values' }),
} as const

function sumOf({ before, lines, reached, instance }: Batch, verdicts: readonly Verdict[]): WrittenBatch {
  const counts: { -readonly [Name in keyof SyncCounts]: number } = { ...before }
  const bad: BadLine[] = []
  let next = 0
  for (const { number, read } of lines) {
    const verdict = read instanceof Problem ? undefined : verdicts[next++]
    if (verdict === 'stored' || verdict === 'unchanged' || verdict === 'outdated') counts[verdict] += 1
    else {
      counts.refused += 1
      const problem = read instanceof Problem ? read : refusals[verdict ?? 'unstorable']()
      bad.push({ line: number, problem: problemBody(problem, instance) })
    }
  }
  return { progress: { ...counts, ...reached }, bad }
}

/** SQLSTATE: another writer and this one waited for each other. */
const inTheWay = new Set<unknown>(['40P01', '40001'])
const maxTries = 5

async function untilAlone<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (!inTheWay.has(code) || tries === maxTries) throw error
    }
  }
}
