import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { defineJob } from '../../queues/define-job.ts'
import { Ambiguous, PermanentError, TemporaryError } from '../../src/errors.ts'
import { process } from '../../workers/runtime/process.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { policy } from '../support/sending-job.ts'
import { smallFigures } from '../support/test-job.ts'
import { until } from '../support/until.ts'

const alias = 'Zoé-la-Rousse'
const maxMessageChars = 500
const shape = { payload: z.strictObject({ alias: z.string().meta({ pii: true }) }), result: z.null() }
const lengthy = defineJob({ ...smallFigures, ...shape, name: 'test.lengthy' })
const refused = defineJob({ ...smallFigures, ...shape, name: 'test.refused' })
const unsettled = defineJob({ ...smallFigures, ...shape, name: 'test.unsettled' })
let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine([
    process(lengthy, async payload => {
      const before = 'no one is called '.padEnd(maxMessageChars - 4, '.')
      throw new PermanentError('unknown-alias', `${before}${payload.alias}`)
    }),
    process(refused, async (payload, { effect }) => {
      await effect('one', policy, async () => {
        throw new PermanentError('bad-recipient', `${payload.alias} takes no messages`)
      })
      return null
    }),
    process(unsettled, async (payload, { effect }) => {
      const settle = async () => {
        throw new TemporaryError('look-up-failed', `the list of ${payload.alias} could not be read`)
      }
      const whenUnsettled = { afterMs: 60_000, action: 'close' } as const
      await effect('one', { ...policy, settle, whenUnsettled }, async () => {
        throw new Ambiguous('answer-lost', `${payload.alias} hung up`)
      })
      return null
    }),
  ])
})
afterAll(async () => {
  await engine.close()
})

async function effectErrorOf(id: string, code: string) {
  return await until(`the effect ended as ${code}`, async () => {
    const row = await engine.database.knex('hbnb_jobs.effects').where({ job_id: id }).first('error')
    return row?.error?.code === code ? row.error : undefined
  })
}

it('masks a message before it cuts it', async () => {
  const id = await engine.accept(lengthy, { alias })
  const { error } = await engine.ended(id)
  expect(error?.message).toMatch(/^no one is called \.+\[red$/)
  expect(error?.message).toHaveLength(maxMessageChars)
})

it('masks what a provider refused with, on the effect too', async () => {
  const id = await engine.accept(refused, { alias })
  expect(await engine.ended(id)).toMatchObject({ error: { message: '[redacted] takes no messages' } })
  expect(await effectErrorOf(id, 'bad-recipient')).toMatchObject({ message: '[redacted] takes no messages' })
})

it('masks what nobody knows the end of, and what a provider said when it was asked', async () => {
  const id = await engine.accept(unsettled, { alias })
  expect(await effectErrorOf(id, 'answer-lost')).toMatchObject({ message: '[redacted] hung up' })
  const failed = await effectErrorOf(id, 'look-up-failed')
  expect(failed).toMatchObject({ message: 'the list of [redacted] could not be read' })
})
