import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newestAudit } from '../../src/ledger/audit.ts'
import { endJob, givenInboxEvent } from '../support/given-inbox.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { signedIn } from './signed-in.ts'
import { formTokenIn, type Visitor, visitorOf } from './visitor.ts'

const planted = 'camille.planted@example.com'

let site: OperatorSite
let viewer: Visitor
let operator: Visitor
beforeAll(async () => {
  site = await startOperatorSite()
  viewer = await signedIn(site, 'viewer')
  operator = await signedIn(site, 'operator')
})
afterAll(() => site.close())

/** The ids of the events a page lists, in its order. */
async function listed(query: string): Promise<string[]> {
  const { status, text } = await viewer.get(`/admin/inbox${query}`)
  expect(status).toBe(200)
  return [...text.matchAll(/href="\/admin\/inbox\/([0-9a-f-]{36})"/g)].map(([, id = '']) => id)
}

const auditOf = async (id: string) => await newestAudit(site.database.run, `inbox:${id}`)
const jobsOf = async (id: string) =>
  await site.database.knex('hbnb_jobs.jobs').whereRaw(`payload ->> 'inbox_id' = ?`, [id]).orderBy('id').pluck('id')

const replay = (visitor: Visitor, id: string, form_token: string, headers = {}) =>
  visitor.post(`/admin/inbox/${id}/replay`, { form_token }, { origin: site.url, ...headers })

describe('the list', () => {
  test('is narrowed by its form, newest first', async () => {
    const { id: first } = await givenInboxEvent(site.database, { state: 'processed', entity: 'booking:l' })
    const failed = { state: 'failed', entity: 'booking:l', reason: 'the <stay> is unknown' } as const
    const { id: second } = await givenInboxEvent(site.database, failed)
    expect(await listed('?source=&type=&entity=booking%3Al&state=')).toEqual([second, first])
    expect(await listed('?entity=booking:l&state=failed&source=booking&type=booking.confirmed')).toEqual([second])
    expect(await listed('?entity=booking:l&type=user.updated')).toEqual([])
    const { text } = await viewer.get('/admin/inbox?entity=booking:l&state=failed')
    expect(text).toContain('<option value="failed" selected>')
    expect(text).toContain('value="booking:l"')
    expect(text).toContain('the &lt;stay&gt; is unknown')
    expect(text).toContain('href="/admin/story/booking:l"')
  })

  test('goes on with what is older, in the same filter', async () => {
    const given: string[] = []
    for (let count = 0; count < 53; count++) {
      given.push((await givenInboxEvent(site.database, { state: 'ignored', type: 'of.many', entity: null })).id)
    }
    given.reverse()
    const { text } = await viewer.get('/admin/inbox?type=of.many&state=ignored')
    const [, older = ''] = /href="(\/admin\/inbox\?[^"]+)">Older/.exec(text) ?? []
    expect(await listed('?type=of.many')).toEqual(given.slice(0, 50))
    expect(await listed(older.replaceAll('&amp;', '&').replace('/admin/inbox', ''))).toEqual(given.slice(50))
  })

  test('takes no notice of what it cannot read', async () => {
    for (const query of ['?state=lost&source=nobody', '?before=7', '?type=%00', '?type=a&type=b']) {
      expect((await listed(query)).length, query).toBeGreaterThan(0)
    }
  })

  test('is linked from the overview, and needs somebody who is signed in', async () => {
    expect((await viewer.get('/admin')).text).toContain('href="/admin/inbox"')
    const stranger = await visitorOf(site.url).get('/admin/inbox')
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/login?next=%2Fadmin%2Finbox'])
  })
})

describe('an event', () => {
  test('is shown with its jobs and its body, without personal data', async () => {
    const body = {
      event: 'user.updated',
      user_id: '7',
      note: planted,
      data: { version: 1, email: planted, country: 'FR' },
    }
    const of = { source: 'user', type: 'user.updated', entity: 'user:7', body, state: 'processed' } as const
    const { id, jobId } = await givenInboxEvent(site.database, of)
    for (const visitor of [viewer, operator]) {
      const { text } = await visitor.get(`/admin/inbox/${id}`)
      expect(text).not.toContain('planted')
      expect(text).toContain('&quot;country&quot;: &quot;FR&quot;')
      expect(text).toContain(`href="/admin/story/job/${jobId}"`)
      expect(text).not.toMatch(/<script| style="| on\w+="/)
    }
    expect((await viewer.get('/admin/inbox?entity=user:7')).text).not.toContain('planted')
  })

  test.each(['0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', 'nonsense', '<b>'])('%s is a 404 that says so', async id => {
    const { status, text } = await viewer.get(`/admin/inbox/${encodeURIComponent(id)}`)
    expect([status, text.includes('No such event')]).toEqual([404, true])
  })
})

describe('a replay', () => {
  test('is asked for by a button, done once, and written down', async () => {
    const { id, jobId } = await givenInboxEvent(site.database, { state: 'failed' })
    const event = await operator.get(`/admin/inbox/${id}`)
    expect(event.text).toContain(`action="/admin/inbox/${id}/replay"`)
    const done = await replay(operator, id, formTokenIn(event))
    expect([done.status, done.headers.get('location')]).toEqual([303, `/admin/inbox/${id}`])
    const [first, second] = await jobsOf(id)
    expect(first).toBe(jobId)
    expect(await auditOf(id)).toMatchObject([
      { actor: 'operator@hbnb.example', action: 'inbox.replay', detail: { job: second } },
    ])
    expect((await viewer.get('/admin/audit')).text).toContain(`href="/admin/inbox/${id}">event</a>`)

    const again = await operator.get(`/admin/inbox/${id}`)
    expect(again.text).not.toContain(`action="/admin/inbox/${id}/replay"`)
    const refused = await replay(operator, id, formTokenIn(again))
    expect([refused.status, refused.text.includes('its job has not ended')]).toEqual([409, true])
    expect((await auditOf(id))[0]).toMatchObject({ detail: { refused: 409 } })
    await endJob(site.database, second, 'failed')
    expect((await replay(operator, id, formTokenIn(again))).status).toBe(303)
  })

  test('is not for viewers, other sites, or forms of another session', async () => {
    const { id } = await givenInboxEvent(site.database, { state: 'failed' })
    const event = await viewer.get(`/admin/inbox/${id}`)
    expect(event.text).not.toContain('/replay"')
    const own = formTokenIn(await operator.get('/admin'))
    const refused = [
      await replay(viewer, id, formTokenIn(event)),
      await replay(operator, id, own, { origin: 'https://evil.example' }),
      await replay(operator, id, own, { 'sec-fetch-site': 'cross-site' }),
      await replay(operator, id, ''),
      await replay(operator, id, formTokenIn(event)),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
    expect(await jobsOf(id)).toHaveLength(1)
    expect((await auditOf(id)).map(({ detail }) => detail['refused'])).toEqual([403, 403, 403, 403, 403])
    expect((await visitorOf(site.url).post(`/admin/inbox/${id}/replay`, { form_token: own })).status).toBe(401)
    expect(await auditOf(id)).toHaveLength(5)
  })

  test('that cannot be written down is not done', async () => {
    const { id } = await givenInboxEvent(site.database, { state: 'failed' })
    const token = formTokenIn(await operator.get('/admin'))
    await site.database.knex.raw(
      `alter table hbnb_jobs.audit_log add constraint full_disk check (action <> 'inbox.replay') not valid`,
    )
    try {
      expect((await replay(operator, id, token)).status).toBe(500)
      expect(await jobsOf(id)).toHaveLength(1)
    } finally {
      await site.database.knex.raw('alter table hbnb_jobs.audit_log drop constraint full_disk')
    }
  })

  test('of what nothing reacts to, or is not there, says so', async () => {
    const token = formTokenIn(await operator.get('/admin'))
    const { id } = await givenInboxEvent(site.database, { state: 'ignored', type: 'booking.moved' })
    expect(await replay(operator, id, token)).toMatchObject({
      status: 409,
      text: expect.stringContaining('Nothing reacts to events of this kind.'),
    })
    for (const none of ['0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', 'nonsense']) {
      expect((await replay(operator, none, token)).status).toBe(404)
    }
  })
})
