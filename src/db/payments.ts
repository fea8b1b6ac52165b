import type { Knex } from 'knex'

/** Where a payment stands. Money is in minor units. */
export interface Payment {
  readonly id: string
  readonly booking_id: string
  readonly status: string
  readonly amount_minor: number
  /** All refunds together; 0 also when the platform has not said how much was refunded. */
  readonly refunded_minor: number
  readonly currency: string
}

type Row = Omit<Payment, 'amount_minor' | 'refunded_minor'> & { amount_minor: string; refunded_minor: string }

/** Undefined while the platform has not told us of the payment. */
export async function findPayment(db: Knex, id: string): Promise<Payment | undefined> {
  const row = await db('platform.payments')
    .where({ id })
    .first<Row | undefined>('id', 'booking_id', 'status', 'amount_minor', 'refunded_minor', 'currency')
  return row && { ...row, amount_minor: Number(row.amount_minor), refunded_minor: Number(row.refunded_minor) }
}
