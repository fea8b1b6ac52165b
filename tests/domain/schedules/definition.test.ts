import { describe, expect, it } from 'vitest'
import { scheduleDefinition, scheduleKey } from '../../../src/domain/schedules/definition.ts'

const good = {
  job: 'test.work',
  cron: '0 3 * * *',
  zone: 'Europe/Paris',
  missed: 'once',
  overlap: 'skip',
  payload: { n: 1 },
}

describe('a definition', () => {
  it.each([{}, { zone: 'UTC' }, { missed: { all: 5 }, overlap: 'queue' }])('is taken: %j', changes => {
    expect(scheduleDefinition.safeParse({ ...good, ...changes }).success).toBe(true)
  })

  it.each([
    ['zone', { zone: '+02:00' }],
    ['zone', { zone: 'Europe/Atlantis' }],
    ['missed', { missed: { all: 0 } }],
    ['missed', { missed: { all: 1_001 } }],
    ['overlap', { missed: { all: 5 }, overlap: 'skip' }],
    ['payload', { payload: [] }],
    ['', { surprise: 1 }],
  ])('is refused at %s: %j', (field, changes) => {
    const issues = scheduleDefinition.safeParse({ ...good, ...changes }).error?.issues ?? []
    expect(issues.map(({ path }) => String(path[0] ?? ''))).toContain(field)
  })
})

describe('a key', () => {
  it.each(['nightly', 'reports.weekly', 'a-1_b'])('%s is taken', key => {
    expect(scheduleKey.safeParse(key).success).toBe(true)
  })
  it.each(['', 'Nightly', 'a b', '.a', 'a..b', 'é', 'x'.repeat(101)])('"%s" is refused', key => {
    expect(scheduleKey.safeParse(key).success).toBe(false)
  })
})
