import type { Knex } from 'knex'
import { type RunStatement, statementsIn } from '../../db/statement.ts'
import type { QueueBackend } from '../../queue/backend.ts'
import { sweepQueueWholly } from '../sweep.ts'

const lockStatement = {
  name: 'marks-lock',
  text: `select pg_try_advisory_xact_lock(hashtext('hbnb_jobs.queue_slots')) as mine`,
}
const knownStatement = {
  name: 'marks-known',
  text: 'select name, backend, number::float8 as number from hbnb_jobs.queue_slots',
}
const rememberStatement = {
  name: 'marks-remember',
  text: `
    insert into hbnb_jobs.queue_slots (name, backend, number) select name, $2, $3 from unnest($1::text[]) as n(name) order by name
    on conflict (name) do update set backend = $2, number = $3, written_at = now()`,
}

interface Known {
  readonly name: string
  readonly backend: string
  readonly number: number
}

/**
 * Marks every queue with the next number, in its own store first and then in Postgres. A store that has a lower number,
 * none, or another server's run id has lost jobs: those queues get their settings back and are swept wholly, at once.
 * One relay at a time does this. Answers the queues that were rebuilt, with how many rows went back to the ledger.
 */
export async function markQueues(
  knex: Knex,
  run: RunStatement,
  backend: QueueBackend,
  names: readonly string[],
  reapply: (name: string) => Promise<void>,
): Promise<Map<string, number>> {
  const { marks } = backend
  const rebuilt = new Map<string, number>()
  if (!marks || names.length === 0) return rebuilt
  await knex.transaction(async tx => {
    const inTransaction = statementsIn(tx)
    const [lock] = await inTransaction<{ mine: boolean }>(lockStatement)
    if (!lock?.mine) return
    const known = new Map((await inTransaction<Known>(knownStatement)).map(row => [row.name, row]))
    const { runId, numbers } = await marks.read(names)
    for (const name of names) {
      const last = known.get(name)
      if (!last || (last.backend === runId && (numbers.get(name) ?? -1) >= last.number)) continue
      await reapply(name)
      rebuilt.set(name, await sweepQueueWholly(run, backend, name))
    }
    const next = Math.max(0, ...[...known.values()].map(({ number }) => number), ...numbers.values()) + 1
    await marks.write(names, next)
    await inTransaction(rememberStatement, [names, runId, next])
  })
  return rebuilt
}
