import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { givenDelivery } from '../support/given-delivery.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'

/** How long evidence may take to come; docs/reliability.md promises it. */
const promisedSeconds = 600

/** A mail of which no event ever comes: what its policy makes of it, counted in the sandbox. */
let world: World
beforeAll(async () => {
  world = await startWorld({ PROVIDER_TIMEOUT_MS: '1000' })
})
afterAll(async () => {
  await world.close()
})

type Fault = 'accept-then-drop' | 'reset'

/** Sends a mail whose answer is lost, so many times, and waits until it is in doubt. */
async function givenDoubt(id: string, category: 'booking' | 'review', kind: Fault, times: number) {
  const recipient = `guest-${id}@example.test`
  await world.control.fault({ provider: 'sendgrid', kind, match: recipient, times })
  const payload = await givenDelivery(world, id, 'email')
  await world.database
    .knex('hbnb_jobs.notifications')
    .where({ entity: `booking:${id}` })
    .update({ category })
  const jobId = await world.accept(world.contract('email.send'), payload)
  await parkedAgain(jobId, 1)
  return { jobId, recipient }
}

/** Waits until the job is parked with a mail in doubt, for the first or second time. */
async function parkedAgain(jobId: string, sends: number): Promise<void> {
  await until(`the job is parked after ${sends} sends`, async () => {
    const { knex } = world.database
    const live = await knex('hbnb_jobs.job_live').where({ id: jobId }).first('state', 'run_at')
    const effect = await knex('hbnb_jobs.effects').where({ job_id: jobId }).first('state', 'sends')
    const isAhead = live?.run_at > new Date()
    return live?.state === 'parked' && isAhead && effect?.state === 'unknown' && effect.sends === sends
  })
}

/** As if the mail had been in doubt for so long, and the job looked again. */
async function afterSeconds(jobId: string, seconds: number): Promise<void> {
  const { knex } = world.database
  await knex.raw(`update hbnb_jobs.effects set unknown_at = now() - ? * interval '1 s' where job_id = ?`, [
    seconds,
    jobId,
  ])
  await knex.raw(`update hbnb_jobs.job_live set run_at = now() where id = ? and state = 'parked'`, [jobId])
}

const sent = async (recipient: string) => (await world.control.effects({ recipient })).length

describe('a mail in doubt', () => {
  it('that SendGrid never took is sent once more, not before its time', async () => {
    const { jobId, recipient } = await givenDoubt('never-taken', 'booking', 'reset', 1)
    await afterSeconds(jobId, promisedSeconds - 10)
    await parkedAgain(jobId, 1)
    expect(await sent(recipient)).toBe(0)
    await afterSeconds(jobId, promisedSeconds + 1)
    expect(await world.ended(jobId)).toMatchObject({ outcome: 'completed' })
    expect(await sent(recipient)).toBe(1)
  })

  it('that is in doubt again closes as unknown, after two sends by policy and no more', async () => {
    const { jobId, recipient } = await givenDoubt('twice', 'booking', 'accept-then-drop', 2)
    await afterSeconds(jobId, promisedSeconds + 1)
    await parkedAgain(jobId, 2)
    await afterSeconds(jobId, promisedSeconds + 1)
    expect(await world.ended(jobId)).toMatchObject({ outcome: 'failed', error: { code: 'effect-unknown' } })
    expect(await sent(recipient)).toBe(2)
  })

  it('that nobody is owed closes as unknown without another send', async () => {
    const { jobId, recipient } = await givenDoubt('not-owed', 'review', 'accept-then-drop', 1)
    await afterSeconds(jobId, promisedSeconds + 1)
    expect(await world.ended(jobId)).toMatchObject({ outcome: 'failed', error: { code: 'effect-unknown' } })
    expect(await sent(recipient)).toBe(1)
    expect(await world.database.knex('hbnb_jobs.effects').where({ job_id: jobId }).first()).toMatchObject({
      state: 'unknown',
      evidence: 'policy',
      sends: 1,
    })
  })
})
