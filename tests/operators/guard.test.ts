import express from 'express'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerErrors } from '../../src/intake/http/answer-errors.ts'
import { listen } from '../../src/intake/listen.ts'
import { requireRole } from '../../src/intake/operators/guard.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { signedIn } from './signed-in.ts'
import { visitorOf } from './visitor.ts'

let site: OperatorSite
let guarded: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  site = await startOperatorSite()
  const app = express()
  app.use(requireRole(site.database.knex, 'admin'), (_req, res) => void res.send('in'))
  app.use(answerErrors(pino({ level: 'silent' })))
  guarded = await listen(app, { ...site.config.http, port: 0 })
})
afterAll(async () => {
  await guarded.close(0)
  await site.close()
})

test('a role that is too low is told so: people by a page, programs by a problem', async () => {
  const operator = await signedIn(site, 'operator')
  const visitor = visitorOf(guarded.url)
  for (const [name, value] of operator.cookies) visitor.cookies.set(name, value)
  const page = await visitor.get('/')
  expect([page.status, page.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8'])
  expect(page.text).toContain('This needs the role admin; yours is operator.')
  const problem = await visitor.get('/', { accept: 'application/json' })
  expect(problem.headers.get('content-type')).toContain('application/problem+json')
  expect(JSON.parse(problem.text)).toMatchObject({
    type: '/problems/role-missing',
    status: 403,
    detail: 'This needs the role admin; yours is operator.',
  })
})

test('the role itself passes', async () => {
  const admin = await signedIn(site, 'admin')
  const visitor = visitorOf(guarded.url)
  for (const [name, value] of admin.cookies) visitor.cookies.set(name, value)
  expect((await visitor.get('/')).text).toBe('in')
})
