import { expect, test } from 'vitest'
import type { RunStatement } from '../../src/db/statement.ts'
import { standReader } from '../../src/intake/operators/board-stands.ts'

/** A database that takes so long by a clock of the test's own, and counts what it is asked. */
function slowDatabase() {
  const clock = { nowMs: 0, tookMs: 0, looks: [] as unknown[] }
  const run: RunStatement = async (_statement, values = []) => {
    clock.looks.push(values[0])
    clock.nowMs += clock.tookMs
    return []
  }
  return { clock, standOf: standReader(run, () => clock.nowMs) }
}

test('all queues of a page are looked at once, and a quick look is always a new one', async () => {
  const { clock, standOf } = slowDatabase()
  await Promise.all([standOf('a.b'), standOf('c.d'), standOf('a.b')])
  await standOf('a.b')
  expect(clock.looks).toEqual([['a.b', 'c.d', 'a.b'], ['a.b']])
})

test('a slow look is shown again for ten times as long', async () => {
  const { clock, standOf } = slowDatabase()
  clock.tookMs = 500
  await standOf('a.b')
  clock.nowMs += 4_999
  await standOf('a.b')
  expect(clock.looks).toHaveLength(1)
  await standOf('c.d')
  expect(clock.looks).toHaveLength(2)
  clock.nowMs += 5_001
  await standOf('c.d')
  expect(clock.looks).toHaveLength(3)
})
