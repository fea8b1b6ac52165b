import { expect, test } from 'vitest'
import { marketingUntil } from '../../../src/domain/notifications/marketing-hours.ts'

// biome-ignore format: a table reads best with one case per line
test.each([
  // country, zone, now, until
  ['a Friday afternoon', 'FR', 'Europe/Paris', '2026-11-20T15:00:00Z', null],
  ['the last minute of the day', 'FR', 'Europe/Paris', '2026-11-20T20:59:59Z', null],
  ['the first of the night', 'FR', 'Europe/Paris', '2026-11-19T21:00:00Z', '2026-11-20T07:00:00Z'],
  ['early on a weekday', 'FR', 'Europe/Paris', '2026-11-20T06:59:59Z', '2026-11-20T07:00:00Z'],
  ['eight o’clock', 'FR', 'Europe/Paris', '2026-11-20T07:00:00Z', null],
  ['a Saturday night', 'FR', 'Europe/Paris', '2026-11-21T21:30:00Z', '2026-11-23T07:00:00Z'],
  ['a Sunday noon', 'FR', 'Europe/Paris', '2026-11-22T11:00:00Z', '2026-11-23T07:00:00Z'],
  ['a Sunday that has begun in Paris only', 'FR', 'Europe/Paris', '2026-11-21T23:30:00Z', '2026-11-23T07:00:00Z'],
  ['the day before Easter Monday', 'FR', 'Europe/Paris', '2026-04-05T10:00:00Z', '2026-04-07T06:00:00Z'],
  ['Good Friday', 'FR', 'Europe/Paris', '2026-04-03T10:00:00Z', '2026-04-04T06:00:00Z'],
  ['Christmas, Alsace’s second day, and a Sunday', 'FR', 'Europe/Paris', '2026-12-24T22:00:00Z', '2026-12-28T07:00:00Z'],
  ['14 July at its first minute of daylight', 'FR', 'Europe/Paris', '2026-07-14T06:00:00Z', '2026-07-15T06:00:00Z'],
  ['no country', null, 'Europe/Paris', '2026-11-22T11:00:00Z', '2026-11-23T07:00:00Z'],
  // The clocks of Paris go forward in the night to Sunday, 29 March 2026, and back in that to Sunday, 25 October.
  ['the Saturday before summer', 'FR', 'Europe/Paris', '2026-03-28T21:00:00Z', '2026-03-30T06:00:00Z'],
  ['the short Sunday', 'FR', 'Europe/Paris', '2026-03-29T01:00:00Z', '2026-03-30T06:00:00Z'],
  ['the Saturday before winter', 'FR', 'Europe/Paris', '2026-10-24T20:00:00Z', '2026-10-26T07:00:00Z'],
  ['the long Sunday, at the hour it has twice', 'FR', 'Europe/Paris', '2026-10-25T00:30:00Z', '2026-10-26T07:00:00Z'],
  ['a reader of France in New York', 'FR', 'America/New_York', '2026-11-23T12:30:00Z', '2026-11-23T13:00:00Z'],
  ['Réunion on the day of abolition, a Sunday', 'RE', 'Indian/Reunion', '2026-12-20T08:00:00Z', '2026-12-21T04:00:00Z'],
  ['Martinique on the day of abolition', 'MQ', 'America/Martinique', '2026-05-22T15:00:00Z', '2026-05-23T12:00:00Z'],
  ['a Sunday in Belgium', 'BE', 'Europe/Brussels', '2026-11-22T11:00:00Z', null],
  ['a night in Belgium', 'BE', 'Europe/Brussels', '2026-11-22T21:00:00Z', '2026-11-23T07:00:00Z'],
] as const)('an offer on %s', (_, country, zone, now, until) => {
  expect(marketingUntil(country, 'offers', new Date(now), zone)).toEqual(until === null ? null : new Date(until))
})

test.each(['booking', 'payment', 'security', 'reminder', 'message', 'review', 'account'] as const)(
  'what is no marketing goes out on a Sunday night: %s',
  category => {
    expect(marketingUntil('FR', category, new Date('2026-11-22T22:00:00Z'), 'Europe/Paris')).toBeNull()
  },
)
