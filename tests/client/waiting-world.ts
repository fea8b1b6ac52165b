import { createClient } from '../../src/client/client.ts'
import type { ClientOptions } from '../../src/client/transport.ts'
import { startIntake, testKey } from '../support/intake.ts'
import { givenStay, type StayChoices } from '../support/platform-rows.ts'
import { startWorld, type World } from '../support/world.ts'
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'

/** A database, an engine and an intake: a busy machine takes its time. */
export const startWithinMs = 300_000

/** Intake, engine and outside world, with a faulty road to the intake. */
export interface WaitingWorld {
  readonly world: World
  readonly intakeUrl: string
  readonly proxy: FaultyProxy
  readonly client: (options?: Partial<ClientOptions>) => ReturnType<typeof createClient>
  /** A booking and its guest; answers the payload that tells them. */
  readonly stay: (id: string, choices?: StayChoices) => Promise<Stay>
  readonly close: () => Promise<void>
}

interface Stay {
  readonly user_id: string
  readonly template: 'booking-confirmation'
  readonly booking_id: string
}

export async function startWaitingWorld(): Promise<WaitingWorld> {
  const world = await startWorld()
  const intake = await startIntake({ DATABASE_URL: world.config.database.url })
  const proxy = await startFaultyProxy(intake.url)
  return {
    world,
    intakeUrl: intake.url,
    proxy,
    client: options => createClient({ url: proxy.url, key: testKey, ...options }),
    async stay(id, choices = {}) {
      await givenStay(world.database.knex, id, { status: 'confirmed', ...choices })
      return { user_id: `guest-${id}`, template: 'booking-confirmation', booking_id: id }
    },
    async close() {
      await proxy.close()
      await intake.close()
      await world.close()
    },
  }
}
