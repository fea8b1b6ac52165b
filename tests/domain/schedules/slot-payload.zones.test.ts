import { expect, it } from 'vitest'
import { fillSlot } from '../../../src/domain/schedules/slot-payload.ts'

const slot = new Date('2026-03-28T23:30:00.000Z')

it('a template is filled from the slot alone, in the calendar of its zone', () => {
  const template = {
    day: '{{slot.date}}',
    window: { until: ['{{slot}}', 3, null, true] },
    note: 'of {{slot.date}}, {{x}}',
  }
  expect(fillSlot(template, slot, 'Europe/Paris')).toEqual({
    day: '2026-03-29',
    window: { until: ['2026-03-28T23:30:00.000Z', 3, null, true] },
    note: 'of 2026-03-29, {{x}}',
  })
  expect(fillSlot({ day: '{{slot.date}}' }, slot, 'America/New_York')).toEqual({ day: '2026-03-28' })
})
