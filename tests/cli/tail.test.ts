import { expect, test } from 'vitest'
import { z } from 'zod'
import emailSend from '../../queues/email/send.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { endAs, givenOpen } from '../operators/given-job.ts'
import { until } from '../support/until.ts'
import { openCliWorld } from './cli-world.ts'
import { commandLine } from './command-line.ts'

const { url, database } = await openCliWorld()

const mailAbout = (entity: string) => givenOpen(database, emailSend, { delivery_id: newJobId() }, { entity })

test('tail tells each change once, oldest first', async () => {
  const controller = new AbortController()
  const seen: string[] = []
  const onOut = (text: string) => void seen.push(text)
  const following = commandLine(url, { interrupted: controller.signal, onOut })(
    'tail',
    'booking:tail',
    '--since',
    '1m',
    '--json',
  )
  const statesOf = () => seen.map(line => z.object({ id: z.string(), state: z.string() }).parse(JSON.parse(line)))
  const id = await mailAbout('booking:tail')
  await until('it is seen', () => seen.length > 0)
  await endAs(database, id, 'failed')
  await mailAbout('booking:other')
  await until('its end is seen', () => seen.length > 1)
  const last = await mailAbout('booking:tail')
  await until('a later one is seen', () => statesOf().some(one => one.id === last))
  controller.abort()
  expect((await following).code).toBe(0)
  expect(statesOf()).toEqual([
    { id, state: 'accepted' },
    { id, state: 'failed' },
    { id: last, state: 'accepted' },
  ])
})

test('tail tells all of more than one look reads at once', async () => {
  const count = 12_000
  await database.knex.raw(
    `insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at, accepted_at)
     select hbnb_jobs.uuid_v7(), 'tail.many', 1, '{}', 'default', 5, now(), now() - n / 4000 * interval '1 ms'
     from generate_series(1, ?::int) as n`,
    [count],
  )
  const controller = new AbortController()
  const told: string[] = []
  const person = { interrupted: controller.signal, onOut: (text: string) => void told.push(text) }
  const following = commandLine(url, person)('tail', '--name', 'tail.many', '--since', '1m', '--json')
  await until('all are told', () => told.length >= count)
  // A later one is told by a later look: the others are not told again by then.
  await database.knex('hbnb_jobs.jobs').insert({
    id: newJobId(),
    name: 'tail.many',
    version: 1,
    payload: {},
    tenant: 'default',
    priority: 5,
    run_at: new Date(),
  })
  await until('a later one is told', () => told.length > count)
  controller.abort()
  expect((await following).code).toBe(0)
  expect(told).toHaveLength(count + 1)
  expect(new Set(told).size).toBe(count + 1)
})
