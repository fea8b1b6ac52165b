import type { ZoneChange } from './clock-changes.ts'

export const south: readonly ZoneChange[] = [
  {
    zone: 'Pacific/Auckland',
    change: 'spring, 02:00 becomes 03:00',
    at: '2026-09-26T14:00:00Z',
    cases: {
      'a daily time left out runs once, when the gap ends': {
        cron: '0 2 * * *',
        hours: 26,
        expected: ['2026-09-26T02:00+12:00', '2026-09-27T03:00+13:00', '2026-09-28T02:00+13:00'],
      },
      'a weekly time left out runs once, when the gap ends': {
        cron: '45 2 * * 0',
        hours: 170,
        expected: ['2026-09-20T02:45+12:00', '2026-09-27T03:00+13:00', '2026-10-04T02:45+13:00'],
      },
      'hourly runs in each real hour': {
        cron: '5 * * * *',
        hours: 1.5,
        expected: ['2026-09-27T01:05+12:00', '2026-09-27T03:05+13:00', '2026-09-27T04:05+13:00'],
      },
      'every quarter of an hour goes on': {
        cron: '*/15 * * * *',
        hours: 0.25,
        expected: ['2026-09-27T01:45+12:00', '2026-09-27T03:00+13:00', '2026-09-27T03:15+13:00'],
      },
    },
  },
  {
    zone: 'Pacific/Auckland',
    change: 'autumn, 03:00 becomes 02:00',
    at: '2026-04-04T14:00:00Z',
    cases: {
      'a daily time that comes twice runs at the first': {
        cron: '30 2 * * *',
        hours: 26,
        expected: ['2026-04-04T02:30+13:00', '2026-04-05T02:30+13:00', '2026-04-06T02:30+12:00'],
      },
      'a weekly time that comes twice runs at the first': {
        cron: '15 2 * * 0',
        hours: 170,
        expected: ['2026-03-29T02:15+13:00', '2026-04-05T02:15+13:00', '2026-04-12T02:15+12:00'],
      },
      'hourly runs in each real hour': {
        cron: '0 * * * *',
        hours: 1,
        expected: ['2026-04-05T02:00+13:00', '2026-04-05T02:00+12:00', '2026-04-05T03:00+12:00'],
      },
      'every quarter of an hour goes on': {
        cron: '*/15 * * * *',
        hours: 0.25,
        expected: ['2026-04-05T02:45+13:00', '2026-04-05T02:00+12:00', '2026-04-05T02:15+12:00'],
      },
    },
  },
  {
    zone: 'Australia/Lord_Howe',
    change: 'spring, 02:00 becomes 02:30',
    at: '2026-10-03T15:30:00Z',
    cases: {
      'a daily time left out runs once, when the gap ends': {
        cron: '15 2 * * *',
        hours: 26,
        expected: ['2026-10-03T02:15+10:30', '2026-10-04T02:30+11:00', '2026-10-05T02:15+11:00'],
      },
      'a weekly time left out runs once, when the gap ends': {
        cron: '0 2 * * 0',
        hours: 170,
        expected: ['2026-09-27T02:00+10:30', '2026-10-04T02:30+11:00', '2026-10-11T02:00+11:00'],
      },
      'hourly never waits longer than an hour': {
        cron: '0 * * * *',
        hours: 1.5,
        expected: [
          '2026-10-04T01:00+10:30',
          '2026-10-04T02:30+11:00',
          '2026-10-04T03:00+11:00',
          '2026-10-04T04:00+11:00',
        ],
      },
      'hourly at a minute left out never waits longer than an hour': {
        cron: '15 * * * *',
        hours: 1,
        expected: ['2026-10-04T01:15+10:30', '2026-10-04T02:45+11:00', '2026-10-04T03:15+11:00'],
      },
      'every quarter of an hour goes on': {
        cron: '*/15 * * * *',
        hours: 0.25,
        expected: ['2026-10-04T01:45+10:30', '2026-10-04T02:30+11:00', '2026-10-04T02:45+11:00'],
      },
    },
  },
  {
    zone: 'Australia/Lord_Howe',
    change: 'autumn, 02:00 becomes 01:30',
    at: '2026-04-04T15:00:00Z',
    cases: {
      'a daily time that comes twice runs at the first': {
        cron: '45 1 * * *',
        hours: 26,
        expected: ['2026-04-04T01:45+11:00', '2026-04-05T01:45+11:00', '2026-04-06T01:45+10:30'],
      },
      'a weekly time that comes twice runs at the first': {
        cron: '30 1 * * 0',
        hours: 170,
        expected: ['2026-03-29T01:30+11:00', '2026-04-05T01:30+11:00', '2026-04-12T01:30+10:30'],
      },
      'hourly never waits longer than an hour': {
        cron: '0 * * * *',
        hours: 1.5,
        expected: [
          '2026-04-05T01:00+11:00',
          '2026-04-05T01:30+10:30',
          '2026-04-05T02:00+10:30',
          '2026-04-05T03:00+10:30',
        ],
      },
      'hourly on another day has nothing here': {
        cron: '0 * * * 6',
        hours: 3,
        expected: ['2026-04-04T23:00+11:00'],
      },
      'hourly at a minute that comes twice runs at both': {
        cron: '45 * * * *',
        hours: 1.5,
        expected: [
          '2026-04-05T00:45+11:00',
          '2026-04-05T01:45+11:00',
          '2026-04-05T01:45+10:30',
          '2026-04-05T02:45+10:30',
        ],
      },
      'every quarter of an hour goes on': {
        cron: '*/15 * * * *',
        hours: 0.25,
        expected: ['2026-04-05T01:45+11:00', '2026-04-05T01:30+10:30', '2026-04-05T01:45+10:30'],
      },
    },
  },
]
