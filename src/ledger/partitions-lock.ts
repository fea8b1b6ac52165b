import type { Knex } from 'knex'

/** Waiting for a table lock makes everybody behind us wait too: so not long, and the next pass tries again. */
const longestLockWaitMs = 250
/** Of class 55: lock not available; of class 40: a deadlock, in which we are the one to give way. */
const inTheWay = new Set(['55P03', '40P01'])

/**
 * One transaction of maintenance. Two maintainers never work at once: the second gets `null`, as does one that a
 * caller's long transaction keeps from its locks. Nothing has happened then.
 */
export async function underMaintenanceLock<T>(
  knex: Knex,
  work: (tx: Knex.Transaction) => Promise<T>,
): Promise<T | null> {
  try {
    return await knex.transaction(async tx => {
      // BRIN is read by bitmap scans only, whatever the connection prefers for its own work.
      const { rows } = await tx.raw<{ rows: { taken: boolean }[] }>(
        `select pg_try_advisory_xact_lock(hashtextextended('hbnb_jobs maintenance', 2)) as taken,
                set_config('lock_timeout', '${longestLockWaitMs}ms', true), set_config('enable_bitmapscan', 'on', true)`,
      )
      return rows[0]?.taken === true ? await work(tx) : null
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && inTheWay.has(String(error.code))) return null
    throw error
  }
}
