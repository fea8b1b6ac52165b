import { expect, test } from 'vitest'
import { quietUntil } from '../../../src/domain/notifications/quiet-hours.ts'

const night = { from: '22:00', to: '08:00' }

// biome-ignore format: a table reads best with one case per line
test.each([
  // zone, from, to, now, until
  ['the evening', 'Europe/Paris', night, '2026-11-22T21:30:12Z', '2026-11-23T07:00:00Z'],
  ['the early morning', 'Europe/Paris', night, '2026-11-22T06:59:59.999Z', '2026-11-22T07:00:00Z'],
  ['its first instant', 'Europe/Paris', night, '2026-11-22T21:00:00Z', '2026-11-23T07:00:00Z'],
  ['its end', 'Europe/Paris', night, '2026-11-22T07:00:00Z', null],
  ['the day', 'Europe/Paris', night, '2026-11-22T12:00:00Z', null],
  ['a nap', 'America/New_York', { from: '13:00', to: '14:30' }, '2026-07-01T17:10:00Z', '2026-07-01T18:30:00Z'],
  ['hours that are none', 'Europe/Paris', { from: '08:00', to: '08:00' }, '2026-07-01T06:00:00Z', null],
  ['half an hour beside the others', 'Asia/Kolkata', night, '2026-07-01T17:00:00Z', '2026-07-02T02:30:00Z'],
  ['the night that is an hour short', 'Europe/Paris', night, '2026-03-28T22:00:00Z', '2026-03-29T06:00:00Z'],
  ['the night that is an hour long', 'Europe/Paris', night, '2026-10-24T21:00:00Z', '2026-10-25T07:00:00Z'],
  ['an end the clocks jump over', 'Europe/Paris', { from: '23:00', to: '02:30' }, '2026-03-29T00:15:00Z', '2026-03-29T01:00:00Z'],
  ['an end they show twice', 'Europe/Paris', { from: '23:00', to: '02:30' }, '2026-10-24T23:15:00Z', '2026-10-25T00:30:00Z'],
  ['its second time', 'Europe/Paris', { from: '23:00', to: '02:30' }, '2026-10-25T01:10:00Z', '2026-10-25T01:30:00Z'],
  ['between both', 'Europe/Paris', { from: '23:00', to: '02:30' }, '2026-10-25T00:40:00Z', null],
  ['a short night in the south', 'Pacific/Auckland', night, '2026-09-26T11:00:00Z', '2026-09-26T19:00:00Z'],
  ['a long night in the south', 'Pacific/Auckland', night, '2026-04-04T10:00:00Z', '2026-04-04T20:00:00Z'],
  ['a jump at midnight', 'America/Santiago', { from: '22:00', to: '00:30' }, '2026-09-06T03:30:00Z', '2026-09-06T04:00:00Z'],
  ['half an hour of summer', 'Australia/Lord_Howe', night, '2026-10-03T12:00:00Z', '2026-10-03T21:00:00Z'],
] as const)('%s in %s', (_, zone, hours, now, until) => {
  expect(quietUntil(hours, zone, new Date(now))).toEqual(until === null ? null : new Date(until))
})
