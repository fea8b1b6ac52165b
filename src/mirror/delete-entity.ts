import type { Knex } from 'knex'
import { forgetWhatWasSaid } from '../db/inbox.ts'
import { statementsIn } from '../db/statement.ts'
import type { EntityKind } from '../domain/platform/kinds.ts'
import { replaceDevices } from './devices.ts'
import { expectTables } from './expect-tables.ts'
import { keptAs } from './kept-as.ts'

/** What became of a deletion. `outdated`: a newer version of the entity is known, and stays. */
export type Deleted = 'deleted' | 'already-deleted' | 'outdated'

/** A deletion, and the version that is known after it. */
export interface DeletedEntity {
  readonly deleted: Deleted
  readonly knownVersion: number
}

/**
 * Deletes an entity in a transaction of its own; `version` is the deletion's own, or that of what it deletes. Later
 * messages of that version or an older one change nothing. With a person go preferences, devices and what events said of
 * them; of a place its name stays, for who has a stay there. Throws MirrorIsView.
 */
export async function deleteEntity(knex: Knex, kind: EntityKind, id: string, version: number): Promise<DeletedEntity> {
  return await knex.transaction(async tx => {
    const tables = [keptAs[kind].table, ...(kind === 'user' ? [keptAs.preferences.table] : [])]
    const run = statementsIn(tx)
    await expectTables(run, tables)
    const known = await advance(tx, kind, id, version)
    if (!known.isGone) return { deleted: 'outdated', knownVersion: known.version }
    // Before their person, who would take them along in any order.
    if (kind === 'user') await replaceDevices(run, [{ userId: id, tokens: [] }])
    // A statement of its own: whoever held the version has committed by now, and this one sees what they wrote.
    const { table, emptied } = keptAs[kind]
    const row = tx(table).where({ id })
    const rows = await (emptied ? row.update(emptied) : row.delete())
    if (kind === 'user') await forgetPerson(tx, id)
    return { deleted: rows > 0 && !known.wasGone ? 'deleted' : 'already-deleted', knownVersion: known.version }
  })
}

interface Advanced {
  readonly version: number
  readonly isGone: boolean
  readonly wasGone: boolean
}

async function advance(tx: Knex.Transaction, kind: EntityKind, id: string, version: number): Promise<Advanced> {
  await tx.raw(
    `insert into platform.versions (kind, id, version, digest) values (?, ?, ?, '') on conflict (kind, id) do nothing`,
    [kind, id, version],
  )
  // What is not news is locked all the same, so that the look at it is true until the end.
  const row = await tx('platform.versions')
    .where({ kind, id })
    .forUpdate()
    .first<{ version: string; digest: string | null } | undefined>('version', 'digest')
  if (!row) throw new Error('a version was neither stored nor found')
  const known = Number(row.version)
  const wasGone = row.digest === null
  if (known > version || (known === version && wasGone)) return { version: known, isGone: wasGone, wasGone }
  await tx('platform.versions').where({ kind, id }).update({ version, digest: null, told_at: tx.fn.now() })
  return { version, isGone: true, wasGone }
}

async function forgetPerson(tx: Knex.Transaction, id: string): Promise<void> {
  await tx('platform.versions').where({ kind: 'preferences', id }).update({ digest: null, told_at: tx.fn.now() })
  await tx(keptAs.preferences.table).where({ id }).delete()
  await forgetWhatWasSaid(tx, { entity: `user:${id}` })
}
