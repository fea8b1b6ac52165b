import { describe, expect, test } from 'vitest'
import { cut, json, ndjson, problem, py, python, service } from './python-service.ts'

describe.runIf('path' in python)('hbnb_jobs.py telling what there is', () => {
  test('entities have their addresses, whatever their ids hold', async () => {
    const { url, seen } = await service(...Array.from({ length: 8 }, () => json(200, {})))
    const script = `for kind in ["user", "preferences", "amenity", "place", "booking", "payment"]:
  jobs.kept(kind, "a/b?")
jobs.put_device("a/b?", "t/1", platform="ios")
jobs.delete_device("a/b?", "t/1")`
    await py(url, script)
    const id = 'a%2Fb%3F'
    expect(seen.map(({ line }) => line)).toEqual([
      `GET /v1/users/${id}`,
      `GET /v1/users/${id}/preferences`,
      `GET /v1/amenities/${id}`,
      `GET /v1/places/${id}`,
      `GET /v1/bookings/${id}`,
      `GET /v1/payments/${id}`,
      `PUT /v1/users/${id}/devices/t%2F1`,
      `DELETE /v1/users/${id}/devices/t%2F1`,
    ])
    expect(seen[6]?.body).toBe('{"platform": "ios"}')
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

  test('a notification is repeated under its key', async () => {
    const { url, seen } = await service(
      cut,
      json(202, { id: 'n1' }),
      json(200, { results: {} }),
      json(200, { cancelled: 2 }),
    )
    const script = `print(jobs.notify("7", title="Clé", body="Là", data={"thread": "7"})["id"])
print(jobs.notification("n/1")["results"])
print(jobs.cancel_notifications("booking:42", category="reminder"))`
    expect(await py(url, script)).toBe('n1\n{}\n2')
    expect(seen.map(({ line }) => line)).toEqual([
      'POST /v1/notifications',
      'POST /v1/notifications',
      'GET /v1/notifications/n%2F1',
      'POST /v1/notifications/cancel',
    ])
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual({
      to: { user_id: '7' },
      title: 'Clé',
      body: 'Là',
      data: { thread: '7' },
    })
    expect(seen[0]?.key).toBe(seen[1]?.key)
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
})
