import { expect, it } from 'vitest'
import { nextLook, nextTurn } from '../../src/domain/unknown-entity.ts'

const accepted = new Date('2026-11-22T12:00:00Z')
const secondsLater = (seconds: number) => new Date(accepted.getTime() + seconds * 1_000)

/** All looks, in seconds after it was accepted. */
function looksOf(next: typeof nextLook): number[] {
  const looks: number[] = []
  for (let at = next(accepted, accepted); at !== undefined; at = next(accepted, at)) {
    looks.push((at.getTime() - accepted.getTime()) / 1_000)
  }
  return looks
}

it('looks for what it does not know for a day, ever more rarely', () => {
  expect(looksOf(nextLook)).toEqual([30, 120, 600, 3_600, 21_600, 86_400])
})

it('waits ten minutes for its turn, ever more patiently', () => {
  expect(looksOf(nextTurn)).toEqual([2, 10, 30, 120, 600])
})

it('catches up with the clock after a standstill', () => {
  expect(nextLook(accepted, secondsLater(700))).toEqual(secondsLater(3_600))
  expect(nextTurn(accepted, secondsLater(700))).toBeUndefined()
})
