import { expect } from 'vitest'
import { v7 } from 'uuid'
import { describeJob } from '../../support/describe-job.ts'
import { givenEvent } from '../../support/given-event.ts'
import type { World } from '../../support/world.ts'

async function givenUnknownMail({ database }: World): Promise<{ effectId: string; jobId: string }> {
  const [effectId, jobId] = [v7(), v7()]
  await database.knex('hbnb_jobs.effects').insert({
    id: effectId,
    job_id: jobId,
    key: 'mail',
    provider: 'sendgrid',
    state: 'unknown',
    sends: 1,
    unknown_at: new Date(),
  })
  return { effectId, jobId }
}

const effectOf = new Map<string, string>()

describeJob('email.apply-events', {
  'settles a send whose answer was lost': {
    async given(world, id) {
      const { effectId } = await givenUnknownMail(world)
      effectOf.set(id, effectId)
      const event = {
        event: 'delivered',
        sg_event_id: 'e1',
        sg_message_id: 'abc.recvd-1',
        timestamp: 1,
        effect_id: effectId,
      }
      return await givenEvent(world, 'sendgrid', 'email.events', [event, { ...event, event: 'processed' }])
    },
    async after({ database }, outcome, id) {
      const row = await database
        .knex('hbnb_jobs.effects')
        .where({ id: effectOf.get(id) })
        .first('state', 'provider_id', 'evidence')
      expect(row).toEqual({ state: 'accepted', provider_id: 'abc', evidence: 'event' })
      expect(outcome.outcome).toBe('completed')
    },
  },
  'passes over events that are none of ours': {
    given: async world =>
      await givenEvent(world, 'sendgrid', 'email.events', [
        { event: 'delivered', sg_event_id: 'e2', timestamp: 1, effect_id: 'x' },
      ]),
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'completed', result: { events: 1, settled: 0 } })
    },
  },
})
