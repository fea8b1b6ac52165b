import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { givenDelivery } from '../support/given-delivery.ts'
import { givenEvent } from '../support/given-event.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'

/** What a lost, late or refused answer does to the effect and to its job: counted in the sandbox, not in job states. */
let world: World
beforeAll(async () => {
  world = await startWorld({ PROVIDER_TIMEOUT_MS: '1000' })
})
afterAll(async () => {
  await world.close()
})

async function effectOf(jobId: string, state: string) {
  return await until(`the effect is ${state}`, async () => {
    const row = await world.database.knex('hbnb_jobs.effects').where({ job_id: jobId }).first()
    return row?.state === state ? row : undefined
  })
}

/** What the provider's event webhook would bring. */
async function mailEventArrives(effectId: string): Promise<void> {
  const event = {
    event: 'processed',
    sg_event_id: `event-${effectId}`,
    sg_message_id: 'late.1',
    timestamp: 1,
    effect_id: effectId,
  }
  const payload = await givenEvent(world, 'sendgrid', 'email.events', [event])
  await world.accept(world.contract('email.apply-events'), payload)
}

describe('a mail whose answer is lost', () => {
  it.each(['accept-then-drop', 'slow'] as const)('%s: is parked, settled by the event, and sent once', async kind => {
    const id = `mail-${kind}`
    const recipient = `guest-${id}@example.test`
    const shared = { provider: 'sendgrid', match: recipient } as const
    await world.control.fault(kind === 'slow' ? { ...shared, kind, delayMs: 3_000 } : { ...shared, kind })
    const jobId = await world.accept(world.contract('email.send'), await givenDelivery(world, id, 'email'))

    const effect = await effectOf(jobId, 'unknown')
    await until('the job is parked', async () => {
      const row = await world.database.knex('hbnb_jobs.job_live').where({ id: jobId }).first('state', 'attempts')
      return row?.state === 'parked' && row.attempts === 0
    })
    await mailEventArrives(effect.id)
    expect(await world.ended(jobId)).toMatchObject({ outcome: 'completed', result: { message_id: 'late' } })
    expect(await world.control.effects({ recipient })).toHaveLength(1)
  })
})

describe('an SMS whose answer is lost', () => {
  it('is found in the list of the provider, and sent once', async () => {
    const [id, phone] = ['sms-lost', '+33612345678']
    await world.control.fault({ provider: 'twilio', kind: 'accept-then-drop', match: phone })
    const jobId = await world.accept(world.contract('sms.send'), await givenDelivery(world, id, 'sms', { phone }))
    const outcome = await world.ended(jobId)
    const sent = await world.control.effects({ recipient: phone })
    expect(sent).toHaveLength(1)
    expect(outcome).toMatchObject({ outcome: 'completed', result: { message_id: sent[0]?.id } })
    expect(await world.database.knex('hbnb_jobs.effects').where({ job_id: jobId }).first()).toMatchObject({
      evidence: 'lookup',
      sends: 1,
    })
  })
})

describe('a push whose answer is lost', () => {
  it('is sent again under the same collapse id, so that the device shows one', async () => {
    const id = 'push-lost'
    await world.control.fault({ provider: 'fcm', kind: 'accept-then-drop', match: `token-${id}` })
    const jobId = await world.accept(world.contract('push.send'), await givenDelivery(world, id, 'push'))
    expect(await world.ended(jobId)).toMatchObject({ outcome: 'completed', result: { accepted: 1 } })
    const sent = await world.control.effects({ recipient: `token-${id}` })
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  })
})

describe('a provider that surely did not act', () => {
  it.each([
    ['503', { kind: 'status', status: 503 }, 2],
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfterSeconds: 1 }, 1],
  ] as const)('%s: is asked again and sends once', async (_, fault, attempts) => {
    const id = `mail-${fault.status}`
    const recipient = `guest-${id}@example.test`
    await world.control.fault({ provider: 'sendgrid', match: recipient, ...fault })
    const jobId = await world.accept(world.contract('email.send'), await givenDelivery(world, id, 'email'))
    expect(await world.ended(jobId)).toMatchObject({ outcome: 'completed', attempts })
    expect(await world.control.effects({ recipient })).toHaveLength(1)
  })

  it('refuses for good: the effect is rejected and the job fails with the code of the table', async () => {
    const id = 'mail-400'
    await world.control.fault({ provider: 'sendgrid', kind: 'status', status: 400, match: id })
    const jobId = await world.accept(world.contract('email.send'), await givenDelivery(world, id, 'email'))
    expect(await world.ended(jobId)).toMatchObject({
      outcome: 'failed',
      attempts: 1,
      error: { code: 'sendgrid-mail-refused' },
    })
    await effectOf(jobId, 'rejected')
  })
})

describe('late evidence', () => {
  it('that comes before anybody calls the effect unknown lets the job end without another send', async () => {
    const id = 'mail-early-event'
    const recipient = `guest-${id}@example.test`
    await world.control.fault({ provider: 'sendgrid', kind: 'slow', delayMs: 3_000, match: recipient })
    const jobId = await world.accept(world.contract('email.send'), await givenDelivery(world, id, 'email'))
    const effect = await effectOf(jobId, 'sending')
    await mailEventArrives(effect.id)
    await effectOf(jobId, 'accepted')
    expect(await world.ended(jobId)).toMatchObject({ outcome: 'completed' })
    expect(await world.control.effects({ recipient })).toHaveLength(1)
  })
})
