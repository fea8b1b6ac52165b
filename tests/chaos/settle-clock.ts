import type { Knex } from 'knex'
import type { SandboxControl } from '../../src/sandbox/control-client.ts'

/** Longer than every policy waits for evidence (10 min for mail, 30 s for SMS), and shorter than the hour after which SMS closes. */
const movedMinutes = 11
/** An unknown this young may still get its evidence in the ordinary way. */
const youngestMs = 3_000

/**
 * Moves the clock of effects that nobody can settle yet: with every fault over, every provider event delivered and
 * applied, what is still unknown waits for time alone (mail that SendGrid never took is resent after ten minutes).
 * Answers how many were moved.
 */
export async function moveClock(knex: Knex, sandbox: SandboxControl): Promise<number> {
  if ((await sandbox.events()).waiting > 0) return 0
  const open = await knex('hbnb_jobs.job_live').where({ name: 'email.apply-events' }).first('id')
  if (open) return 0
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `with moved as (
       update hbnb_jobs.effects set unknown_at = unknown_at - make_interval(mins => ?)
       where state = 'unknown' and settled_at is null
         and unknown_at between now() - make_interval(mins => ?) and now() - ? * interval '1 ms'
       returning job_id
     )
     update hbnb_jobs.job_live l set run_at = now() from moved m where l.id = m.job_id and l.state = 'parked' returning l.id`,
    [movedMinutes, movedMinutes, youngestMs],
  )
  return rows.length
}
