import { afterAll, beforeAll, expect, it } from 'vitest'
import { findArrivals } from '../../../src/db/arrivals.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenStay } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

const dayMs = 86_400_000
const dayAfter = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)
/** Half past noon in UTC, whatever the time is. */
const noon = `${dayAfter(0)}T12:30:00Z`
const tomorrow = dayAfter(1)

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

interface Choices {
  readonly zone?: string
  readonly status?: string
  readonly checkIn?: string
}

async function given(id: string, choices: Choices = {}, { database } = world) {
  const { zone = 'Etc/UTC', status = 'confirmed', checkIn = tomorrow } = choices
  const { knex } = database
  await givenStay(knex, id, { status, devices: [], phone: null })
  await knex('platform.places')
    .where({ id: `place-${id}` })
    .update({ zone })
  await move(id, checkIn, database)
}

async function move(id: string, checkIn: string, { knex } = world.database) {
  const stay = { check_in: checkIn, check_out: new Date(Date.parse(checkIn) + dayMs).toISOString().slice(0, 10) }
  await knex('platform.bookings').where({ id }).update(stay)
}

async function sweep(at = noon): Promise<unknown> {
  const id = await world.accept(world.contract('notifications.send-reminders'), { at })
  const { result } = await world.ended(id)
  await until('all reminders are sent', async () => {
    return (await world.database.knex('hbnb_jobs.job_live').first('id')) === undefined
  })
  return result
}

const mailsTo = async (id: string) => await world.control.effects({ recipient: `guest-${id}@example.test` })

it('reminds a guest once, however often it looks', async () => {
  await given('once')
  expect(await sweep()).toEqual({ made: 1 })
  expect(await sweep()).toEqual({ made: 0 })
  expect(await sweep(`${dayAfter(0)}T23:45:00Z`)).toEqual({ made: 0 })
  const [mail, ...others] = await mailsTo('once')
  expect(others).toEqual([])
  expect(mail?.content).toMatchObject({ subject: expect.stringContaining('Votre séjour approche') })
  const [job] = await world.database
    .knex('hbnb_jobs.jobs')
    .where({ entity: 'booking:once', name: 'notifications.send' })
  const checkIn = new Date(`${tomorrow}T15:00:00Z`)
  expect(job).toMatchObject({ tags: ['reminder'], expires_at: checkIn })
  const sent = world.database.knex('hbnb_jobs.jobs').where({ parent_id: job?.id })
  expect(await sent.select('name', 'expires_at')).toEqual([{ name: 'email.send', expires_at: checkIn }])
})

it('reminds of a stay that was moved once more', async () => {
  await given('moved')
  expect(await sweep()).toEqual({ made: 1 })
  await move('moved', dayAfter(2))
  expect(await sweep()).toEqual({ made: 0 })
  expect(await sweep(`${tomorrow}T12:30:00Z`)).toEqual({ made: 1 })
  expect(await mailsTo('moved')).toHaveLength(2)
})

it('reminds nobody too early, too late, or of a stay that will not be', async () => {
  await given('morning', { zone: 'Etc/GMT+3' })
  await given('arrived', { zone: 'Etc/GMT-12' })
  await given('pending', { status: 'pending' })
  await given('cancelled', { status: 'cancelled' })
  await given('later', { checkIn: dayAfter(2) })
  await given('nowhere', { zone: 'Mars/Olympus_Mons' })
  expect(await sweep()).toEqual({ made: 0 })
  expect(await sweep(`${dayAfter(0)}T13:00:00Z`)).toEqual({ made: 1 })
  expect(await mailsTo('morning')).toHaveLength(1)
})

it('finds every arrival, page by page', async () => {
  for (const id of ['p3', 'p1', 'p2']) await given(id, { checkIn: '2101-01-01' })
  await given('p0', { checkIn: '2101-01-02' })
  const days = { from: '2101-01-01', to: '2101-01-02' }
  const { knex } = world.database
  const first = await findArrivals(knex, days, 3, undefined)
  expect(first.map(({ id }) => id)).toEqual(['p1', 'p2', 'p3'])
  const second = await findArrivals(knex, days, 3, first.at(-1))
  expect(second).toEqual([
    { id: 'p0', guest_id: 'guest-p0', check_in: '2101-01-02', check_in_time: '15:00', zone: 'Etc/UTC' },
  ])
})

describeJob('notifications.send-reminders', {
  'reminds a guest': {
    async given(own, id) {
      await given(id, {}, own)
      return { at: noon }
    },
    async after(own, { outcome }, id) {
      expect(outcome).toBe('completed')
      expect(await own.control.effects({ recipient: `guest-${id}@example.test` })).toHaveLength(1)
    },
  },
})
