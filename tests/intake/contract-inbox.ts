import { maxReplayedEvents } from '../../src/db/inbox-replay.ts'
import { givenInboxEvent } from '../support/given-inbox.ts'
import type { TestIntake } from '../support/intake.ts'
import type { Scenario } from './contract-scenarios.ts'

/** Does something while a source that has no others has so many events. */
async function withEvents(intake: TestIntake, count: number, work: (source: string) => Promise<void>): Promise<void> {
  const source = 'stripe'
  const { id } = await givenInboxEvent(intake.database, { source, type: 'of.many', state: 'ignored' })
  await intake.database.knex.raw(
    `insert into hbnb_jobs.webhook_inbox (id, source, event_id, scheme, type, body, body_sha256, handled)
     select hbnb_jobs.uuid_v7(), source, 'many-' || n, scheme, type, body, body_sha256, handled
     from hbnb_jobs.webhook_inbox, generate_series(2, ?) as n where id = ?`,
    [count, id],
  )
  await work(source)
  await intake.database.knex('hbnb_jobs.webhook_inbox').where({ type: 'of.many' }).delete()
}

/** What the operations of the inbox alone can answer. */
export const inboxScenarios: Readonly<Record<string, Scenario>> = {
  async findEvents(_operation, send, intake) {
    await givenInboxEvent(intake.database, { state: 'processed' })
    await send({ method: 'GET', path: '/v1/inbox?limit=1' })
  },
  async showEvent(_operation, send, intake) {
    const { id } = await givenInboxEvent(intake.database, { state: 'processed' })
    await send({ method: 'GET', path: `/v1/inbox/${id}` })
  },
  async replayEvent(_operation, send, intake) {
    const { id } = await givenInboxEvent(intake.database, { state: 'failed' })
    const strange = await givenInboxEvent(intake.database, { state: 'ignored', type: 'booking.moved' })
    for (const one of [id, id, strange.id]) await send({ method: 'POST', path: `/v1/inbox/${one}/replay` })
  },
  async replayEvents(_operation, send, intake) {
    const replay = (query: string) => send({ method: 'POST', path: `/v1/inbox/replay?${query}` })
    await replay('state=ignored&dry_run=true')
    await replay('state=ignored')
    await withEvents(intake, maxReplayedEvents + 1, async source => void (await replay(`source=${source}`)))
  },
}
