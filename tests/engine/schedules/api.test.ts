import { describe, expect, it } from 'vitest'
import { putSchedule, removeSchedule } from '../../../src/ledger/schedules/put-schedule.ts'
import { ScheduleRefused } from '../../../src/ledger/schedules/schedule-refused.ts'
import { listSchedules, maxPreviewedSlots, previewSchedule } from '../../../src/ledger/schedules/show-schedules.ts'
import { catalogOf, openScheduleWorld, slotContract } from './schedule-world.ts'

const at = (time: string) => `2026-06-01T${time}Z`
const clock = (time: string) => ({ now: new Date(at(time)) })
const closed = slotContract('tests.closed', { cron: '0 5 * * *', zone: 'Europe/Paris' }, { open: false })
const catalog = catalogOf(slotContract('tests.work', 'none'), closed)
const nightly = {
  job: 'tests.work',
  cron: '0 3 * * *',
  zone: 'Europe/Paris',
  missed: 'once',
  overlap: 'skip',
  payload: { at: '{{slot}}', note: 'for {{slot.date}}' },
}

async function refusal(promise: Promise<unknown>): Promise<{ code: string; fields: string[] }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ScheduleRefused)) throw new Error('was not refused', { cause: error })
  return { code: error.code, fields: error.issues.map(({ path }) => path.join('.')) }
}

describe('a schedule of the API', () => {
  it('runs with its template filled for the slot', async () => {
    await using world = await openScheduleWorld()
    const put = { key: 'nightly', definition: nightly, ...clock('00:30:00') }
    expect(await putSchedule(world.knex, catalog, put)).toEqual({ isNew: true })
    await world.tick(catalog, at('01:00:05'))
    const [job] = await world.knex('hbnb_jobs.jobs').select('name', 'payload', 'entity')
    expect(job).toEqual({
      name: 'tests.work',
      payload: { at: '2026-06-01T01:00:00.000Z', note: 'for 2026-06-01' },
      entity: 'schedule:nightly',
    })
  })

  it('put again unchanged goes on; with another cron it counts from now', async () => {
    await using world = await openScheduleWorld()
    const hourly = { ...nightly, cron: '0 * * * *', missed: { all: 50 }, overlap: 'queue' }
    const put = (definition: unknown, time: string) =>
      putSchedule(world.knex, catalog, { key: 'k', definition, ...clock(time) })
    await put(hourly, '00:30:00')
    await world.tick(catalog, at('01:00:05'))
    expect(await put(hourly, '03:30:00')).toEqual({ isNew: false })
    await world.tick(catalog, at('03:30:05'))
    expect(await put({ ...hourly, cron: '*/10 * * * *' }, '04:55:00')).toEqual({ isNew: false })
    await world.tick(catalog, at('05:00:00'))
    expect(await world.decisions('k')).toEqual(['01', '02', '03', '04', '05'].map(hour => `${hour}:00:00 run`))
  })

  it('removed is due no more; made again it begins anew', async () => {
    await using world = await openScheduleWorld()
    const put = (time: string) => putSchedule(world.knex, catalog, { key: 'k', definition: nightly, ...clock(time) })
    await put('00:30:00')
    expect(await removeSchedule(world.knex, 'k')).toBe(true)
    expect(await removeSchedule(world.knex, 'k')).toBe(false)
    await world.tick(catalog, at('01:00:05'))
    expect(await world.runs('k')).toEqual([])
    expect(await put('02:00:00')).toEqual({ isNew: true })
    await world.tick(catalog, at('02:30:00'))
    expect(await world.runs('k')).toEqual([])
  })

  it.each<[string, string, string[], Record<string, unknown>]>([
    ['a cron nobody can read', 'invalid-definition', ['cron'], { cron: '0 0 30 2 *' }],
    ['a zone that is none', 'invalid-definition', ['zone'], { zone: 'CEST+1' }],
    ['policies that contradict', 'invalid-definition', ['overlap'], { missed: { all: 2 } }],
    ['a payload the job refuses', 'invalid-definition', ['payload.at'], { payload: { at: 'noon' } }],
    ['a payload with more', 'invalid-definition', ['payload'], { payload: { at: '{{slot}}', more: 1 } }],
    ['an unknown job', 'unknown-job', [], { job: 'tests.nothing' }],
    ['a closed job', 'closed-job', [], { job: 'tests.closed' }],
  ])('is refused with %s', async (_, code, fields, changes) => {
    await using world = await openScheduleWorld()
    const put = putSchedule(world.knex, catalog, { key: 'k', definition: { ...nightly, ...changes } })
    expect(await refusal(put)).toEqual({ code, fields })
    expect(await listSchedules(world.run)).toEqual([])
  })

  it("never takes another tenant's key or a job type's", async () => {
    await using world = await openScheduleWorld()
    await world.release(catalog, at('00:30:00'))
    await putSchedule(world.knex, catalog, { key: 'k', definition: nightly, tenant: 'a' })
    const put = (key: string, tenant: string) => putSchedule(world.knex, catalog, { key, definition: nightly, tenant })
    expect(await refusal(put('k', 'b'))).toMatchObject({ code: 'key-taken' })
    expect(await refusal(put('tests.closed', 'a'))).toMatchObject({ code: 'key-of-contract' })
    expect(await refusal(put('tests.work', 'a'))).toMatchObject({ code: 'key-of-contract' })
    expect(await refusal(put('Not A Key', 'a'))).toMatchObject({ code: 'invalid-definition' })
    expect(await refusal(removeSchedule(world.knex, 'tests.closed'))).toMatchObject({ code: 'key-of-contract' })
    expect((await listSchedules(world.run, { tenant: 'a' })).map(({ key }) => key)).toEqual(['k'])
  })

  it('is not the contracts’: a release leaves it alone', async () => {
    await using world = await openScheduleWorld()
    await putSchedule(world.knex, catalog, { key: 'k', definition: nightly })
    await world.release(catalog, at('00:30:00'))
    await world.release(catalogOf(), at('00:40:00'))
    expect((await listSchedules(world.run)).map(({ key }) => key)).toEqual(['k'])
  })

  it('too many of one tenant are refused', async () => {
    await using world = await openScheduleWorld()
    await world.knex.raw(
      `insert into hbnb_jobs.schedules (key, job_name, source, cron, zone, missed, overlap, tenant)
       select 'k' || n, 'tests.work', 'api', '0 3 * * *', 'UTC', 'skip', 'skip', 'a' from generate_series(1, 1000) n`,
    )
    const put = (key: string, tenant: string) => putSchedule(world.knex, catalog, { key, definition: nightly, tenant })
    expect(await refusal(put('one-more', 'a'))).toMatchObject({ code: 'too-many' })
    expect(await put('k1', 'a')).toEqual({ isNew: false })
    expect(await put('one-more', 'b')).toEqual({ isNew: true })
  })
})

describe('a preview', () => {
  const eve = { now: new Date('2026-03-27T12:00:00Z') }
  const expected = [
    { slot: '2026-03-28T01:30:00.000Z', local: '2026-03-28T02:30:00+01:00' },
    { slot: '2026-03-29T01:00:00.000Z', local: '2026-03-29T03:00:00+02:00' },
    { slot: '2026-03-30T00:30:00.000Z', local: '2026-03-30T02:30:00+02:00' },
  ]

  it('shows slots across a change of the clocks, with what each would carry', async () => {
    await using world = await openScheduleWorld()
    const definition = { ...nightly, cron: '30 2 * * *' }
    const slots = await previewSchedule(world.run, catalog, { definition }, 3, eve)
    const notes = ['2026-03-28', '2026-03-29', '2026-03-30']
    expect(slots).toEqual(
      expected.map((one, index) => ({ ...one, payload: { at: one.slot, note: `for ${notes[index]}` } })),
    )
    await putSchedule(world.knex, catalog, { key: 'k', definition })
    expect(await previewSchedule(world.run, catalog, { key: 'k' }, 3, eve)).toEqual(slots)
    expect(await world.runs('k')).toEqual([])
  })

  it('of a contract uses its own payload', async () => {
    await using world = await openScheduleWorld()
    await world.release(catalog, at('00:30:00'))
    expect(await previewSchedule(world.run, catalog, { key: 'tests.closed' }, 1, eve)).toEqual([
      {
        slot: '2026-03-28T04:00:00.000Z',
        local: '2026-03-28T05:00:00+01:00',
        payload: { at: '2026-03-28T04:00:00.000Z' },
      },
    ])
  })

  it('is bounded, begins now, refuses what a put refuses and knows no unknown key', async () => {
    await using world = await openScheduleWorld()
    const definition = { ...nightly, cron: '* * * * * *' }
    const slots = await previewSchedule(world.run, catalog, { definition }, 5_000)
    expect(slots).toHaveLength(maxPreviewedSlots)
    expect(Math.abs(Date.parse(slots?.[0]?.slot ?? '') - Date.now())).toBeLessThan(60_000)
    expect(await previewSchedule(world.run, catalog, { key: 'nobody' }, 3)).toBeUndefined()
    const bad = previewSchedule(world.run, catalog, { definition: { ...nightly, cron: 'x' } }, 3)
    expect(await refusal(bad)).toMatchObject({ code: 'invalid-definition' })
  })
})

it('the list shows what is due next and what became of the last slot', async () => {
  await using world = await openScheduleWorld()
  await world.release(catalog, at('00:30:00'))
  await world.tick(catalog, at('03:00:05'))
  const [shown] = await listSchedules(world.run)
  const [run] = await world.runs('tests.closed')
  expect(shown).toMatchObject({
    key: 'tests.closed',
    job: 'tests.closed',
    source: 'contract',
    cron: '0 5 * * *',
    zone: 'Europe/Paris',
    missed: 'skip',
    overlap: 'queue',
    tenant: 'default',
    paused_at: null,
    overlap_skips: 0,
    last: { slot: '2026-06-01T03:00:00.000Z', decision: 'run', job_id: run?.job_id },
  })
  expect(Date.parse(shown?.next_slot ?? '')).toBeGreaterThan(Date.now())
  expect(await listSchedules(world.run, { after: 'tests.closed' })).toEqual([])
})
