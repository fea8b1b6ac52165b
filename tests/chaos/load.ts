import { setTimeout as delay } from 'node:timers/promises'
import { type Booking, bookingOf, writeBookings } from './bookings.ts'
import { type Client, clientOf } from './client.ts'
import type { Random } from './random.ts'
import type { System } from './system.ts'

const bookingsPerWrite = 100
const maxInFlight = 300
const lookEveryMs = 20
const tricklePauseMs = 10_000

/** A steady stream of bookings being confirmed. */
export interface Load {
  /** Every booking that was asked for. */
  readonly asked: Booking[]
  /** The ids the intake answered: what must not be lost. */
  readonly acceptedIds: string[]
  /** Runs before a booking is asked for, for example to make its providers fail. */
  before: (booking: Booking) => Promise<void>
  readonly client: Client
  /**
   * Asks `perSecond` times a second until `jobs` were asked, then a tenth as often until `enough` holds: there is always
   * work, also while a slow machine takes long to break things. Resolves when all are answered.
   */
  run(jobs: number, perSecond: number, enough: () => boolean): Promise<void>
}

export function loadOn(system: System, random: Random): Load {
  const client = clientOf(system, random.stream('client'))
  const ways = random.stream('ways')
  const asked: Booking[] = []
  const acceptedIds: string[] = []
  let written: Booking[] = []

  async function nextBooking(): Promise<Booking> {
    if (written.length === 0) {
      const fresh = Array.from({ length: bookingsPerWrite }, (_, index) => bookingOf(asked.length + index))
      await untilWritten(() => writeBookings(system.database.knex, fresh))
      written = fresh
    }
    const booking = written.shift()
    if (booking === undefined) throw new Error('no booking was written')
    asked.push(booking)
    return booking
  }

  const load: Load = {
    asked,
    acceptedIds,
    client,
    before: async () => {},
    async run(jobs, perSecond, enough) {
      const inFlight = new Set<Promise<void>>()
      const failures: Error[] = []
      let dueMs = performance.now()
      for (let count = 0; count < jobs || !enough(); count += 1) {
        const isOver = () => count >= jobs && enough()
        while ((performance.now() < dueMs || inFlight.size >= maxInFlight) && !isOver()) await delay(lookEveryMs)
        if (isOver()) break
        dueMs += (count < jobs ? 1_000 : tricklePauseMs) / perSecond
        const booking = await nextBooking()
        const way = ways.pick(['webhook', 'api'] as const)
        const one = load
          .before(booking)
          .then(() => client.ask(booking, way))
          .then(
            id => void acceptedIds.push(id),
            (error: unknown) => void failures.push(error instanceof Error ? error : new Error(String(error))),
          )
          .finally(() => inFlight.delete(one))
        inFlight.add(one)
      }
      await Promise.all(inFlight)
      const [failure] = failures
      if (failure !== undefined) throw failure
    },
  }
  return load
}

const writePauseMs = 200
const writeTries = 300

/** The platform's rows are written by ourselves, also while the scenario has Postgres away. */
async function untilWritten(write: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await write()
      return
    } catch (error) {
      // A commit whose answer was lost is there: the same rows are refused the second time.
      if (error instanceof Error && 'code' in error && error.code === '23505') return
      if (tries >= writeTries) throw error
      await delay(writePauseMs)
    }
  }
}
