import { describe, expect, it } from 'vitest'
import { openWindows } from '../../src/ledger/relay/window.ts'

const name = 'test.work'
const concurrency = 20

/** Windows by a clock of their own, of a queue that ends 20 jobs at once every 100 ms and is filled up at each pass. */
function burstyQueue() {
  let nowMs = 0
  let waiting = 0
  const windows = openWindows(() => nowMs)
  const pass = () => {
    const room = windows.room(name, { waiting, delayed: 0 }, concurrency)
    waiting += room.ordinaryRoom
    windows.added(name, room.ordinaryRoom, 0)
    return room
  }
  return {
    windows,
    pass,
    get waiting() {
      return waiting
    },
    burst() {
      pass()
      nowMs += 2
      waiting = Math.max(0, waiting - concurrency)
      nowMs += 2
      pass()
      nowMs += 96
    },
  }
}

describe('the window of a queue', () => {
  it('holds about two seconds of what is drained, also when that comes in bursts', () => {
    const queue = burstyQueue()
    for (let bursts = 0; bursts < 50; bursts += 1) {
      queue.burst()
      expect(queue.waiting).toBeLessThan(600)
    }
    expect(queue.waiting).toBeGreaterThan(250)
  })

  it('has room for those who go ahead when it is more than full', () => {
    const { windows, waiting } = burstyQueue()
    expect(windows.room(name, { waiting: waiting + 5_000, delayed: 0 }, concurrency)).toEqual({
      total: 10,
      ordinaryRoom: 0,
      newRoom: 10,
    })
  })

  it('lets no more go ahead than were started, whatever its room', () => {
    const { windows } = burstyQueue()
    const held = { waiting: 5_000, delayed: 0 }
    expect(windows.room(name, held, concurrency).newRoom).toBe(10)
    windows.added(name, 10, 10)
    expect(windows.room(name, { ...held, waiting: 5_010 }, concurrency).newRoom).toBe(0)
    expect(windows.room(name, { ...held, waiting: 5_002 }, concurrency).newRoom).toBe(2)
  })
})
