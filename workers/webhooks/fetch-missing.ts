import type { Knex } from 'knex'
import { isDataFault } from '../../src/db/data-fault.ts'
import { statementsIn } from '../../src/db/statement.ts'
import type { Occurrence } from '../../src/domain/events/occurrence.ts'
import { PermanentError } from '../../src/errors.ts'
import { MirrorIsView } from '../../src/mirror/expect-tables.ts'
import type { Told } from '../../src/mirror/told.ts'
import { writeEntities } from '../../src/mirror/write-entities.ts'
import type { FetchableKind } from '../../src/providers/entity-source.ts'
import type { Context } from '../runtime/process.ts'

/** Up to four questions for one event must fit into the time of its job. */
const askWithinMs = 5_000

/**
 * Asks the platform for what an event names and the mirror does not know: its own entity, the booking of a payment, the
 * place and the guest of a booking. A host is not asked for: nothing waits for one.
 */
export async function fetchMissing({ event, kind, id, snapshot }: Occurrence, context: Context): Promise<void> {
  const { db, upstream } = context
  if (upstream === null) return
  const fetchIfUnknown = async (wanted: FetchableKind, wantedId: string | undefined): Promise<void> => {
    if (wantedId === undefined || (await knownRow(db, wanted, wantedId)) !== undefined) return
    await fetchInto(context, wanted, wantedId)
  }

  // Of a change without its content nothing is known but that what we have is old.
  if (snapshot === null && event.event === 'user.updated') return await fetchInto(context, 'user', id)
  if (snapshot === null) await fetchIfUnknown(kind, id)
  if (kind === 'user') return

  const booking = kind === 'booking' ? id : await bookingOf(db, id, snapshot)
  if (kind === 'payment') await fetchIfUnknown('booking', booking)
  const stay = snapshot?.kind === 'booking' ? snapshot.entity : await knownRow(db, 'booking', booking)
  await fetchIfUnknown('place', stay?.place_id)
  await fetchIfUnknown('user', stay?.guest_id)
}

interface KnownRow {
  readonly place_id?: string
  readonly guest_id?: string
  readonly booking_id?: string
}

const columns = {
  user: ['platform.users', 'id'],
  place: ['platform.places', 'id'],
  booking: ['platform.bookings', 'place_id', 'guest_id'],
  payment: ['platform.payments', 'booking_id'],
} as const satisfies Record<FetchableKind, readonly [string, ...string[]]>

async function knownRow(db: Knex, kind: FetchableKind, id: string | undefined): Promise<KnownRow | undefined> {
  const [table, ...names] = columns[kind]
  return id === undefined
    ? undefined
    : await db(table)
        .where({ id })
        .first<KnownRow | undefined>(...names)
}

async function bookingOf(db: Knex, paymentId: string, told: Occurrence['snapshot']): Promise<string | undefined> {
  return told?.kind === 'payment' ? told.entity.booking_id : (await knownRow(db, 'payment', paymentId))?.booking_id
}

async function fetchInto({ upstream, transaction, signal }: Context, kind: FetchableKind, id: string): Promise<void> {
  const entity = await upstream?.find(kind, id, { signal, timeoutMs: askWithinMs })
  if (!entity) return
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kind and entity come from one call; the union cannot say so.
  const told = { kind, id, entity } as Told
  await transaction(tx => writeEntities(statementsIn(tx), [told])).catch((error: unknown) => {
    // Such as a NUL within a name: it would be no better another time.
    if (isDataFault(error)) throw new PermanentError('upstream-odd-answer', `The database does not take this ${kind}.`)
    // What is read through a view of the platform's own tables is there, or will be.
    if (!(error instanceof MirrorIsView)) throw error
  })
}
