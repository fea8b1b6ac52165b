import { describe, expect, it } from 'vitest'
import { InvalidCron, readCron } from '../../../src/ledger/schedules/read-cron.ts'

const first = (cron: string): string | undefined => {
  const wall = readCron(cron).nextWall(Date.parse('2026-01-01T00:00:00Z'))
  return wall === undefined ? undefined : new Date(wall).toISOString()
}

describe('a cron', () => {
  it.each([
    ['* * * * *', '2026-01-01T00:01:00.000Z'],
    ['* * * * * *', '2026-01-01T00:00:01.000Z'],
    ['30 5 3 * * *', '2026-01-01T03:05:30.000Z'],
    ['0 0 L * *', '2026-01-31T00:00:00.000Z'],
    ['0 0 * * 1#2', '2026-01-12T00:00:00.000Z'],
    ['0 0 * * THU', '2026-01-08T00:00:00.000Z'],
    ['0 0 * MAR 7', '2026-03-01T00:00:00.000Z'],
    // A day of the month and one of the week: either will do.
    ['0 0 13 * 5', '2026-01-02T00:00:00.000Z'],
    ['  0   0 2 * *  ', '2026-01-02T00:00:00.000Z'],
  ])('%s is first due at %s', (cron, expected) => {
    expect(first(cron)).toBe(expected)
  })

  it.each([
    ['', 'fields'],
    ['* *', 'fields'],
    ['@daily', 'fields'],
    ['* * * * * * *', 'fields'],
    ['60 * * * *', '60'],
    ['0 0 30 2 *', 'day of month'],
    ['H * * * *', 'H is not supported'],
    ['* h(1-3) * * *', 'H is not supported'],
    ['a b c d e', 'characters'],
    [`${'1,'.repeat(150)}1 * * * *`, 'characters'],
  ])('"%s" is refused and told why', (cron, why) => {
    expect(() => readCron(cron)).toThrow(InvalidCron)
    expect(() => readCron(cron)).toThrow(why)
  })

  it('follows real hours when it names all of them, in whatever words', () => {
    expect(readCron('0 * * * *').everyHour).toBe(true)
    expect(readCron('0 0-23 * * *').everyHour).toBe(true)
    expect(readCron('0 1-23 * * *').everyHour).toBe(false)
    expect(readCron('0 */2 * * *').everyHour).toBe(false)
  })
})
