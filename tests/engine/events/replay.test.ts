import { afterAll, beforeAll, expect, test } from 'vitest'
import { findInboxEntry } from '../../../src/db/inbox-event.ts'
import { replayEvent } from '../../../src/db/inbox-replay.ts'
import { statementsIn } from '../../../src/db/statement.ts'
import { givenInboxEvent } from '../../support/given-inbox.ts'
import { givenStay } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.startWorkers()
})
afterAll(() => world.close())

const entryOf = async (id: string) => await findInboxEntry(world.database.run, id)

async function replay(id: string): Promise<string> {
  const done = await world.database.knex.transaction(tx => replayEvent(statementsIn(tx), id))
  if ('left' in done) throw new Error(done.left)
  return done.jobId
}

async function settled(id: string): Promise<void> {
  await until('nothing is open', async () => (await world.database.knex('hbnb_jobs.job_live')).length === 0)
  expect((await entryOf(id))?.state).not.toBe('waiting')
}

test('an event that was reacted to and is replayed is done once', async () => {
  await givenStay(world.database.knex, 'r1')
  const body = { event: 'booking.confirmed', booking_id: 'r1' }
  const { id, jobId } = await givenInboxEvent(world.database, { state: 'waiting', entity: 'booking:r1', body })
  await settled(id)
  expect(await entryOf(id)).toMatchObject({ state: 'processed' })
  const sent = await world.control.effects()
  expect(sent.length).toBeGreaterThan(0)
  for (let count = 1; count <= 2; count++) {
    const again = await replay(id)
    expect(await world.ended(again)).toMatchObject({ outcome: expect.stringMatching(/^(completed|skipped)$/) })
    await settled(id)
    expect((await entryOf(id))?.replays).toBe(count)
  }
  expect(await world.control.effects()).toEqual(sent)
  const entry = await entryOf(id)
  expect(entry?.jobs.filter(({ parent_id }) => parent_id === null)).toHaveLength(3)
  expect(entry?.jobs.filter(({ parent_id }) => parent_id === jobId).map(({ name }) => name)).toEqual([
    'notifications.send',
  ])
})

test('one that failed because something was missing is done by its replay', async () => {
  const body = { event: 'booking.confirmed', booking_id: 'r2' }
  const { id } = await givenInboxEvent(world.database, {
    state: 'failed',
    entity: 'booking:r2',
    body,
    reason: 'unknown',
  })
  await givenStay(world.database.knex, 'r2')
  await replay(id)
  await settled(id)
  expect(await entryOf(id)).toMatchObject({ state: 'processed', reason: null, replays: 1 })
  expect(await world.control.effects({ recipient: 'guest-r2@example.test' })).toHaveLength(1)
})
