import { expect, test } from 'vitest'
import { instantAt } from '../../../src/domain/schedules/instant-at.ts'

test.each([
  ['2026-12-12', '15:00', 'Europe/Paris', '2026-12-12T14:00:00.000Z'],
  ['2026-07-14', '15:00', 'Europe/Paris', '2026-07-14T13:00:00.000Z'],
  ['2026-03-29', '04:00', 'Europe/Paris', '2026-03-29T02:00:00.000Z'],
  ['2026-12-12', '00:30', 'Pacific/Auckland', '2026-12-11T11:30:00.000Z'],
  ['2026-12-12', '23:30', 'Pacific/Pago_Pago', '2026-12-13T10:30:00.000Z'],
])('on %s the clocks show %s in %s at %s', (day, time, zone, instant) => {
  expect(instantAt(day, time, zone).toISOString()).toBe(instant)
})
