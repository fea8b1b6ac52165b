import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOperator } from '../../src/db/operators.ts'
import { createSignInLink } from '../../src/db/sessions.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { type Answer, formTokenIn, type Visitor, visitorOf } from './visitor.ts'

const email = 'ada@hbnb.example'
const password = 'a long enough password'
let site: OperatorSite

beforeAll(async () => {
  site = await startOperatorSite()
  await createOperator(site.database.knex, { email, password, role: 'viewer' })
})
afterAll(() => site.close())

async function signIn(visitor: Visitor, fields: Record<string, string> = {}, headers = {}): Promise<Answer> {
  const form_token = formTokenIn(await visitor.get('/login'))
  return await visitor.post('/login', { form_token, email, password, ...fields }, headers)
}

const isSignedIn = async (visitor: Visitor) => (await visitor.get('/admin')).status === 200

describe('by password', () => {
  test('signs in, keeps only a hash of the session, and signs out', async () => {
    const visitor = visitorOf(site.url)
    const answer = await signIn(visitor, { email: ' Ada@HBNB.example ', next: '/admin/queues?x=1' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/queues?x=1'])
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^hbnb_session=.*; Max-Age=43200; Path=\/; .*HttpOnly; SameSite=Lax$/)
    const token = visitor.cookies.get('hbnb_session') ?? ''
    const rows = await site.database.knex('hbnb_jobs.sessions').select()
    expect(JSON.stringify(rows)).not.toContain(token)

    const page = await visitor.get('/admin')
    expect(page.status).toBe(200)
    expect((await visitor.post('/logout', { form_token: 'guessed' })).status).toBe(403)
    expect((await visitor.post('/logout', { form_token: formTokenIn(page) })).status).toBe(303)
    visitor.cookies.set('hbnb_session', token)
    expect(await isSignedIn(visitor)).toBe(false)
  })

  test.each([
    ['a wrong password', { password: 'a long enough passwort' }],
    ['an unknown address', { email: 'bob@hbnb.example' }],
    ['something that is no address', { email: 'ada' }],
    ['nothing', { email: '', password: '' }],
  ])('refuses %s with the same words', async (_, fields) => {
    const visitor = visitorOf(site.url)
    const answer = await signIn(visitor, fields)
    expect(answer.status).toBe(401)
    expect(answer.text).toContain('This address and password do not belong together.')
    expect(visitor.cookies.has('hbnb_session')).toBe(false)
  })

  test.each([
    ['another origin', {}, { origin: 'https://evil.example' }],
    ['a page without an origin', {}, { origin: 'null' }],
    ['a cross-site request', {}, { 'sec-fetch-site': 'cross-site' }],
    ['a guessed form token', { form_token: 'guessed' }, {}],
  ])('refuses a form from %s', async (_, fields, headers) => {
    const visitor = visitorOf(site.url)
    expect((await signIn(visitor, fields, headers)).status).toBe(403)
    expect(visitor.cookies.has('hbnb_session')).toBe(false)
  })

  test("refuses another browser's form", async () => {
    const form_token = formTokenIn(await visitorOf(site.url).get('/login'))
    const victim = visitorOf(site.url)
    await victim.get('/login')
    expect((await victim.post('/login', { form_token, email, password })).status).toBe(403)
  })

  test('a disabled person is out at once', async () => {
    const gone = { email: 'gone@hbnb.example', password }
    await createOperator(site.database.knex, { ...gone, role: 'admin' })
    const visitor = visitorOf(site.url)
    await signIn(visitor, gone)
    expect(await isSignedIn(visitor)).toBe(true)
    await site.database.knex('hbnb_jobs.operators').where({ email: gone.email }).update({ disabled_at: new Date() })
    expect(await isSignedIn(visitor)).toBe(false)
    expect((await signIn(visitor, gone)).status).toBe(401)
  })
})

describe('by link', () => {
  test('looking at the link spends nothing; its button works exactly once', async () => {
    const path = await createSignInLink(site.database.knex, email)
    const visitors = Array.from({ length: 5 }, () => visitorOf(site.url))
    const tokens = await Promise.all(visitors.map(async visitor => formTokenIn(await visitor.get(path))))
    const next = '/admin/story/booking:42'
    const answers = await Promise.all(
      visitors.map((visitor, index) => visitor.post(path, { form_token: tokens[index] ?? '', next })),
    )
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(4)
    expect(answers.find(({ status }) => status === 303)?.headers.get('location')).toBe(next)
    expect((await visitorOf(site.url).get(path)).status).toBe(410)
  })

  test('an old link is refused', async () => {
    const path = await createSignInLink(site.database.knex, email)
    await site.database.knex.raw(`update hbnb_jobs.sign_in_links set expires_at = now() - interval '1 second'`)
    expect((await visitorOf(site.url).get(path)).status).toBe(410)
  })

  test('nobody unknown gets a link', async () => {
    await expect(createSignInLink(site.database.knex, 'bob@hbnb.example')).rejects.toThrow('operators add')
  })
})

describe('without signing in', () => {
  test('a page asks to sign in and comes back', async () => {
    const answer = await visitorOf(site.url).get('/admin/story/booking:42?a=b')
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      '/login?next=%2Fadmin%2Fstory%2Fbooking%3A42%3Fa%3Db',
    ])
  })

  test('a program is answered a problem', async () => {
    const answer = await visitorOf(site.url).get('/admin/queues/api/queues', { accept: 'application/json' })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(JSON.parse(answer.text)).toMatchObject({ type: '/problems/not-signed-in', status: 401 })
  })
})

test('guessing is limited per account, and an honest visitor is told to wait', async () => {
  await createOperator(site.database.knex, { email: 'eve@hbnb.example', password, role: 'viewer' })
  const visitor = visitorOf(site.url)
  const statuses: number[] = []
  for (let tries = 0; tries < 11; tries += 1) {
    statuses.push((await signIn(visitor, { email: 'eve@hbnb.example', password: 'a wrong password' })).status)
  }
  expect(statuses.at(-1)).toBe(429)
  const refused = await signIn(visitor, { email: 'eve@hbnb.example' })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
})
