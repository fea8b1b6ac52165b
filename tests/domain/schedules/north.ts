import type { ZoneChange } from './clock-changes.ts'

export const north: readonly ZoneChange[] = [
  {
    zone: 'Europe/Paris',
    change: 'spring, 02:00 becomes 03:00',
    at: '2026-03-29T01:00:00Z',
    cases: {
      'a daily time left out runs once, when the gap ends': {
        cron: '30 2 * * *',
        hours: 26,
        expected: ['2026-03-28T02:30+01:00', '2026-03-29T03:00+02:00', '2026-03-30T02:30+02:00'],
      },
      'times left out and the time the gap ends are one slot': {
        cron: '0,30 2,3 * * 0',
        hours: 2,
        expected: ['2026-03-29T03:00+02:00', '2026-03-29T03:30+02:00'],
      },
      'a weekly time left out runs once, when the gap ends': {
        cron: '30 2 * * 0',
        hours: 170,
        expected: ['2026-03-22T02:30+01:00', '2026-03-29T03:00+02:00', '2026-04-05T02:30+02:00'],
      },
      'hourly runs in each real hour': {
        cron: '30 * * * *',
        hours: 2,
        expected: [
          '2026-03-29T00:30+01:00',
          '2026-03-29T01:30+01:00',
          '2026-03-29T03:30+02:00',
          '2026-03-29T04:30+02:00',
        ],
      },
      'every quarter of an hour goes on': {
        cron: '*/15 * * * *',
        hours: 0.5,
        expected: [
          '2026-03-29T01:30+01:00',
          '2026-03-29T01:45+01:00',
          '2026-03-29T03:00+02:00',
          '2026-03-29T03:15+02:00',
          '2026-03-29T03:30+02:00',
        ],
      },
    },
  },
  {
    zone: 'Europe/Paris',
    change: 'autumn, 03:00 becomes 02:00',
    at: '2026-10-25T01:00:00Z',
    cases: {
      'a daily time that comes twice runs at the first': {
        cron: '30 2 * * *',
        hours: 26,
        expected: ['2026-10-24T02:30+02:00', '2026-10-25T02:30+02:00', '2026-10-26T02:30+01:00'],
      },
      'a weekly time that comes twice runs at the first': {
        cron: '0 2 * * 0',
        hours: 170,
        expected: ['2026-10-18T02:00+02:00', '2026-10-25T02:00+02:00', '2026-11-01T02:00+01:00'],
      },
      'quarters of named hours run once': {
        cron: '*/30 2 * * *',
        hours: 2,
        expected: ['2026-10-25T02:00+02:00', '2026-10-25T02:30+02:00'],
      },
      'hourly runs in each real hour': {
        cron: '0 * * * *',
        hours: 2,
        expected: [
          '2026-10-25T01:00+02:00',
          '2026-10-25T02:00+02:00',
          '2026-10-25T02:00+01:00',
          '2026-10-25T03:00+01:00',
          '2026-10-25T04:00+01:00',
        ],
      },
      'every quarter of an hour goes on': {
        cron: '*/15 * * * *',
        hours: 0.5,
        expected: [
          '2026-10-25T02:30+02:00',
          '2026-10-25T02:45+02:00',
          '2026-10-25T02:00+01:00',
          '2026-10-25T02:15+01:00',
          '2026-10-25T02:30+01:00',
        ],
      },
    },
  },
  {
    zone: 'America/New_York',
    change: 'spring, 02:00 becomes 03:00',
    at: '2026-03-08T07:00:00Z',
    cases: {
      'a daily time left out runs once, when the gap ends': {
        cron: '15 2 * * *',
        hours: 26,
        expected: ['2026-03-07T02:15-05:00', '2026-03-08T03:00-04:00', '2026-03-09T02:15-04:00'],
      },
      'a weekly time left out runs once, when the gap ends': {
        cron: '59 2 * * SUN',
        hours: 170,
        expected: ['2026-03-01T02:59-05:00', '2026-03-08T03:00-04:00', '2026-03-15T02:59-04:00'],
      },
      'hourly runs in each real hour': {
        cron: '0 * * * *',
        hours: 1,
        expected: ['2026-03-08T01:00-05:00', '2026-03-08T03:00-04:00', '2026-03-08T04:00-04:00'],
      },
      'every quarter of an hour goes on': {
        cron: '*/15 * * * *',
        hours: 0.25,
        expected: ['2026-03-08T01:45-05:00', '2026-03-08T03:00-04:00', '2026-03-08T03:15-04:00'],
      },
    },
  },
  {
    zone: 'America/New_York',
    change: 'autumn, 02:00 becomes 01:00',
    at: '2026-11-01T06:00:00Z',
    cases: {
      'a daily time that comes twice runs at the first': {
        cron: '30 1 * * *',
        hours: 26,
        expected: ['2026-10-31T01:30-04:00', '2026-11-01T01:30-04:00', '2026-11-02T01:30-05:00'],
      },
      'a weekly time that comes twice runs at the first': {
        cron: '0 1 * * 0',
        hours: 170,
        expected: ['2026-10-25T01:00-04:00', '2026-11-01T01:00-04:00', '2026-11-08T01:00-05:00'],
      },
      'hourly runs in each real hour': {
        cron: '30 * * * *',
        hours: 1.5,
        expected: [
          '2026-11-01T00:30-04:00',
          '2026-11-01T01:30-04:00',
          '2026-11-01T01:30-05:00',
          '2026-11-01T02:30-05:00',
        ],
      },
      'every quarter of an hour goes on': {
        cron: '*/15 * * * *',
        hours: 0.25,
        expected: ['2026-11-01T01:45-04:00', '2026-11-01T01:00-05:00', '2026-11-01T01:15-05:00'],
      },
    },
  },
]
