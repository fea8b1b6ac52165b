import { Router } from 'express'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { loadCatalog } from '../../queues/catalog.ts'
import { createApp } from '../../src/intake/app.ts'
import { acceptedJob, shownJob } from '../../src/intake/http/job-shapes.ts'
import { problems } from '../../src/intake/http/problem.ts'
import { problemSchema } from '../../src/intake/http/problem-schema.ts'
import { createLog } from '../../src/observability/log.ts'
import { openQueueBackend } from '../../src/queue/backend.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const described = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ operationId: z.string(), responses: z.looseObject({}) })),
  ),
})
/** Express's router, as far as it tells what it serves. */
const layers = z.array(
  z.object({
    route: z.object({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional(),
  }),
)

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

async function description() {
  const answer = await intake.send('GET', '/openapi.json')
  expect(answer.status).toBe(200)
  return described.parse(answer.json)
}

test('every route of the app is described, and everything described is a route of the app', async () => {
  const { config, database } = intake
  const catalog = await loadCatalog()
  const app = createApp({
    config,
    run: database.run,
    knex: database.knex,
    backend: openQueueBackend(config.queue),
    catalog,
    log: createLog({ level: 'silent', name: 'test' }),
    registry: new Registry(),
  })
  const served = layers
    .parse(z.custom<Router>().parse(app.router).stack)
    .flatMap(({ route }) => Object.keys(route?.methods ?? {}).map(method => `${method} ${route?.path}`))
    // The answer 405 takes all methods at once.
    .filter(route => !route.startsWith('_all '))
  const open = [...catalog.values()].filter(contract => contract.open).map(({ name }) => `post /v1/jobs/${name}`)
  const spelledOut = served.flatMap(route =>
    route === 'post /v1/jobs/:name' ? open : [route.replace(/:(\w+)/g, '{$1}')],
  )

  const { paths } = await description()
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method} ${path}`),
  )
  expect(open.length).toBeGreaterThan(0)
  expect(told.toSorted()).toEqual(spelledOut.toSorted())
})

test('operation ids are unique, and every described address answers something that is described', async () => {
  const { paths } = await description()
  const operations = Object.values(paths).flatMap(methods => Object.values(methods))
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      const body = method === 'post' ? '{}' : undefined
      const answer = await intake.send(method.toUpperCase(), path.replace(/\{\w+\}/g, 'x'), body)
      const unready = path === '/readyz' ? ['503'] : []
      expect([...Object.keys(responses), ...unready], `${method} ${path}`).toContain(String(answer.status))
      if (answer.status >= 400) problemSchema.parse(answer.json)
    }
  }
})

test('answers have the shapes that are described', async () => {
  const accepted = await intake.send('POST', '/v1/jobs/notifications.send', {
    user_id: 'u1',
    template: 'booking-confirmation',
    booking_id: '42',
  })
  const { links } = z.strictObject(acceptedJob.shape).parse(accepted.json)
  const shown = await intake.send('GET', links.self)
  z.strictObject(shownJob.shape).parse(shown.json)
})

test('the open job types are listed with what their payloads must be', async () => {
  const answer = await intake.send('GET', '/v1/job-types')
  expect(answer.status).toBe(200)
  expect(answer.json['job_types']).toContainEqual({
    name: 'notifications.send',
    about: expect.any(String),
    version: 2,
    max_payload_bytes: 1_024,
    payload: expect.objectContaining({
      type: 'object',
      required: ['user_id', 'template'],
      additionalProperties: false,
    }),
  })
})

test('every problem type can be looked up', async () => {
  for (const [code, { status, title }] of Object.entries(problems)) {
    const answer = await intake.send('GET', `/problems/${code}`)
    expect(answer).toMatchObject({ status: 200, json: { type: `/problems/${code}`, status, title } })
  }
  expect(await intake.send('GET', '/problems/toString')).toMatchObject({ status: 404 })
})

test('the page tells every address, holds a form to try each out, and loads nothing', async () => {
  const page = await intake.send('GET', '/docs')
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/)
  expect(page.text).not.toMatch(/<link|<script [^>]+>|<img|@import/)
  const { paths } = await description()
  for (const [path, methods] of Object.entries(paths)) {
    expect(page.text).toContain(path)
    if (!path.startsWith('/webhooks/'))
      expect(page.text.split(`data-path="${path}"`).length - 1).toBe(Object.keys(methods).length)
  }
})
