import type { Knex } from 'knex'
import type { z } from 'zod'
import { connectDatabase } from '../../src/db/connect.ts'
import { type RunStatement, type Statement, statementsIn } from '../../src/db/statement.ts'
import { type EntityKind, entityKinds } from '../../src/domain/platform/kinds.ts'
import type { Told, Written } from '../../src/mirror/told.ts'
import { writeEntities } from '../../src/mirror/write-entities.ts'
import { createTestDatabase } from '../setup/database.ts'

/** A migrated database of the test's own, and what is told in it. */
export async function startMirror() {
  const own = await createTestDatabase()
  const database = connectDatabase(own.url)
  const { knex, run } = database
  return {
    knex,
    run,
    tell: async (...told: Told[]) => await tell(knex, told),
    /** The row of an entity's table. */
    row: async (table: string, id: string): Promise<unknown> => await knex(`platform.${table}`).where({ id }).first(),
    close: async () => {
      await database.close()
      await own.drop()
    },
  }
}

/** Tells in a transaction of its own. */
export async function tell(knex: Knex, told: readonly Told[]): Promise<Written[]> {
  return await knex.transaction(async tx => await writeEntities(statementsIn(tx), told))
}

/** Runs statements and keeps the names of those that were run. */
export function noting(run: RunStatement): { readonly run: RunStatement; readonly names: string[] } {
  const names: string[] = []
  const noted: RunStatement = async <Row>(statement: Statement, values?: readonly unknown[]) => {
    names.push(statement.name)
    return await run<Row>(statement, values)
  }
  return { run: noted, names }
}

type Given<Kind extends EntityKind> = Partial<z.input<(typeof entityKinds)[Kind]>>

export function user(id: string, version: number, given: Given<'user'> = {}): Told {
  return { kind: 'user', id, entity: entityKinds.user.parse({ version, first_name: 'Camille', ...given }) }
}

export function preferences(id: string, version: number, given: Given<'preferences'> = {}): Told {
  return { kind: 'preferences', id, entity: entityKinds.preferences.parse({ version, ...given }) }
}

export function amenity(id: string, version: number, given: Given<'amenity'> = {}): Told {
  const names = { name_fr: 'Cheminée', name_en: 'Fireplace' }
  return { kind: 'amenity', id, entity: entityKinds.amenity.parse({ version, ...names, ...given }) }
}

export function place(id: string, version: number, given: Given<'place'> = {}): Told {
  const where = { city: 'Arcachon', country: 'FR', zone: 'Europe/Paris' }
  const entity = { version, host_id: 'host', title: 'Cabane dans les pins', ...where, ...given }
  return { kind: 'place', id, entity: entityKinds.place.parse(entity) }
}

export function booking(id: string, version: number, given: Given<'booking'> = {}): Told {
  const stay = { check_in: '2026-12-12', check_out: '2026-12-19', guests: 2, total_minor: 84_050, currency: 'EUR' }
  const entity = { version, place_id: 'place', guest_id: 'guest', status: 'pending', ...stay, ...given }
  return { kind: 'booking', id, entity: entityKinds.booking.parse(entity) }
}

export function payment(id: string, version: number, given: Given<'payment'> = {}): Told {
  const money = { status: 'succeeded', amount_minor: 84_050, currency: 'EUR' }
  return {
    kind: 'payment',
    id,
    entity: entityKinds.payment.parse({ version, booking_id: 'booking', ...money, ...given }),
  }
}
