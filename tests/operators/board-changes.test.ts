import { appRoutes } from '@bull-board/api/dist/routes.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../src/db/operators.ts'
import { boardChanges } from '../../src/intake/operators/board-changes.ts'
import { loadCatalog } from '../../queues/catalog.ts'
import { pauseQueue } from '../../src/ledger/settings.ts'
import { type BoardJobs, type BoardWorld, goodPayload, queueName, scheduleKey, startBoardWorld } from './board-world.ts'

let world: BoardWorld
beforeAll(async () => {
  world = await startBoardWorld()
})
afterAll(() => world.close())

const roles = ['viewer', 'operator', 'admin'] as const

/** What a route does: for whom, about which job, with which body, and what has then changed. */
interface Pin {
  /** The least role it obeys; null = nobody. */
  readonly role: Role | null
  readonly action: string
  readonly job?: keyof BoardJobs
  /** Somebody has paused the queue before. */
  readonly isPaused?: true
  readonly body?: unknown
  readonly status?: number
  /** Lines of the ledger: what went, what came. */
  readonly changes?: readonly [gone: readonly RegExp[], come: readonly RegExp[]]
  readonly answer?: unknown
}

const never = (action: string, body: unknown = {}): Pin => ({ role: null, action, body })

const queues = await loadCatalog()
const paused = new RegExp(`^${queueName} paused somebody`)
const open = new RegExp(`^${queueName} open null`)

const pins: Readonly<Record<string, Pin>> = {
  'put /api/queues/pause': {
    role: 'admin',
    action: 'queue.pause-all',
    changes: [[], [...Array<RegExp>(queues.size).fill(/^[a-z]+\.[a-z-]+ paused admin@hbnb\.example/)]],
  },
  'put /api/queues/resume': { role: 'admin', action: 'queue.resume-all', isPaused: true, changes: [[paused], [open]] },
  'post /api/queues/:queueName/add': {
    role: 'operator',
    action: 'job.add',
    body: { name: '__default__', data: goodPayload, options: {} },
    changes: [[], [/^another job accepted/]],
    answer: { job: { name: queueName }, status: 'waiting' },
  },
  'put /api/queues/:queueName/retry/:queueStatus': {
    role: 'admin',
    action: 'queue.retry-all',
    changes: [[/^failed failed/], [/^failed accepted /]],
    answer: { retried: 1, skipped: 0 },
  },
  'put /api/queues/:queueName/promote': never('queue.promote-all'),
  'put /api/queues/:queueName/clean/:queueStatus': never('queue.clean'),
  'put /api/queues/:queueName/pause': {
    role: 'operator',
    action: 'queue.pause',
    changes: [[], [new RegExp(`^${queueName} paused (operator|admin)@hbnb.example null null`)]],
  },
  'put /api/queues/:queueName/resume': {
    role: 'operator',
    action: 'queue.resume',
    isPaused: true,
    changes: [[paused], [open]],
  },
  'put /api/queues/:queueName/concurrency': never('queue.limit-concurrency', { concurrency: 1 }),
  'put /api/queues/:queueName/rate-limit': never('queue.limit-rate', { max: 1, duration: 1_000 }),
  'put /api/queues/:queueName/rate-limit/release': never('queue.release-limit'),
  'put /api/queues/:queueName/empty': never('queue.empty'),
  'put /api/queues/:queueName/obliterate': never('queue.obliterate', { force: true }),
  'put /api/queues/:queueName/job-schedulers/:schedulerId/remove': never('schedule.remove'),
  'patch /api/queues/:queueName/job-schedulers/:schedulerId': never('schedule.change', { pattern: '* * * * *' }),
  'put /api/queues/:queueName/job-schedulers/:schedulerId/run': {
    role: 'operator',
    action: 'schedule.run',
    changes: [[], [/^another job accepted/]],
    answer: { job: { name: queueName } },
  },
  'put /api/queues/:queueName/:jobId/retry': {
    role: 'operator',
    action: 'job.retry',
    job: 'failed',
    changes: [[/^failed failed/], [/^failed accepted /]],
  },
  'put /api/queues/:queueName/:jobId/clean': {
    role: 'operator',
    action: 'job.cancel',
    job: 'waiting',
    changes: [[/^waiting accepted/], [/^waiting cancelled/]],
  },
  'put /api/queues/:queueName/:jobId/promote': {
    role: 'operator',
    action: 'job.promote',
    job: 'planned',
    changes: [[/^planned accepted later/], [/^planned accepted \{/]],
  },
  'patch /api/queues/:queueName/:jobId/update-data': never('job.change-data', { jobData: { user_id: 'user-8' } }),
  'patch /api/queues/:queueName/:jobId/delay': never('job.change-time', { runAt: 0 }),
  'patch /api/queues/:queueName/:jobId/priority': never('job.change-priority', { priority: 1 }),
  'put /api/queues/:queueName/:jobId/remove-unprocessed-children': never('job.remove-children'),
}

function pathOf(route: string, id: string): string {
  const [, path = ''] = route.split(' ')
  return `/admin/queues${path}`
    .replace(':queueName', queueName)
    .replace(':jobId', id)
    .replace(':schedulerId', scheduleKey)
    .replace(':queueStatus', 'failed')
}

const methodOf = (route: string): string => route.slice(0, route.indexOf(' '))

test('every changing route of this Bull Board is decided about, and no other', () => {
  const theirs = appRoutes.api
    .filter(({ method }) => method !== 'get')
    .flatMap(({ method, route }) => [method].flat().flatMap(verb => [route].flat().map(path => `${verb} ${path}`)))
  expect(Object.keys(boardChanges)).toEqual(theirs)
  expect(Object.keys(pins)).toEqual(theirs)
})

describe.each(Object.entries(pins))('%s', (route, pin) => {
  test.each(roles)('by a %s', async role => {
    const { knex } = world.site.database
    await knex('hbnb_jobs.queue_settings').delete()
    await knex('hbnb_jobs.job_live').delete()
    await knex('hbnb_jobs.job_outcomes').delete()
    await knex('hbnb_jobs.jobs').delete()
    const jobs = await world.givenJobs()
    const id = jobs[pin.job ?? 'failed']
    if (pin.isPaused) await pauseQueue(world.site.database.run, queueName, 'somebody', 'a reason')
    const before = await world.ledger(jobs)
    await world.newAudit()

    const answer = await world.people[role].change(methodOf(route), pathOf(route, id), pin.body)

    const mayDo = pin.role !== null && roles.indexOf(role) >= roles.indexOf(pin.role)
    const after = await world.ledger(jobs)
    const [gone = [], come = []] = mayDo ? (pin.changes ?? []) : []
    expect(answer.status).toBe(mayDo ? (pin.status ?? 200) : 403)
    if (mayDo) expect(JSON.parse(answer.text)).toMatchObject(pin.answer ?? {})
    expectLines(
      before.filter(line => !after.includes(line) || count(before, line) > count(after, line)),
      gone,
    )
    expectLines(
      after.filter(line => !before.includes(line) || count(after, line) > count(before, line)),
      come,
    )
    expect(await world.newAudit()).toMatchObject([
      {
        actor: `${role}@hbnb.example`,
        action: pin.action,
        target: targetOf(route, id),
        origin: world.site.url,
        detail: mayDo ? expect.not.objectContaining({ refused: expect.anything() }) : { refused: 403 },
      },
    ])
  })
})

function count(lines: readonly string[], wanted: string): number {
  return lines.filter(line => line === wanted).length
}

function expectLines(lines: readonly string[], wanted: readonly RegExp[]): void {
  expect(lines).toEqual(wanted.map(pattern => expect.stringMatching(pattern)))
}

function targetOf(route: string, id: string): string {
  if (route.includes(':jobId')) return `job:${id}`
  if (route.includes(':schedulerId')) return `schedule:${scheduleKey}`
  return route.includes(':queueName') ? `queue:${queueName}` : 'queue:*'
}
