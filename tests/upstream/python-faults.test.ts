import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findPython } from '../../src/setup/python.ts'

const folder = resolve(import.meta.dirname, '../../docs/upstream')
const python = await findPython()

interface Seen {
  readonly line: string
  readonly key: string | undefined
  readonly last: string | undefined
  /** Of a webhook. */
  readonly event: string | undefined
  readonly body: string
}

type Answer = (response: ServerResponse) => void

const cut: Answer = response => response.destroy()
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  response => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json(status, { type: `/problems/${code}`, title: code, status }, headers)

const ndjson =
  (...lines: readonly object[]): Answer =>
  response => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.end(lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  }
const half = ndjson({ line: 1, status: 'accepted', id: 'j1' })
const whole = ndjson(
  { line: 1, status: 'replayed', id: 'j1' },
  { line: 2, status: 'accepted', id: 'j2' },
  { done: true, accepted: 1, replayed: 1, refused: 0, lines: 2 },
)
/** Server-sent events that break off. */
const stream =
  (body: string): Answer =>
  response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(body, () => response.destroy())
  }
const event = (id: number, name: string, state: string) =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify({ id: 'j1', state })}\n\n`

/** A service that answers in this order, whatever it is asked, and remembers what that was. */
async function service(...answers: Answer[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    seen.push({
      line: `${request.method} ${request.url}`,
      key: request.headers['idempotency-key']?.toString(),
      last: request.headers['last-event-id']?.toString(),
      event: request.headers['webhook-id']?.toString(),
      body: await text(request),
    })
    const answer = answers[seen.length - 1] ?? problem(500, 'nothing-left')
    answer(response)
  }
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the service has no port')
  return { url: `http://127.0.0.1:${address.port}`, seen }
}

/** Runs Python after `jobs = Jobs(url, …)`; answers what it prints. */
async function py(url: string, script: string): Promise<string> {
  if ('missing' in python) throw new Error(python.missing)
  const start = `from hbnb_jobs import *\njobs = Jobs(${JSON.stringify(url)}, key="k", timeout_s=2, deadline_s=6)\n`
  const child = spawn(python.path, ['-B', '-c', start + script], { cwd: folder, env: { ...python.env } })
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  expect(code, err).toBe(0)
  return out.trim()
}

describe.runIf('path' in python)('hbnb_jobs.py when the service fails', () => {
  test('a lost answer, 503 and 409 are repeated under the same key, which was made for the call', async () => {
    const { url, seen } = await service(
      cut,
      problem(503, 'database-away', { 'retry-after': '0' }),
      problem(409, 'request-in-flight'),
      json(202, { id: 'j1', state: 'waiting' }),
    )
    expect(await py(url, 'print(jobs.enqueue("a.b", {"x": 1})["id"])')).toBe('j1')
    expect(seen.map(({ line }) => line)).toEqual(Array.from({ length: 4 }, () => 'POST /v1/jobs/a.b'))
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1)
    expect(seen[0]?.key).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(seen.map(({ body }) => body))).toEqual(new Set(['{"x": 1}']))
  })

  test('a refusal is told at once, with its fields', async () => {
    const errors = [{ field: '/x', rule: 'type', message: 'must be a number' }]
    const { url, seen } = await service(
      json(422, { type: '/problems/invalid-payload', title: 'no', status: 422, errors }),
    )
    const script =
      'try:\n  jobs.enqueue("a.b", {})\nexcept Problem as p:\n  print(p.code, p.status, p.errors[0]["field"], p)'
    expect(await py(url, script)).toBe('invalid-payload 422 /x invalid-payload: no (/x: must be a number)')
    expect(seen).toHaveLength(1)
  })

  test('without any answer the outcome is unknown, and the key to repeat with is told', async () => {
    const { url, seen } = await service(...Array.from({ length: 40 }, () => cut))
    const script = 'try:\n  jobs.enqueue("a.b", {}, key="k-1")\nexcept OutcomeUnknown as e:\n  print(e.key)'
    expect(await py(url, script)).toBe('k-1')
    expect(seen.length).toBeGreaterThan(2)
  })

  test('a stream that is cut before its last line is sent again with the same keys', async () => {
    const { url, seen } = await service(half, whole)
    const items = '[{"name": "a.b", "payload": {"x": n}} for n in range(2)]'
    expect(await py(url, `print([(o["line"], o["id"]) for o in jobs.enqueue_many(${items})])`)).toBe(
      "[(1, 'j1'), (2, 'j2')]",
    )
    expect(seen).toHaveLength(2)
    expect(seen[1]?.body).toBe(seen[0]?.body)
    expect(new Set(seen[0]?.body.match(/"key": "[^"]+"/g)).size).toBe(2)
  })

  test('a sync that is cut goes on under its name, and waits for the one before it to notice', async () => {
    const counts = { stored: 1, unchanged: 0, outdated: 0, refused: 1 }
    const refused = { line: 2, status: 'refused', problem: { type: '/problems/invalid-entity' } }
    const { url, seen } = await service(
      cut,
      problem(409, 'sync-running', { 'retry-after': '0' }),
      ndjson({ done: false, lines: 1, ...counts, problem: { type: '/problems/database-away', status: 503 } }),
      ndjson({ resumed_after_line: 1 }, refused, { done: true, lines: 2, ...counts }),
    )
    const entities = '[{"kind": "user", "id": str(n), "version": 1, "first_name": "A"} for n in range(2)]'
    const script = `for said in jobs.sync("users", ${entities}):\n  print(said.get("line"), said.get("progress"))`
    expect(await py(url, script)).toBe(
      "2 None\nNone {'lines': 2, 'stored': 1, 'unchanged': 0, 'outdated': 0, 'refused': 1}",
    )
    expect(new Set(seen.map(({ line, body }) => `${line} ${body}`)).size).toBe(1)
    expect(seen[3]?.line).toBe('POST /v1/sync?name=users')
  })

  test('a stream that is refused in the middle tells why', async () => {
    const tooLarge = { type: '/problems/body-too-large', title: 'too large', status: 413 }
    const { url, seen } = await service(ndjson({ done: false, lines: 1, stored: 1, problem: tooLarge }))
    const script = 'try:\n  list(jobs.sync("users", [{}]))\nexcept Problem as p:\n  print(p.code)'
    expect(await py(url, script)).toBe('body-too-large')
    expect(seen).toHaveLength(1)
  })

  test('an event is repeated under its id; nothing is sent without a secret', async () => {
    const { url, seen } = await service(cut, json(200, { status: 'accepted', event_id: 'e-1', job_id: 'j1' }))
    const script = `try:
  jobs.tell("user.updated", user_id="7")
except ValueError as e:
  print(e)
jobs = Jobs(${JSON.stringify(url)}, key="k", webhook_secret="s", timeout_s=2, deadline_s=6)
print(jobs.tell("user.updated", user_id="7", sequence=3, event_id="e-1")["status"])`
    expect(await py(url, script)).toBe('tell() needs Jobs(…, webhook_secret=…)\naccepted')
    expect(seen).toMatchObject(
      Array.from({ length: 2 }, () => ({
        line: 'POST /webhooks/user',
        event: 'e-1',
        body: '{"event": "user.updated", "user_id": "7", "sequence": 3}',
      })),
    )
  })

  test('events are resumed after the last one that arrived whole', async () => {
    const { url, seen } = await service(
      stream(`: hello\n\n${event(1, 'state', 'waiting')}id: 2\nevent: state\ndata: {"st`),
      problem(503, 'overloaded'),
      stream(event(2, 'state', 'active') + event(3, 'end', 'completed')),
    )
    const script = 'print([(e["event"], e["state"]) for e in jobs.events("j1")])'
    expect(await py(url, script)).toBe("[('state', 'waiting'), ('state', 'active'), ('end', 'completed')]")
    expect(seen.map(({ last }) => last)).toEqual([undefined, '1', '1'])
  })

  test('a redirect is told and not followed: it would carry the API key elsewhere', async () => {
    const other = await service(json(200, { id: 'j1', state: 'waiting' }))
    const { url } = await service(response => response.writeHead(302, { location: `${other.url}/stolen` }).end())
    const script = 'try:\n  jobs.get("j1")\nexcept Problem as p:\n  print(p.status)'
    expect(await py(url, script)).toBe('302')
    expect(other.seen).toEqual([])
  })

  test('an answer of somebody else is told as such', async () => {
    const { url } = await service(response => response.end('<html>welcome</html>'))
    const script = 'try:\n  jobs.get("j1")\nexcept JobsError as e:\n  print(e)'
    expect(await py(url, script)).toContain('is not JSON')
  })

  test('an answer that ends in the middle of a line is a cut', async () => {
    const { url, seen } = await service(response => response.end('{"line": 1, "sta'), whole)
    const items = '[{"name": "a.b", "payload": {"x": n}} for n in range(2)]'
    expect(await py(url, `print([o["id"] for o in jobs.enqueue_many(${items})])`)).toBe("['j1', 'j2']")
    expect(seen).toHaveLength(2)
  })

  test('a webhook with an absurd timestamp is refused like any other', async () => {
    const { url } = await service()
    const script = `headers = {"webhook-id": "e", "webhook-timestamp": "9" * 5000, "webhook-signature": "v1,x"}
try:
  verify_webhook(headers, b"{}", "s")
except WebhookRefused as e:
  print(e)`
    expect(await py(url, script)).toContain('webhook-timestamp')
  })

  test('a retry is asked for once: a repeat after a lost answer might retry the job again', async () => {
    const { url, seen } = await service(cut, json(202, { id: 'j1', state: 'waiting' }))
    expect(await py(url, 'try:\n  jobs.retry("j1")\nexcept OutcomeUnknown:\n  print("look first")')).toBe('look first')
    expect(seen).toHaveLength(1)
  })

  test('a cancel whose answer was lost is done, not refused', async () => {
    const ended = json(409, { type: '/problems/job-ended', title: 'ended', status: 409, state: 'cancelled' })
    const { url } = await service(cut, ended)
    expect(await py(url, 'print(jobs.cancel("j1"))')).toBe("{'id': 'j1', 'state': 'cancelled'}")
  })

  test('a datetime without a zone is refused before anything is sent', async () => {
    const { url, seen } = await service()
    const script =
      'from datetime import datetime\ntry:\n  jobs.enqueue("a.b", {}, run_at=datetime(2026, 1, 1))\nexcept ValueError as e:\n  print(e)'
    expect(await py(url, script)).toContain('needs a time zone')
    expect(seen).toEqual([])
  })
})
