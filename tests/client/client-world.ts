import { createClient } from '../../src/client/client.ts'
import type { ClientOptions } from '../../src/client/transport.ts'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'

/** A real intake with a faulty road to it. */
export interface ClientWorld {
  readonly intake: TestIntake
  readonly proxy: FaultyProxy
  /** A client that comes by that road, with short times. */
  readonly client: (options?: Partial<ClientOptions>) => ReturnType<typeof createClient>
  readonly close: () => Promise<void>
}

export async function startClientWorld(env: Record<string, string> = {}): Promise<ClientWorld> {
  const intake = await startIntake(env)
  const proxy = await startFaultyProxy(intake.url)
  return {
    intake,
    proxy,
    client: options => createClient({ url: proxy.url, key: testKey, deadlineMs: 20_000, ...options }),
    async close() {
      await proxy.close()
      await intake.close()
    },
  }
}

export const payload = { user_id: 'u-7', template: 'booking-confirmation', booking_id: '42' } as const
