import { setTimeout as delay } from 'node:timers/promises'
import type { FaultInput } from '../../src/sandbox/faults.ts'
import type { Booking } from './bookings.ts'
import type { Random } from './random.ts'
import type { System } from './system.ts'

const slowestMs = 700
const fullPauseMs = 100
const fullTries = 3_000

/** The recipients of a booking, by provider. */
export const recipientsOf = ({ email, phone, device }: Booking) =>
  [
    { provider: 'sendgrid', match: email },
    { provider: 'twilio', match: phone },
    { provider: 'fcm', match: device },
  ] as const

/** Makes a share of all answers slow (within the timeout), so that sends are in flight when something breaks. */
export function sometimesSlow(system: System, random: Random, share = 0.5): (booking: Booking) => Promise<void> {
  return async booking => {
    for (const { provider, match } of recipientsOf(booking)) {
      if (!random.chance(share)) continue
      const fault: FaultInput = { provider, match, kind: 'slow', delayMs: random.int(50, slowestMs) }
      // The sandbox is full when a slow machine has much waiting: then sends are in flight anyway.
      await system.sandbox.fault(fault).catch(() => {})
    }
  }
}

/** Places a fault; waits while the sandbox holds as many as it can. */
export async function placeFault({ sandbox }: System, fault: FaultInput): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await sandbox.fault(fault)
      return
    } catch (error) {
      if (tries >= fullTries) throw error
      await delay(fullPauseMs)
    }
  }
}
