import type { Knex } from 'knex'

/** The kinds that have a status, and where it is kept. */
const tables = { booking: 'platform.bookings', payment: 'platform.payments' } as const

/** Whose status events change. */
export type StatusKind = keyof typeof tables

/** Undefined when the mirror does not know the entity. */
export async function statusOf(tx: Knex, kind: StatusKind, id: string): Promise<string | undefined> {
  const row = await tx(tables[kind]).where({ id }).first<{ status: string } | undefined>('status')
  return row?.status
}

/** What an event says without a snapshot. */
export interface Move {
  readonly status: string
  /** The states it may come from; in any other it stays. */
  readonly from: readonly string[]
  /** When it happened; null when that was not said. */
  readonly occurredAt: string | null
}

const instants: Readonly<Record<string, string>> = {
  pending: 'created_at',
  confirmed: 'confirmed_at',
  completed: 'completed_at',
  cancelled: 'cancelled_at',
}

/**
 * Moves an entity on, never back. The instant of a booking's step is kept the first time it is told. A payment of which
 * only a part is known to have come back is not `refunded` by that. Safe to run twice.
 */
export async function moveOn(
  tx: Knex,
  kind: StatusKind,
  id: string,
  { status, from, occurredAt }: Move,
): Promise<void> {
  const instant = kind === 'booking' && occurredAt !== null ? instants[status] : undefined
  if (instant !== undefined)
    await tx(tables[kind])
      .where({ id })
      .whereNull(instant)
      .update({ [instant]: occurredAt })
  const moving = tx(tables[kind])
    .where({ id })
    .whereIn('status', [...from])
  if (kind === 'payment' && status === 'refunded') moving.whereRaw('refunded_minor in (0, amount_minor)')
  await moving.update({ status })
}

/** Whether the platform has deleted it: nothing about it will be told any more. */
export async function isDeleted(tx: Knex, kind: string, id: string): Promise<boolean> {
  return (await tx('platform.versions').where({ kind, id }).whereNull('digest').first('id')) !== undefined
}
