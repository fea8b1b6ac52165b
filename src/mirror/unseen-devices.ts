import type { RunStatement, Statement } from '../db/statement.ts'
import { expectTables } from './expect-tables.ts'

const table = 'platform.devices'
const devicesPerPage = 5_000

/** How far a walk through all devices is. */
export interface PrunedPage {
  /** Where the next page begins; null after the last one. */
  readonly last: string | null
  readonly looked: number
  readonly removed: number
}

// By its key, so each device is read once and no index is needed. What somebody is just changing has been seen.
const pruneStatement: Statement = {
  name: 'mirror-prune-devices',
  text: `
    with page as materialized (
      select token from platform.devices where token > $1 order by token limit $3
    ), walked as materialized (
      select max(token) as last, count(*)::int as looked from page
    ), gone as (
      delete from platform.devices where token = any(array(
        select token from platform.devices
        where token > $1 and token <= (select last from walked) and last_seen_at < $2 for update skip locked
      )) returning token
    )
    select last, looked, (select count(*)::int from gone) as removed from walked`,
}
const countStatement: Statement = {
  name: 'mirror-count-devices',
  text: 'select count(*)::int as devices from platform.devices',
}

/** Forgets those of the next devices that were last seen before an instant. Safe to run twice. Throws MirrorIsView. */
export async function pruneDevices(run: RunStatement, seenBefore: Date, after: string): Promise<PrunedPage> {
  await expectTables(run, [table])
  const [page] = await run<PrunedPage>(pruneStatement, [after, seenBefore, devicesPerPage])
  return page ?? { last: null, looked: 0, removed: 0 }
}

/** How many devices there are. */
export async function countDevices(run: RunStatement): Promise<number> {
  const [row] = await run<{ devices: number }>(countStatement)
  return row?.devices ?? 0
}
