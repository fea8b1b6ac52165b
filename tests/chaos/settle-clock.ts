import type { Knex } from 'knex'
import type { SandboxControl } from '../../src/sandbox/control-client.ts'

/** Moves, in order: past what mail and SMS wait for evidence (10 min, 30 s), then past the hour after which SMS closes. */
const moves = [
  { minutes: 11, youngestMs: 3_000 },
  // Only what the first move could not settle: its provider cannot be asked at all.
  { minutes: 50, youngestMs: 20_000 },
] as const

/**
 * Moves the clock of effects that nobody can settle yet: with every fault over, every provider event delivered and
 * applied, what is still unknown waits for time alone (mail that SendGrid never took is resent after ten minutes).
 * Answers how many were moved.
 */
export async function moveClock(knex: Knex, sandbox: SandboxControl): Promise<number> {
  if (!(await areEventsOver(sandbox))) return 0
  const open = await knex('hbnb_jobs.job_live').where({ name: 'email.apply-events' }).first('id')
  if (open) return 0
  let moved = 0
  let beforeMinutes = 0
  for (const { minutes, youngestMs } of moves) {
    moved += await move(knex, beforeMinutes, minutes, youngestMs)
    beforeMinutes += minutes
  }
  return moved
}

/** `processed` and `delivered`. */
const eventsPerMail = 2

/** Whether every event of every mail was posted and answered: one that is on its way is not among those that wait. */
export async function areEventsOver(sandbox: SandboxControl): Promise<boolean> {
  const { sendgrid } = await sandbox.counts()
  const { delivered, givenUp } = await sandbox.events()
  return delivered + givenUp >= sendgrid.sent * eventsPerMail
}

/** Moves those that were moved by `beforeMinutes` already, and have been so for `youngestMs`. */
async function move(knex: Knex, beforeMinutes: number, minutes: number, youngestMs: number): Promise<number> {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `with moved as (
       update hbnb_jobs.effects set unknown_at = unknown_at - make_interval(mins => :minutes)
       where state = 'unknown' and settled_at is null
         and unknown_at + make_interval(mins => :before) between now() - make_interval(mins => :minutes) and now() - :youngest * interval '1 ms'
       returning job_id
     )
     update hbnb_jobs.job_live l set run_at = now() from moved m where l.id = m.job_id and l.state = 'parked' returning l.id`,
    { minutes, before: beforeMinutes, youngest: youngestMs },
  )
  return rows.length
}
