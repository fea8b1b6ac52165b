import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { durationWords } from '../../src/ledger/duration-words.ts'
import { insertDeliveries, insertNotification } from '../../src/db/notifications.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { entityOfJob, storyOf } from '../../src/ledger/story.ts'
import { retryEnded } from '../../src/ledger/retry-ended.ts'
import { summaryOf } from '../../src/ledger/story-summary.ts'
import { namesIn, wordsOf } from '../../src/ledger/story-words.ts'
import { type GivenStory, givenStory } from './given-story.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { signedIn } from './signed-in.ts'

let site: OperatorSite
let ids: GivenStory

beforeAll(async () => {
  site = await startOperatorSite()
  ids = await givenStory(site.database.knex, '42')
  await givenStory(site.database.knex, '43', { until: 600 })
})
afterAll(() => site.close())

const tell = (entity: string) => storyOf(site.database.run, entity)

/** `+58 jobs: email.send, accepted`: one line per moment. */
async function linesOf(entity: string): Promise<string[]> {
  const moments = await tell(entity)
  const nameOf = namesIn(moments)
  const startMs = moments[0]?.atMs ?? 0
  return moments.map(moment => {
    const { title, detail, more, id } = wordsOf(moment, nameOf)
    const words = [title, detail, more, id].filter(Boolean).join(', ')
    return `+${Math.round(moment.atMs - startMs)} ${moment.lane}: ${words}`
  })
}

test('tells event, decision, jobs, attempts and effects in the order they happened', async () => {
  expect(await linesOf('booking:42')).toEqual([
    '+0 event: booking.confirmed, from booking · processed',
    '+0 jobs: webhooks.process, accepted',
    '+22 jobs: notifications.send, accepted',
    '+31 jobs: webhooks.process completed, in 17 ms',
    '+58 jobs: email.send, accepted',
    '+58 jobs: push.send, accepted',
    '+58 jobs: sms.send, accepted',
    '+58 event: Tell by e-mail, SMS, push',
    '+69 jobs: notifications.send completed, in 24 ms',
    '+92 effects: push reserved',
    '+94 effects: e-mail reserved',
    '+95 effects: FCM asked, push',
    '+97 effects: SMS reserved',
    '+99 effects: SendGrid asked, e-mail',
    '+131 effects: push accepted, asked 1 · sent 1, projects/hbnb-mobile/messages/0:1763798400',
    '+134 jobs: push.send completed, in 46 ms',
    '+142 jobs: sms.send attempt 1 failed, is tried again · Twilio answered 503',
    '+1224 effects: Twilio asked, SMS · try 2',
    '+1262 effects: SMS accepted, asked 1 · sent 1 · 2 tries, SM8f0c2b7d9e4a41b6a7c3d5e6f7a8b9c0',
    '+1266 jobs: sms.send completed, in 51 ms · 2 attempts',
    '+5930 jobs: email.send attempt 1 crashed, the worker process ended without finishing this run',
    '+6410 effects: e-mail accepted, asked 1 · sent 1, known by its event, 14c5d75ce93.dfd.64b469',
    '+6428 jobs: email.send completed, in 207 ms · 2 attempts',
  ])
})

test('sums it up in one sentence, also while it is going on', async () => {
  expect(summaryOf('booking:42', await tell('booking:42'))).toBe(
    'Booking 42 confirmed: e-mail accepted, SMS accepted, push accepted; 1 crash survived; 1 retry',
  )
  expect(summaryOf('booking:43', await tell('booking:43'))).toBe(
    'Booking 43 confirmed: e-mail not known, SMS not sent yet, push accepted; 1 retry; 2 jobs still open',
  )
})

test('says what was not sent, and what failed', async () => {
  const { knex } = site.database
  const given = await givenStory(knex, '44')
  await knex('hbnb_jobs.deliveries').where({ id: given.push }).update({ decision: 'suppress', reason: 'no-address' })
  await knex('hbnb_jobs.effects').where({ job_id: given.push }).delete()
  await knex('hbnb_jobs.jobs').where({ id: given.push }).delete()
  await knex('hbnb_jobs.job_outcomes').where({ id: given.push }).delete()
  await knex('hbnb_jobs.effects').where({ job_id: given.sms }).update({ state: 'rejected' })
  await knex('hbnb_jobs.job_outcomes').where({ id: given.sms }).update({ outcome: 'failed' })
  expect(summaryOf('booking:44', await tell('booking:44'))).toBe(
    'Booking 44 confirmed: e-mail accepted, SMS refused, no push (there is nowhere to send it to), sms.send failed; 1 crash survived; 1 retry',
  )
})

test('a job that somebody retried still shows its earlier death', async () => {
  const { knex, run } = site.database
  const given = await givenStory(knex, '46')
  const error = { name: 'PermanentError', code: 'twilio-21610', message: 'Twilio answered 21610' }
  const death = { outcome: 'failed', error, finished_at: new Date(Date.UTC(2026, 10, 22, 8, 0, 7)) }
  await knex('hbnb_jobs.job_outcomes').where({ id: given.sms }).update(death)
  await knex('hbnb_jobs.effects').where({ job_id: given.sms }).update({ state: 'rejected', error })
  await retryEnded(run, [given.sms])
  expect(await linesOf('booking:46')).toContain(
    '+7000 jobs: sms.send failed, in 5.79 s · 2 attempts · retried by hand later · Twilio answered 21610',
  )
  expect(summaryOf('booking:46', await tell('booking:46'))).toBe(
    'Booking 46 confirmed: e-mail accepted, SMS not sent yet, push accepted; 1 crash; 1 retry; 1 retry by hand; 1 job still open',
  )
  const { text } = await (await signedIn(site)).get('/admin/story/booking:46')
  expect(text).toMatch(/t-bad"><time datetime="2026-11-22T08:00:07\.000Z"/)
})

test('a run that goes on is told as such', async () => {
  expect(await linesOf('booking:43')).toContain('+91 jobs: email.send attempt 1 is running')
})

describe('of a job', () => {
  test('is the story of its entity', async () => {
    expect(await entityOfJob(site.database.run, ids.email)).toBe('booking:42')
    expect(await entityOfJob(site.database.run, newJobId())).toBeUndefined()
  })

  test('without an entity is its own and that of what it led to', async () => {
    const { knex, run } = site.database
    const given = await givenStory(knex, '45')
    await knex('hbnb_jobs.jobs').where({ entity: 'booking:45' }).update({ entity: null })
    expect(await entityOfJob(run, given.notify)).toBe(`job:${given.notify}`)
    const whole = (await linesOf(`job:${given.webhooks}`)).map(line => line.replace(/^\+\d+ /, ''))
    expect(whole[0]).toBe('event: booking.confirmed, from booking · processed')
    expect(whole).toHaveLength(23)
    expect(await linesOf(`job:${given.notify}`)).toHaveLength(20)
  })
})

describe('the page', () => {
  test('holds ids, but nothing personal', async () => {
    const { status, text } = await (await signedIn(site)).get('/admin/story/booking:42')
    expect(status).toBe(200)
    expect(text).toContain('14c5d75ce93.dfd.64b469')
    expect(text).not.toMatch(/camille|user-7|@example/i)
  })

  test('has no script, and no style that its policy would refuse', async () => {
    const { text, headers } = await (await signedIn(site)).get('/admin/story/booking:42')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:/,
    )
    expect(headers.get('cache-control')).toBe('no-store')
    expect(text).not.toMatch(/<script| style="| on\w+="/)
  })

  test.each(['booking:nobody', 'booking', '<script>alert(1)</script>', `job:${newJobId()}`, 'job:nonsense'])(
    'of %s is a 404 that says so',
    async entity => {
      const { status, text } = await (await signedIn(site)).get(`/admin/story/${encodeURIComponent(entity)}`)
      expect(status).toBe(404)
      expect(text).toContain('No such story')
      expect(text).not.toContain('<script>alert')
    },
  )

  test('is found by job id and by the search box', async () => {
    const visitor = await signedIn(site)
    const target = async (path: string) => (await visitor.get(path)).headers.get('location')
    expect(await target(`/admin/story/job/${ids.sms}`)).toBe('/admin/story/booking:42')
    expect(await target('/admin/story?of=+booking%3A42')).toBe('/admin/story/booking:42')
    expect(await target(`/admin/story?of=${ids.sms}`)).toBe(`/admin/story/job/${ids.sms}`)
    expect(await target('/admin/story?of=%2F%2Fevil.example')).toBe('/admin/story/%2F%2Fevil.example')
    expect((await visitor.get(`/admin/story/job/${newJobId()}`)).status).toBe(404)
  })
})

test('the overview counts jobs by state and names the newest stories', async () => {
  const { text } = await (await signedIn(site)).get('/admin')
  expect(text).toContain('href="/admin/story/booking:42"')
  expect(text).toMatch(/class="tile s-active"><b>1<\/b>/)
  expect(text).toMatch(/class="tile s-retrying"><b>1<\/b>/)
})

test.each([
  [0, '0 ms'],
  [0.36, '0.4 ms'],
  [12.4, '12 ms'],
  [1_240, '1.24 s'],
  [192_000, '3 min 12 s'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
])('%d ms reads %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words)
})

test('of a person it is what they were told, and why not', async () => {
  const id = newJobId()
  const notification = {
    id,
    user_id: 'user-7',
    template: 'booking-confirmation',
    template_version: 1,
    locale: 'fr' as const,
    data: {},
    push_data: {},
    entity: 'booking:77',
  }
  const suppressed = { id: newJobId(), notification_id: id, channel: 'email' as const, decision: 'suppress' as const }
  await site.database.knex.transaction(async tx => {
    await insertNotification(tx, notification)
    await insertDeliveries(tx, [{ ...suppressed, reason: 'no e-mail <address>', until: null, job_id: null }])
  })
  const visitor = await signedIn(site)
  const { status, text } = await visitor.get('/admin/story/user:user-7')
  expect(status).toBe(200)
  expect(text).toContain('It was not sent: no e-mail &lt;address&gt;.')
  expect((await visitor.get('/admin/story/user:nobody')).status).toBe(404)
})
