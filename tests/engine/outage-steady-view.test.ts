import { describe, expect, it } from 'vitest'
import { steadyView } from '../../src/ledger/steady-view.ts'

const lookEveryMs = 1_000
const longestGapMs = 3_000

/** A view whose clock the test moves. */
function viewAt(startMs: number) {
  const clock = { ms: startMs }
  const view = steadyView(() => clock.ms)
  return {
    view,
    pass: (ms: number) => {
      clock.ms += ms
    },
    look(times: number) {
      for (let looks = 0; looks < times; looks += 1) {
        clock.ms += lookEveryMs
        view.seen()
      }
    },
  }
}

describe('a steady view', () => {
  it('begins when it is opened, whatever the clock says', () => {
    const test = viewAt(1_000_000)
    expect(test.view.forMs()).toBe(0)
    test.look(12)
    expect(test.view.forMs()).toBe(12 * lookEveryMs)
  })

  it('goes on while the next look is not late', () => {
    const test = viewAt(0)
    test.look(10)
    test.pass(longestGapMs)
    expect(test.view.forMs()).toBe(10 * lookEveryMs + longestGapMs)
    test.view.seen()
    test.look(1)
    expect(test.view.forMs()).toBe(11 * lookEveryMs + longestGapMs)
  })

  it('begins again when it is asked late: it may have been blind since its last look', () => {
    const test = viewAt(0)
    test.look(20)
    test.pass(longestGapMs + 1)
    expect(test.view.forMs()).toBe(0)
    test.view.seen()
    test.look(2)
    expect(test.view.forMs()).toBe(2 * lookEveryMs)
  })

  it('begins again when it looks late without having been asked', () => {
    const test = viewAt(0)
    test.look(20)
    test.pass(13_000)
    test.view.seen()
    expect(test.view.forMs()).toBe(0)
  })

  it('grows by no question: looks that fail are not seen', () => {
    const test = viewAt(0)
    test.look(20)
    for (let asked = 0; asked < 13; asked += 1) {
      test.pass(lookEveryMs)
      test.view.forMs()
    }
    expect(test.view.forMs()).toBe(0)
    test.look(1)
    expect(test.view.forMs()).toBeLessThan(2 * lookEveryMs)
  })
})
