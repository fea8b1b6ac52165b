import sendNotification from '../../../queues/notifications/send.ts'
import { newJobId } from '../../../src/ledger/job-id.ts'
import { pauseQueue, resumeQueue } from '../../../src/ledger/settings.ts'
import { deliverEvent, type EventBody } from '../../support/deliver-event.ts'
import type { Outcome } from '../../support/engine.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

/** A world in which events are reacted to, and messages are held back until they are let go. */
export interface EventWorld extends World {
  holdMessages(): Promise<void>
  letMessagesGo(): Promise<void>
  /** Delivers an event that is new and waits for the end of its job. */
  react(body: EventBody, eventId?: string): Promise<Outcome & { readonly inboxId: string; readonly jobId: string }>
  /** Who was to be told what about an entity: `template → person`, sorted. */
  asked(entity: string): Promise<string[]>
  handled(inboxId: string): Promise<{ readonly handled: string | null; readonly reason: string | null } | undefined>
  /** A row of the mirror. */
  kept(table: string, id: string): Promise<Record<string, unknown> | undefined>
}

export async function startEventWorld(env: Record<string, string> = {}): Promise<EventWorld> {
  const world = await startWorld(env)
  const { knex, run } = world.database
  const events: EventWorld = {
    ...world,
    async holdMessages() {
      await pauseQueue(run, sendNotification.name, 'test', 'what is sent may depend on how all ends')
      await until('messages are held back', async () => await world.backend.queue(sendNotification.name).isPaused())
    },
    async letMessagesGo() {
      await resumeQueue(run, sendNotification.name)
    },
    async react(body, eventId) {
      const delivered = await deliverEvent(world, body, eventId === undefined ? {} : { eventId })
      if (!delivered) throw new Error('it was there already')
      return { ...(await world.ended(delivered.jobId)), ...delivered }
    },
    async asked(entity) {
      const rows = await knex('hbnb_jobs.jobs').where({ entity, name: sendNotification.name }).select('payload')
      return rows.map(({ payload }) => `${payload.template} → ${payload.user_id}`).toSorted()
    },
    handled: async id =>
      await knex('hbnb_jobs.webhook_inbox').where({ id }).first('handled', 'handled_reason as reason'),
    kept: async (table, id) => await knex(`platform.${table}`).where({ id }).first(),
  }
  await events.holdMessages()
  return events
}

/** An id nobody else uses. */
export const freshId = (): string => newJobId().slice(-12)

/** A booking as the platform tells it, with the rows of `givenStay(id)`. */
export const bookingOf = (id: string, status = 'pending', version = 2) => ({
  version,
  place_id: `place-${id}`,
  guest_id: `guest-${id}`,
  status,
  check_in: '2026-12-12',
  check_out: '2026-12-19',
  guests: 2,
  total_minor: 84_050,
  currency: 'EUR',
})
