import type { Knex } from 'knex'
import type { Client as Pg } from 'pg'
import { expectTypeOf, test } from 'vitest'
import {
  type Client,
  createClient,
  type enqueueIn,
  type EndedJob,
  type JobName,
  type ResultOf,
} from '../../src/client/client.ts'
import type notificationsSend from '../../queues/notifications/send.ts'
import type { PayloadOf as ContractPayload, ResultOf as ContractResult } from '../../queues/define-job.ts'
import { payload } from './client-world.ts'

/** Read by the compiler alone: a line that should not compile fails the types when it does. */
async function neverRun(client: Client): Promise<void> {
  const job = await client.enqueue('notifications.send', payload, { priority: 3, runAt: new Date(), tags: ['a'] })
  expectTypeOf(job.name).toEqualTypeOf<'notifications.send'>()
  expectTypeOf(job.state).toEqualTypeOf<'waiting' | 'scheduled'>()

  // @ts-expect-error -- There is no such job type.
  await client.enqueue('notifications.sent', payload)
  // @ts-expect-error -- It is made by other jobs only.
  await client.enqueue('email.send', { delivery_id: '' })
  // @ts-expect-error -- A field is missing.
  await client.enqueue('notifications.send', { user_id: 'u-7', booking_id: '42' })
  // @ts-expect-error -- There is no such template.
  await client.enqueue('notifications.send', { ...payload, template: 'farewell' })
  // @ts-expect-error -- There is no such field.
  await client.enqueue('notifications.send', { ...payload, locale: 'fr' })
  // @ts-expect-error -- There is no such option.
  await client.enqueue('notifications.send', payload, { delay: 10 })

  const ended = await client.wait(job)
  expectTypeOf(ended).toExtend<EndedJob>()
  type Completed = Extract<typeof ended, { state: 'completed' }>
  expectTypeOf<Completed['result']>().toEqualTypeOf<ResultOf<'notifications.send'>>()
  // @ts-expect-error -- Only a completed job has this result.
  void ended.result.notification_id
  if (ended.state === 'completed') {
    expectTypeOf(ended.result.channels.email).toEqualTypeOf<string>()
  } else {
    expectTypeOf(ended.result).toEqualTypeOf<null>()
    expectTypeOf(ended.state).toEqualTypeOf<'skipped' | 'failed' | 'cancelled' | 'quarantined'>()
  }

  for await (const outcome of client.bulk([{ name: 'notifications.send', payload, key: 'k' }])) {
    expectTypeOf(outcome.index).toEqualTypeOf<number>()
    if (outcome.status === 'accepted') expectTypeOf(outcome.id).toEqualTypeOf<string>()
    if (outcome.status === 'refused') expectTypeOf(outcome.problem.status).toEqualTypeOf<number>()
  }
  // @ts-expect-error -- The payload is not that of the name.
  client.bulk([{ name: 'notifications.send', payload: { inbox_id: '' } }])
  // @ts-expect-error -- The payload is not that of the name.
  await client.batches.open({ whenDone: { name: 'notifications.send', payload: {} } })

  for await (const event of client.events(job)) {
    expectTypeOf(event.type).toEqualTypeOf<'state' | 'progress' | 'log' | 'end'>()
  }
}

test('names, payloads and results are those of the contracts', () => {
  expectTypeOf(neverRun).toBeFunction()
  expectTypeOf<'notifications.send'>().toExtend<JobName>()
  type Made = Parameters<Client['enqueue']>
  expectTypeOf<Made[0]>().toEqualTypeOf<JobName>()
  expectTypeOf<Made[1]>().toExtend<ContractPayload<typeof notificationsSend>>()
  expectTypeOf<ContractResult<typeof notificationsSend>>().toExtend<ResultOf<'notifications.send'>>()
})

test('clients of pg and transactions of knex are taken as they are', () => {
  type Transaction = Parameters<typeof enqueueIn>[0]
  expectTypeOf<Pg>().toExtend<Transaction>()
  expectTypeOf<Knex.Transaction>().toExtend<Transaction>()
})

test('options need a url and a key', () => {
  expectTypeOf(createClient).parameter(0).toHaveProperty('url')
  // @ts-expect-error -- Without a key nothing can be asked.
  expectTypeOf(createClient).toBeCallableWith({ url: 'https://jobs.example.com' })
})
