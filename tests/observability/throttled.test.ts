import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { throttled } from '../../src/observability/throttled.ts'
import { queueErrorLog } from '../../workers/runtime/queue-error-log.ts'
import { keptLog } from './kept-log.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

it('says the first at once, then once per period how many there were, and nothing when there were none', () => {
  const said: number[] = []
  const say = throttled(10_000, count => said.push(count))
  for (let time = 0; time < 5; time += 1) say()
  expect(said).toEqual([1])
  vi.advanceTimersByTime(10_000)
  expect(said).toEqual([1, 4])
  say()
  vi.advanceTimersByTime(10_000)
  expect(said).toEqual([1, 4, 1])
  vi.advanceTimersByTime(60_000)
  say()
  expect(said).toEqual([1, 4, 1, 1])
})

it('a store that is away costs one line per kind of error and 10 s, whatever the number of queues', () => {
  const { log, lines } = keptLog()
  const [mail, sms] = [queueErrorLog(log), queueErrorLog(log)]
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  for (let second = 0; second < 20; second += 1) {
    mail('email.send', refused)
    sms('sms.send', refused)
    sms('sms.send', new TypeError('odd'))
    vi.advanceTimersByTime(1_000)
  }
  vi.advanceTimersByTime(10_000)
  expect(lines.map(({ count, queues, err }) => [Reflect.get(Object(err), 'name'), count, queues])).toEqual([
    ['Error', 1, ['email.send']],
    ['TypeError', 1, ['sms.send']],
    ['Error', 19, ['sms.send', 'email.send']],
    ['TypeError', 9, ['sms.send']],
    ['Error', 20, ['email.send', 'sms.send']],
    ['TypeError', 10, ['sms.send']],
  ])
})
