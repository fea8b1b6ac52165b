import { describe, expect, test } from 'vitest'
import { type Answer, cut, json, ndjson, problem, py, python, service } from './python-service.ts'

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
