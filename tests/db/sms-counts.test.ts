import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { type CountedSms, countSms, type SmsCaps, uncountUnsent } from '../../src/db/sms-counts.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { createTestDatabase } from '../setup/database.ts'

const wide: SmsCaps = { perPersonPerDay: 1_000, perDay: 1_000, spendPerDayMinor: 1_000_000 }

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url, { poolMax: 10 })
})
beforeEach(async () => {
  await database.knex.raw('truncate hbnb_jobs.sms_days, hbnb_jobs.sms_sends, hbnb_jobs.effects')
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

const sms = (more: Partial<CountedSms> = {}): CountedSms => ({
  jobId: newJobId(),
  deliveryId: newJobId(),
  numberSha256: 'of-somebody',
  country: 'FR',
  segments: 1,
  priceMinor: '7.98',
  ...more,
})
const count = (one: CountedSms, caps = wide) => database.knex.transaction(tx => countSms(tx, one, caps))
const days = async () => await database.knex('hbnb_jobs.sms_days').select('messages', 'segments', 'spent_minor')

test('an SMS costs its segments by the price of its country, to the hundredth', async () => {
  expect(await count(sms())).toBeNull()
  expect(await count(sms({ segments: 3, priceMinor: '11.2' }))).toBeNull()
  expect(await days()).toEqual([{ messages: 2, segments: 4, spent_minor: '41.58' }])
})

test('it is counted once, however often its job comes back, also beyond the caps', async () => {
  const again = sms()
  for (let run = 0; run < 3; run += 1) expect(await count(again, { ...wide, perDay: 1 })).toBeNull()
  expect(await days()).toEqual([{ messages: 1, segments: 1, spent_minor: '7.98' }])
})

test.each([
  ['person-cap', { perPersonPerDay: 2 }, 2],
  ['day-cap', { perDay: 3 }, 3],
  // Three cost 23.94, a fourth would make 31.92.
  ['spend-cap', { spendPerDayMinor: 31 }, 3],
  ['spend-cap', { spendPerDayMinor: 32 }, 4],
] as const)('%s: %o lets %i pass, also when all are asked for at once', async (reason, cap, passing) => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => count(sms(), { ...wide, ...cap })))
  expect(answers.filter(answer => answer === null)).toHaveLength(passing)
  expect(new Set(answers)).toEqual(new Set([null, reason]))
  expect(await days()).toMatchObject([{ messages: passing }])
  const [day] = await database.knex('hbnb_jobs.sms_days')
  // One person's cap is nobody else's business.
  expect(day?.refused).toBe(reason === 'person-cap' ? 0 : 8 - passing)
})

test('a cap of one person is no cap of another, and yesterday is over', async () => {
  const caps = { ...wide, perPersonPerDay: 1 }
  expect(await count(sms(), caps)).toBeNull()
  expect(await count(sms(), caps)).toBe('person-cap')
  expect(await count(sms({ numberSha256: 'of-another' }), caps)).toBeNull()
  await database.knex('hbnb_jobs.sms_days').update({ day: database.knex.raw(`day - 1`) })
  await database.knex('hbnb_jobs.sms_sends').update({ day: database.knex.raw(`day - 1`) })
  expect(await count(sms(), caps)).toBeNull()
})

test('the first SMS of a day forgets those nobody asks about any more', async () => {
  await count(sms({ jobId: '0198a1b2-0000-7000-8000-000000000001' }))
  await database.knex('hbnb_jobs.sms_sends').update({ day: '2026-01-01' })
  await database.knex('hbnb_jobs.sms_days').update({ day: '2026-01-01' })
  await count(sms())
  await count(sms())
  expect(await database.knex('hbnb_jobs.sms_sends').where({ day: '2026-01-01' })).toEqual([])
  expect(await days()).toHaveLength(2)
})

test.each([
  ['reserved', 0],
  ['rejected', 0],
  ['unknown', 1],
  ['accepted', 1],
])('of a dead job whose effect is %s, %i stays counted, however often it is asked', async (state, left) => {
  const one = sms()
  await count(one)
  await database.knex('hbnb_jobs.effects').insert({
    id: newJobId(),
    job_id: one.jobId,
    key: 'sms',
    provider: 'twilio',
    state,
    ...(state === 'unknown' ? { unknown_at: new Date() } : {}),
    ...(state === 'accepted' ? { provider_id: 'SM1' } : {}),
  })
  for (let run = 0; run < 2; run += 1) await database.knex.transaction(tx => uncountUnsent(tx, one.deliveryId))
  expect(await days()).toEqual([{ messages: left, segments: left, spent_minor: left === 0 ? '0.00' : '7.98' }])
})
