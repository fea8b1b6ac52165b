import { randomUUID } from 'node:crypto'
import type { RunStatement } from '../db/statement.ts'

const holdStatement = {
  name: 'lease-hold',
  text: `
    insert into hbnb_jobs.leases (name, holder, held_until) values ($1, $2, now() + $3 * interval '1 ms')
    on conflict (name) do update set holder = $2, held_until = now() + $3 * interval '1 ms'
    where leases.holder = $2 or leases.held_until < now() returning name`,
}

const releaseStatement = {
  name: 'lease-release',
  text: 'delete from hbnb_jobs.leases where name = $1 and holder = $2',
}

/** Work that one process of many does at a time. */
export interface Lease {
  /** Takes or keeps it for `forMs` more; false while somebody else has it. */
  hold(forMs: number): Promise<boolean>
  /** Lets the next one have it at once. */
  release(): Promise<void>
}

/**
 * A lease by its name. Whoever holds it may lose it without noticing (it was frozen), so what is done under it must be
 * harmless when two do it.
 */
export function leaseOf(run: RunStatement, name: string): Lease {
  const holder = randomUUID()
  return {
    hold: async forMs => (await run(holdStatement, [name, holder, forMs])).length > 0,
    async release() {
      await run(releaseStatement, [name, holder])
    },
  }
}
