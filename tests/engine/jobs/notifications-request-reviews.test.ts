import { expect } from 'vitest'
import { deliverEvent } from '../../support/deliver-event.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenStay } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import type { World } from '../../support/world.ts'

const dayMs = 86_400_000

let day = 0
/** Each case has days of its own, as a look sees the stays of all. */
function freshDay(): string {
  day += 10
  return new Date(Date.now() - day * dayMs).toISOString().slice(0, 10)
}

interface Choices {
  readonly zone?: string
  readonly status?: string
}

/** A stay that was over at noon of the day before. */
async function given(
  { database: { knex } }: World,
  id: string,
  { zone = 'Etc/UTC', status = 'confirmed' }: Choices = {},
) {
  await givenStay(knex, id, { status, devices: [], phone: null })
  await knex('platform.places').where('id', `place-${id}`).update({ zone })
  const check_out = freshDay()
  const check_in = new Date(Date.parse(check_out) - 2 * dayMs).toISOString().slice(0, 10)
  await knex('platform.bookings').where({ id }).update({ check_in, check_out })
  return { at: new Date(Date.parse(`${check_out}T12:30:00Z`) + dayMs).toISOString() }
}

async function askedOf({ database: { knex } }: World, id: string): Promise<number> {
  const rows = await knex('hbnb_jobs.jobs')
    .where({ entity: `booking:${id}`, name: 'notifications.send' })
    .select('payload')
  return rows.filter(({ payload }) => payload.template === 'stay-completed').length
}

describeJob('notifications.request-reviews', {
  'asks a guest who left the day before': {
    given,
    async after(world, { outcome }, id) {
      expect(outcome).toBe('completed')
      expect(await askedOf(world, id)).toBe(1)
    },
  },
  'asks also of a stay that was completed without an event': {
    given: async (world, id) => await given(world, id, { status: 'completed' }),
    after: async (world, _, id) => expect(await askedOf(world, id)).toBe(1),
  },
  'asks nobody whose stay was cancelled': {
    given: async (world, id) => await given(world, id, { status: 'cancelled' }),
    async after(world, { result }, id) {
      expect(result).toEqual({ asked: 0 })
      expect(await askedOf(world, id)).toBe(0)
    },
  },
  'asks nobody whose stay was never confirmed': {
    given: async (world, id) => await given(world, id, { status: 'pending' }),
    after: async (world, _, id) => expect(await askedOf(world, id)).toBe(0),
  },
  'asks nobody before ten where the place is': {
    given: async (world, id) => await given(world, id, { zone: 'Etc/GMT+3' }),
    after: async (world, _, id) => expect(await askedOf(world, id)).toBe(0),
  },
  'asks nobody where the time is not known': {
    given: async (world, id) => await given(world, id, { zone: 'Mars/Olympus_Mons' }),
    after: async (world, _, id) => expect(await askedOf(world, id)).toBe(0),
  },
  'does not ask again whom the event has asked': {
    async given(world, id) {
      const payload = await given(world, id)
      const told = await deliverEvent(world, { event: 'booking.completed', booking_id: id })
      await world.ended(told?.jobId ?? '')
      await until(
        'the guest is asked',
        async () => (await world.database.knex('hbnb_jobs.job_live').first('id')) === undefined,
      )
      return payload
    },
    async after(world, { result }, id) {
      expect(result).toEqual({ asked: 0 })
      expect(await askedOf(world, id)).toBe(1)
    },
  },
  'leaves the event nothing to ask when it comes late': {
    given,
    async after(world, _, id) {
      const told = await deliverEvent(world, { event: 'booking.completed', booking_id: id })
      if (told) await world.ended(told.jobId)
      expect(await askedOf(world, id)).toBe(1)
    },
  },
})
