import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineJob } from '../../queues/define-job.ts'
import { PermanentError } from '../../src/errors.ts'
import { createApp } from '../../src/intake/app.ts'
import { type Listening, listen } from '../../src/intake/listen.ts'
import { beginSpan, currentTrace, inTrace, isTraceparent, startTracing } from '../../src/observability/tracing.ts'
import { process } from '../../workers/runtime/process.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { testKey } from '../support/intake.ts'
import { smallFigures } from '../support/test-job.ts'
import { until } from '../support/until.ts'
import { keptLog } from './kept-log.ts'
import { type CollectedSpan, startCollector } from './trace-collector.ts'

const person = 'chloe@example.org'
const shape = { payload: z.strictObject({ note: z.string() }), result: z.null() }
const child = defineJob({ ...smallFigures, ...shape, name: 'notifications.trace-child' })
const parent = defineJob({ ...smallFigures, ...shape, name: 'notifications.trace-parent' })

let collector: Awaited<ReturnType<typeof startCollector>>
let stopTracing: () => Promise<void>
let engine: TestEngine
let server: Listening

beforeAll(async () => {
  collector = await startCollector()
  const policy = {
    provider: 'sendgrid',
    maxPerCall: 1,
    sendWithinMs: 5_000,
    settle: async () => 'cannot-tell' as const,
    whenUnsettled: { afterMs: 60_000, action: 'close' as const },
  }
  const types = [
    process(parent, async ({ note }, { effect, enqueue }) => {
      await effect('mail', policy, async () => ({ id: 'accepted-by-provider' }))
      await enqueue(child, { note }, { key: 'only' })
      return null
    }),
    process(child, async () => {
      throw new PermanentError('no-address', 'the person has no address')
    }),
  ]
  engine = await startEngine(types, {
    API_KEYS_BOOTSTRAP: testKey,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=of-the-collector',
    PORT: '0',
  })
  const { config, database, backend } = engine
  const { log } = keptLog('silent')
  stopTracing = await startTracing(config.tracing, 'test', log)
  const catalog = new Map(types.map(({ contract }) => [contract.name, contract]))
  const app = createApp({
    config,
    run: database.run,
    knex: database.knex,
    backend,
    catalog,
    log,
    registry: new Registry(),
  })
  server = await listen(app, config.http)
})
afterAll(async () => {
  await server.close(0)
  await engine.close()
  await stopTracing()
  await collector.close()
})

function aSpan(): void {
  beginSpan({ name: 'x', place: 'internal', parent: null, attributes: {} }).end()
}

function spanNamed(name: string): CollectedSpan | undefined {
  return collector.spans.find(span => span.name === name)
}

async function postJob(headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${server.url}/v1/jobs/notifications.trace-parent`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKey}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ note: person }),
  })
  const { id } = z.object({ id: z.uuid() }).parse(await response.json())
  return id
}

describe('a trace', () => {
  const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }

  it('joins request, accept, attempt, provider call and child, and says nothing personal', async () => {
    const id = await postJob({ traceparent: `00-${caller.traceId}-${caller.spanId}-01` })
    const failed = await until('the child’s attempt has reached the collector', async () =>
      spanNamed('attempt notifications.trace-child'),
    )
    const attempt = await until('the attempt as well', async () => spanNamed('attempt notifications.trace-parent'))
    const request = spanNamed('POST /v1/jobs/{name}')
    const accept = spanNamed('accept')
    const call = spanNamed('sendgrid send')
    for (const span of [request, accept, attempt, call, failed]) expect(span?.traceId).toBe(caller.traceId)
    expect(request?.parentSpanId).toBe(caller.spanId)
    expect(accept?.parentSpanId).toBe(request?.spanId)
    expect(attempt.parentSpanId).toBe(request?.spanId)
    expect(call?.parentSpanId).toBe(attempt.spanId)
    expect(failed.parentSpanId).toBe(attempt.spanId)

    expect(request).toMatchObject({
      service: 'hbnb-jobs-test',
      attributes: { 'http.route': '/v1/jobs/{name}', 'http.response.status_code': '202' },
      hasFailed: false,
    })
    expect(attempt.attributes).toMatchObject({
      'messaging.destination.name': 'notifications.trace-parent',
      'messaging.message.id': id,
      'hbnb_jobs.attempt': '1',
      'hbnb_jobs.outcome': 'completed',
    })
    expect(failed).toMatchObject({ hasFailed: true, attributes: { 'error.type': 'no-address' } })
    expect(collector.headers).toContain('of-the-collector')
    for (const personal of [person, 'no address', testKey]) expect(collector.sent()).not.toContain(personal)
  })

  it('is left out when its caller left it out', async () => {
    const traceId = '1af7651916cd43dd8448eb211c80319c'
    const id = await postJob({ traceparent: `00-${traceId}-${caller.spanId}-00` })
    await engine.ended(id)
    const kept = await postJob()
    await until('a later attempt has reached the collector', async () =>
      collector.spans.find(span => span.attributes['messaging.message.id'] === kept),
    )
    expect(collector.spans.filter(span => span.traceId === traceId)).toEqual([])
    const row = await engine.database.knex('hbnb_jobs.jobs').where({ id }).first('traceparent')
    expect(row?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
  })

  it('begins with the request when the caller has none, or none that can be read', async () => {
    const id = await postJob({ traceparent: 'nonsense' })
    const { traceparent } = await engine.database.knex('hbnb_jobs.jobs').where({ id }).first('traceparent')
    expect(isTraceparent(traceparent)).toBe(true)
  })
})

describe('without an endpoint', () => {
  it('nothing of OpenTelemetry is used, and a caller’s trace is passed on as it came', async () => {
    const stop = await startTracing(null, 'test', keptLog('silent').log)
    await stop()
    const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    expect(inTrace(given, () => currentTrace())).toBe(given)
    expect(inTrace(null, () => currentTrace())).toBeNull()
  })

  it('a span costs next to nothing', async () => {
    await stopTracing()
    const spans = 200_000
    const startedMs = performance.now()
    for (let made = 0; made < spans; made += 1) {
      aSpan()
    }
    expect(((performance.now() - startedMs) * 1_000) / spans).toBeLessThan(5)
  })
})

it('a collector that is away costs one complaint, not one per export', { timeout: 60_000 }, async () => {
  const { log, lines } = keptLog()
  const stop = await startTracing({ url: 'http://127.0.0.1:1/v1/traces', headers: {}, ratio: 1 }, 'test', log)
  aSpan()
  await until('a complaint', () => lines.length > 0)
  aSpan()
  const stoppedAtMs = performance.now()
  await stop()
  // Nor does it keep the process from ending.
  expect(performance.now() - stoppedAtMs).toBeLessThan(10_000)
  expect(lines.map(({ msg, count }) => [msg, count])).toEqual([['traces were not taken by their collector', 1]])
})
