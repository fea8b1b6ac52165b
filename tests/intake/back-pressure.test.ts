import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { loadCatalog } from '../../queues/catalog.ts'
import { declareJobTypes } from '../../src/ledger/job-types.ts'
import { measureWaiting } from '../../src/ledger/waiting.ts'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'
import { sendLines } from '../support/send-lines.ts'
import { until } from '../support/until.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
const good = { name: 'notifications.send', payload }
const path = '/v1/jobs/notifications.send'

async function withIntake(env: Record<string, string>, use: (intake: TestIntake) => Promise<void>): Promise<void> {
  const intake = await startIntake(env)
  try {
    await use(intake)
  } finally {
    await intake.close()
  }
}

/** Posts until a refusal comes: limits are looked at once a second. */
const refusal = (intake: TestIntake, query = '') =>
  until('a refusal', async () => {
    const answer = await intake.send('POST', path + query, payload)
    return answer.status === 429 && answer
  })

test('a queue that is as deep as allowed takes no more, by any way in, until it is drained', async () => {
  await withIntake({ WAITING_MAX_JOBS: '20' }, async intake => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => intake.send('POST', path, payload)))
    const accepted = answers.filter(({ status }) => status === 202).length
    const full = await refusal(intake)
    expect(full.json).toMatchObject({
      type: '/problems/too-many-waiting',
      queue: 'notifications.send',
      limit: 20,
      rule: 'depth',
    })
    expect(full.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await intake.count('jobs')).toBeGreaterThanOrEqual(accepted)

    const before = await intake.count('jobs')
    const array = await intake.send('POST', '/v1/jobs', [good, good])
    expect(array).toMatchObject({ status: 429, json: { type: '/problems/too-many-waiting' } })
    expect(array.headers.get('retry-after')).toMatch(/^\d+$/)
    const mixed = await intake.send('POST', '/v1/jobs', [good, { name: 'no.such', payload: {} }])
    expect(mixed).toMatchObject({ status: 200, json: { refused: 2 } })
    const [line] = await sendLines(intake.url, JSON.stringify(good))
    expect(line).toMatchObject({ line: 1, problem: { type: '/problems/too-many-waiting', status: 429 } })
    expect(await intake.count('jobs')).toBe(before)

    await intake.database.knex.raw('truncate hbnb_jobs.job_live')
    await until('room again', async () => (await intake.send('POST', path, payload)).status === 202)
  })
})

test('of an array each job counts with its own bytes, not with those of all', async () => {
  await withIntake({ WAITING_MAX_BYTES: '10000000' }, async intake => {
    await intake.send('POST', path, payload)
    for (let sent = 0; sent < 3; sent += 1) {
      const { json } = await intake.send(
        'POST',
        '/v1/jobs',
        Array.from({ length: 450 }, () => good),
      )
      expect(json).toMatchObject({ accepted: 450 })
    }
  })
})

test('what one process lets in between two looks counts as well', async () => {
  await withIntake({ WAITING_MAX_JOBS: '50' }, async intake => {
    await intake.send('POST', path, payload)
    const { json } = await intake.send(
      'POST',
      '/v1/jobs',
      Array.from({ length: 400 }, () => good),
    )
    const later = await intake.send(
      'POST',
      '/v1/jobs',
      Array.from({ length: 400 }, () => good),
    )
    expect(json['accepted']).toBe(400)
    expect(later).toMatchObject({ status: 429 })
  })
})

test('bytes that wait are limited, due or not; what is scheduled does not count as depth', async () => {
  await withIntake({ WAITING_MAX_MB: '1', WAITING_MAX_JOBS: '10' }, async intake => {
    const later = new Date(Date.now() + 86_400_000).toISOString()
    for (let sent = 0; sent < 20; sent += 1) {
      expect(await intake.send('POST', `${path}?run_at=${later}`, payload)).toMatchObject({ status: 202 })
    }
    await intake.database.knex('hbnb_jobs.job_live').update({ payload_bytes: 60_000 })
    expect((await refusal(intake, `?run_at=${later}`)).json).toMatchObject({ rule: 'bytes', limit: 1_048_576 })
  })
})

test('a queue whose oldest due job has waited too long takes no more', async () => {
  await withIntake({ WAITING_MAX_MINUTES: '5' }, async intake => {
    await intake.send('POST', path, payload)
    const longAgo = new Date(Date.now() - 360_000)
    await intake.database.knex('hbnb_jobs.job_live').update({ run_at: longAgo, changed_at: longAgo })
    expect((await refusal(intake)).json).toMatchObject({ rule: 'age', limit: 300_000 })
  })
})

test('a process with too many requests in hand answers 503 at once, and goes on when they are done', async () => {
  await withIntake({ HTTP_MAX_REQUESTS: '2' }, async intake => {
    const { port } = new URL(intake.url)
    const body = JSON.stringify(payload)
    const held = [0, 1].map(() => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${testKey}\r\n` +
          `content-length: ${body.length}\r\n\r\n`,
      )
      return socket
    })
    const full = await until('a refusal', async () => {
      const answer = await intake.send('POST', path, payload)
      return answer.status === 503 && answer
    })
    expect(full.json).toMatchObject({ type: '/problems/overloaded' })
    expect(full.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await intake.send('POST', '/v1/jobs', [good])).toMatchObject({ status: 503 })
    expect(await intake.send('GET', '/healthz')).toMatchObject({ status: 200 })
    for (const socket of held) socket.write(body)
    await until('room again', async () => (await intake.send('POST', path, payload)).status === 202)
    for (const socket of held) socket.destroy()
  })
})

test('strangers who hold the doors of webhooks keep nobody with a key waiting', async () => {
  await withIntake({ HTTP_MAX_REQUESTS: '2' }, async intake => {
    const { port } = new URL(intake.url)
    const held = ['stripe', 'sendgrid'].map(source => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(`POST /webhooks/${source} HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n`)
      return socket
    })
    const full = await until('a refusal', async () => {
      const answer = await intake.send('POST', '/webhooks/user', '{}')
      return answer.status === 503 && answer
    })
    expect(full.json).toMatchObject({ type: '/problems/overloaded' })
    expect(await intake.send('POST', path, payload)).toMatchObject({ status: 202 })
    for (const socket of held) socket.destroy()
    await until('room again', async () => (await intake.send('POST', '/webhooks/user', '{}')).status === 401)
  })
})

test('a job whose time had passed when it came has not waited since then', async () => {
  await withIntake({}, async intake => {
    const old = await intake.send('POST', `${path}?run_at=0000-01-01T00:00:00Z`, payload)
    expect(old.status).toBe(202)
    const shown = await intake.send('GET', `/v1/jobs/${String(old.json['id'])}`)
    expect(shown.json['run_at']).toBe(shown.json['accepted_at'])
    const [waiting] = await measureWaiting(intake.database.run)
    expect(waiting).toMatchObject({ due: 1 })
    expect(waiting?.oldestDueMs).toBeLessThan(600_000)
  })
})

test('nor has one that came by SQL', async () => {
  await withIntake({}, async intake => {
    await declareJobTypes(intake.database.run, await loadCatalog())
    const old = new Date(Date.now() - 86_400_000)
    await intake.database.knex.raw(`select hbnb_jobs.enqueue('notifications.send', ?::jsonb, run_at => ?)`, [
      JSON.stringify(payload),
      old,
    ])
    const [waiting] = await measureWaiting(intake.database.run)
    expect(waiting).toMatchObject({ due: 1 })
    expect(waiting?.oldestDueMs).toBeLessThan(600_000)
  })
})
