import { expect, test } from 'vitest'
import { z } from 'zod'
import { openCliWorld } from './cli-world.ts'
import { auditOf } from './given-dead.ts'

const payload = JSON.stringify({ user_id: '7', template: 'booking-confirmation', booking_id: '42' })
const definition = [
  '--job',
  'notifications.send',
  '--cron',
  '0 9 * * *',
  '--zone',
  'Europe/Paris',
  '--payload',
  payload,
]

const { database, jobs } = await openCliWorld()

test('a schedule is put, previewed, paused, run, resumed and removed, each by somebody', async () => {
  const steps: [string[], string | RegExp][] = [
    [['list'], 'No schedules.\n'],
    [['put', 'nightly', ...definition], /^nightly is made\./],
    [['put', 'nightly', ...definition], /^nightly is as you say now\./],
    [['preview', 'nightly', '--count', '2'], /^SLOT .*\n.*T09:00:00.*\n.*T09:00:00.*\n$/],
    [['pause', 'nightly', '--by', 'ada@hbnb.example'], 'nightly is paused.\n'],
    [['list'], /nightly +notifications\.send +0 9 \* \* \* +Europe\/Paris +paused by ada@hbnb\.example/],
    [['run', 'nightly'], /^Job \S+ runs for it\./],
    [['resume', 'nightly'], 'nightly goes on.\n'],
    [['rm', 'nightly'], 'nightly is gone.\n'],
    [['list'], 'No schedules.\n'],
  ]
  for (const [args, expected] of steps) {
    const { code, out, complaint } = await jobs('schedules', ...args)
    expect([code, complaint]).toEqual([0, ''])
    if (typeof expected === 'string') expect(out).toBe(expected)
    else expect(out).toMatch(expected)
  }
  const actions = await database
    .knex('hbnb_jobs.audit_log')
    .where({ target: 'schedule:nightly' })
    .orderBy('id')
    .pluck('action')
  expect(actions).toEqual(['put', 'put', 'pause', 'run', 'resume', 'remove'].map(verb => `schedule.${verb}`))
  expect(JSON.stringify(await auditOf(database, 'schedule.put'))).not.toContain('user_id')
})

test('what catches up says how far', async () => {
  await jobs('schedules', 'put', 'catch-up', ...definition, '--missed', 'all:24', '--overlap', 'queue')
  const shown = z
    .array(z.object({ missed: z.unknown() }))
    .parse(JSON.parse((await jobs('schedules', 'list', '--json')).out))
  expect(shown).toEqual([expect.objectContaining({ missed: { all: 24 } })])
})

test.each([
  [['put', 'x', '--job', 'notifications.send'], 2, '--cron is missing'],
  [['put', 'x', ...definition, '--cron', '61 * * * *'], 1, '  cron: '],
  [['put', 'x', ...definition, '--zone', 'Paris'], 1, '  zone: must be an IANA time zone'],
  [['put', 'x', ...definition, '--job', 'email.send'], 1, 'not open to callers'],
  [['put', 'x', ...definition, '--payload', '{}'], 1, '  payload.user_id: '],
  [['put', 'x', ...definition, '--missed', 'all:24'], 1, '  overlap: '],
  [['pause', 'none'], 1, 'there is no schedule "none"'],
  [['resume', 'none'], 1, 'there is no schedule "none"'],
  [['run', 'none'], 1, 'there is no schedule "none"'],
  [['rm', 'none'], 1, 'there is no schedule "none"'],
  [['preview', 'none'], 1, 'there is no schedule "none"'],
  [['preview', 'none', '--count', '101'], 2, '--count takes a whole number from 1 to 100'],
])('schedules %j is refused', async (args, code, words) => {
  const answer = await jobs('schedules', ...args)
  expect(answer).toMatchObject({ code, out: '' })
  expect(answer.complaint).toContain(words)
})
