import { z } from 'zod'
import { type EffectFilter, PROVIDERS } from './effects.ts'
import type { FaultInput } from './faults.ts'

const texts = z.record(z.string(), z.string())

const effects = z.object({
  effects: z.array(
    z.object({
      provider: z.enum(PROVIDERS),
      id: z.string(),
      recipient: z.string(),
      key: z.string().nullable(),
      at: z.coerce.date(),
      content: z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('mail'),
          from: z.string(),
          subject: z.string(),
          html: z.string(),
          text: z.string(),
          headers: texts,
          customArgs: texts,
          isOwed: z.boolean(),
          template: z.object({ id: z.string(), variables: z.record(z.string(), z.unknown()) }).optional(),
        }),
        z.object({
          kind: z.literal('sms'),
          from: z.string(),
          body: z.string(),
          validSeconds: z.number().nullable(),
        }),
        z.object({
          kind: z.literal('push'),
          title: z.string(),
          body: z.string(),
          data: texts,
          priority: z.enum(['normal', 'high']),
          ttlSeconds: z.number().nullable(),
          channel: z.string().nullable(),
          badge: z.number().nullable(),
        }),
      ]),
    }),
  ),
})

const providerCounts = z.object({
  requests: z.number(),
  sent: z.number(),
  recipients: z.record(z.string(), z.number()),
})
const counts = z.object({ sendgrid: providerCounts, twilio: providerCounts, fcm: providerCounts })
const eventStatus = z.object({
  target: z.string().nullable(),
  paused: z.boolean(),
  waiting: z.number(),
  delivered: z.number(),
  givenUp: z.number(),
})

/** The sandbox's control API, for tests and demos in this or another process. Throws on any answer but a 2xx. */
export function sandboxControl(url: string) {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}/control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const answer = await response.text()
    if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${method} ${path}: ${answer}`)
    return answer === '' ? undefined : JSON.parse(answer)
  }
  return {
    async fault(fault: FaultInput): Promise<void> {
      await ask('POST', '/faults', fault)
    },
    async clearFaults(): Promise<void> {
      await ask('DELETE', '/faults')
    },
    /** Lets the stand-in of the platform know an entity: `users`, `places`, `bookings` or `payments`, and its id. */
    async platformKnows(path: string, id: string, entity: object): Promise<void> {
      await ask('PUT', `/platform/${path}/${encodeURIComponent(id)}`, entity)
    },
    async effects(filter: EffectFilter = {}) {
      const given = Object.entries(filter).filter(([, value]) => value !== undefined)
      return effects.parse(await ask('GET', `/effects?${String(new URLSearchParams(given))}`)).effects
    },
    async counts() {
      return counts.parse(await ask('GET', '/counts'))
    },
    async clearEffects(): Promise<void> {
      await ask('DELETE', '/effects')
    },
    async events() {
      return eventStatus.parse(await ask('GET', '/events'))
    },
    /** Where mail events are posted; null holds them back. */
    async postEventsTo(target: string | null): Promise<void> {
      await ask('PUT', '/events/target', { url: target })
    },
    async pauseEvents(): Promise<void> {
      await ask('POST', '/events/pause')
    },
    async resumeEvents(): Promise<void> {
      await ask('POST', '/events/resume')
    },
    /** Posts the events of one effect, or of all, once more. */
    async repeatEvents(key?: string): Promise<void> {
      await ask('POST', '/events/again', key === undefined ? {} : { key })
    },
  }
}

export type SandboxControl = ReturnType<typeof sandboxControl>
