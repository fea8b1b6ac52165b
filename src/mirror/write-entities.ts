import type { RunStatement } from '../db/statement.ts'
import type { EntityKind } from '../domain/platform/kinds.ts'
import { type DevicesOfUser, replaceDevices } from './devices.ts'
import { digestOf } from './digest.ts'
import { expectTables } from './expect-tables.ts'
import { keptAs, kindsInOrder } from './kept-as.ts'
import { reopenPreferences } from './reopen-preferences.ts'
import { type Told, whyNotStored, type Written } from './told.ts'
import { type NewRow, type RowOutcome, writeKind } from './write-kind.ts'

const maxRowsPerStatement = 500

/** What became of one entity. `knownVersion` is the version that is known now; `isNew`: it was not in the mirror before. */
export interface WrittenEntity {
  readonly written: Written
  readonly knownVersion: number
  readonly isNew: boolean
}

/** One that is told, and the row it would become. */
interface Candidate {
  readonly told: Told
  readonly row: NewRow
}

/**
 * Writes what the platform told us, one statement per kind and 500 entities, and answers in the order given. `run` must be of
 * a transaction: versions and devices are written together or not at all. An id told twice counts as told one after the
 * other. Throws MirrorIsView, and then nothing is written.
 */
export async function writeEntities(run: RunStatement, told: readonly Told[]): Promise<Written[]> {
  const entities = await tellEntities(run, told)
  return entities.map(({ written }) => written)
}

/** The same, with the version that is known of each. */
export async function tellEntities(run: RunStatement, told: readonly Told[]): Promise<WrittenEntity[]> {
  const candidates = told.map(one => ({ told: one, row: rowOf(one) }))
  const kinds = kindsInOrder.filter(kind => told.some(one => one.kind === kind))
  await expectTables(
    run,
    kinds.map(kind => keptAs[kind].table),
  )
  const newest = newestOf(candidates)
  const outcomes = new Map<string, RowOutcome>()
  for (const kind of kinds) {
    const ofKind = [...newest.values()].filter(candidate => candidate.told.kind === kind)
    for (const rows of batchesOf(ofKind)) {
      for (const [id, outcome] of await writeKind(run, kind, rows)) outcomes.set(keyOf({ kind, id }), outcome)
    }
    await replaceDevices(run, devicesOf(ofKind, outcomes))
    await reopenPreferences(run, newUsersOf(ofKind, outcomes))
  }
  return candidates.map(candidate => {
    const key = keyOf(candidate.told)
    return answerOf(candidate.row, outcomes.get(key), newest.get(key) === candidate)
  })
}

function keyOf({ kind, id }: { readonly kind: EntityKind; readonly id: string }): string {
  return `${kind}:${id}`
}

function rowOf<Kind extends EntityKind>({ kind, id, entity }: Told<Kind>): NewRow {
  const { toRow } = keptAs[kind]
  return { id, version: entity.version, digest: digestOf(kind, entity), columns: toRow ? toRow(entity) : entity }
}

/** Of each id the one of the highest version, of equal ones the first, in the order told. */
function newestOf(candidates: readonly Candidate[]): Map<string, Candidate> {
  const newest = new Map<string, Candidate>()
  for (const candidate of candidates) {
    const key = keyOf(candidate.told)
    const other = newest.get(key)
    if (other !== undefined && other.row.version >= candidate.row.version) continue
    // Taken out first: set again, it would keep its old place.
    newest.delete(key)
    newest.set(key, candidate)
  }
  return newest
}

/** In the order of their ids: batches too are locked one after the other. */
function* batchesOf(candidates: readonly Candidate[]): Generator<NewRow[]> {
  const rows = candidates.map(({ row }) => row).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (let from = 0; from < rows.length; from += maxRowsPerStatement) yield rows.slice(from, from + maxRowsPerStatement)
}

/** In the order told, which decides whose a token is that several name. */
function devicesOf(candidates: readonly Candidate[], outcomes: ReadonlyMap<string, RowOutcome>): DevicesOfUser[] {
  return candidates.flatMap(({ told }) =>
    told.kind === 'user' && told.entity.fcm_tokens && outcomes.get(keyOf(told))?.stored
      ? [{ userId: told.id, tokens: told.entity.fcm_tokens }]
      : [],
  )
}

function newUsersOf(candidates: readonly Candidate[], outcomes: ReadonlyMap<string, RowOutcome>): string[] {
  return candidates.flatMap(({ told }) => (told.kind === 'user' && outcomes.get(keyOf(told))?.isNew ? [told.id] : []))
}

function answerOf(row: NewRow, outcome: RowOutcome | undefined, isNewest: boolean): WrittenEntity {
  if (outcome === undefined) throw new Error('an entity was neither stored nor found')
  const { version: knownVersion, stored, isNew } = outcome
  if (isNewest && stored) return { written: 'stored', knownVersion, isNew }
  return { written: whyNotStored(row, outcome), knownVersion, isNew: false }
}
