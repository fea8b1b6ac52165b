import type { Knex } from 'knex'
import type { EntityKind } from '../domain/platform/kinds.ts'
import { keptAs } from './kept-as.ts'

/** An entity as it is kept: what the platform told us, and when. Personal data: never into a log or an error. */
export type FoundEntity = Readonly<Record<string, unknown>>

const secondsOfTime = /^(\d\d:\d\d):\d\d(?:\.\d+)?$/

/** Undefined when the platform has not told us of it, or has deleted it. Devices of a person are not among it. */
export async function findEntity(knex: Knex, kind: EntityKind, id: string): Promise<FoundEntity | undefined> {
  const { table, columns, fromRow = row => row } = keptAs[kind]
  const found = await knex(`${table} as kept`)
    .where({ id })
    // Of some that were deleted a part is kept.
    .whereNotExists(knex('platform.versions').where({ kind, id }).whereNull('digest'))
    .first<{ row: FoundEntity } | undefined>(knex.raw('to_jsonb(kept) as row'))
  if (!found) return undefined
  const { row } = found
  const values = Object.entries(columns).map(([name, type]) => [name, shown(type, row[name])] as const)
  const members = fromRow(Object.fromEntries(values))
  return { id, version: row['version'], ...members, synced_at: shown('timestamptz', row['synced_at']) }
}

function shown(type: string, value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null
  if (type === 'timestamptz') return new Date(value).toISOString()
  return type === 'time' ? value.replace(secondsOfTime, '$1') : value
}
