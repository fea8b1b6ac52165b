import { expect, test } from 'vitest'
import { batcher } from '../../src/ledger/batcher.ts'
import { gate } from '../support/gate.ts'
import { until } from '../support/until.ts'

test('with a batch in flight single calls join the next, and only a full one leaves beside it', async () => {
  const door = gate()
  const sizes: number[] = []
  const call = batcher({ maxItems: 3, maxInFlight: 2, maxPartialInFlight: 1 }, async (items: number[]) => {
    sizes.push(items.length)
    await door.pass()
    return items
  })
  const answers = [call(0)]
  await until('the first has left', () => sizes.length === 1)
  answers.push(call(1), call(2))
  await new Promise(resolve => setImmediate(resolve))
  expect(sizes).toEqual([1])
  answers.push(call(3), call(4))
  await until('a full one has left', () => sizes.length === 2)
  expect(sizes).toEqual([1, 3])
  door.open()
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4])
  expect(sizes).toEqual([1, 3, 1])
})
