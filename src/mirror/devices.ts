import type { Knex } from 'knex'
import { DatabaseError } from 'pg'
import type { RunStatement, Statement } from '../db/statement.ts'
import { expectTables } from './expect-tables.ts'

const table = 'platform.devices'
/** As many as a person may be told to have at once. */
const maxDevicesOfUser = 100

/** A device of a person. `platform` is null where nobody has said. */
export interface Device {
  readonly token: string
  readonly platform: string | null
  readonly last_seen_at: Date
}

/** All devices of a person, oldest first. */
export interface DevicesOfUser {
  readonly userId: string
  readonly tokens: readonly string[]
}

// The rows that are there are locked first, and in one order, so that two writers cannot wait for each other.
const replaceStatement: Statement = {
  name: 'mirror-devices',
  text: `
    with told as materialized (
      select token, user_id, position from unnest($2::text[], $3::text[]) with ordinality as t(token, user_id, position)
    ), held as materialized (
      select token from platform.devices where user_id = any($1::text[]) or token = any($2::text[]) order by token for update
    ), gone as (
      delete from platform.devices d where d.token in (select token from held) and d.user_id = any($1::text[])
        and not exists (select from told where told.token = d.token)
    )
    insert into platform.devices as kept (token, user_id, last_seen_at)
    select token, user_id, now() + position * interval '1 microsecond' from told, (select count(*) from held) as after_them
    order by token
    on conflict (token) do update set user_id = excluded.user_id, last_seen_at = excluded.last_seen_at,
      platform = case when kept.user_id = excluded.user_id then kept.platform end`,
}

/** Gives people exactly these devices. A token that several name belongs to the last of them, here and before. */
export async function replaceDevices(run: RunStatement, told: readonly DevicesOfUser[]): Promise<void> {
  if (told.length === 0) return
  const owners = new Map<string, string>()
  for (const { userId, tokens } of told) {
    for (const token of tokens) {
      owners.delete(token)
      owners.set(token, userId)
    }
  }
  await run(replaceStatement, [told.map(({ userId }) => userId), [...owners.keys()], [...owners.values()]])
}

// Of what others are just changing nothing is taken away here: they have seen it later than we.
const putStatement: Statement = {
  name: 'mirror-put-device',
  text: `
    insert into platform.devices as kept (token, user_id, platform)
    select $1, $2, $3 where exists (select from platform.users where id = $2)
    on conflict (token) do update set user_id = excluded.user_id, last_seen_at = now(), platform = case
      when kept.user_id = excluded.user_id then coalesce(excluded.platform, kept.platform) else excluded.platform end
    returning platform, xmax = 0 as is_new`,
}
const keepNewestStatement: Statement = {
  name: 'mirror-newest-devices',
  text: `
    delete from platform.devices where token in (
      select token from platform.devices where user_id = $1 order by last_seen_at desc offset $2
      for update skip locked)`,
}

/**
 * Gives a device to a person, whoever had it before; it is now their newest. Undefined when the person is unknown. Of more
 * than a hundred devices of a person the oldest are forgotten. Throws MirrorIsView.
 */
export async function putDevice(
  run: RunStatement,
  device: { readonly token: string; readonly userId: string; readonly platform: string | null },
): Promise<{ readonly platform: string | null; readonly isNew: boolean } | undefined> {
  await expectTables(run, [table])
  const { token, userId, platform } = device
  const put = run<{ platform: string | null; is_new: boolean }>(putStatement, [token, userId, platform])
  const [kept] = await put.catch((error: unknown) => {
    if (isForeignKeyFault(error)) return []
    throw error
  })
  if (kept === undefined) return undefined
  await run(keepNewestStatement, [userId, maxDevicesOfUser])
  return { platform: kept.platform, isNew: kept.is_new }
}

/** The person was deleted while the device was given to them. */
function isForeignKeyFault(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23503'
}

/** False when the person has no such device. Throws MirrorIsView. */
export async function removeDevice(knex: Knex, run: RunStatement, token: string, userId: string): Promise<boolean> {
  await expectTables(run, [table])
  return (await knex(table).where({ token, user_id: userId }).delete()) > 0
}

/** Devices of a person, oldest first. */
export async function devicesOfUser(knex: Knex, userId: string): Promise<Device[]> {
  const columns = ['token', 'platform', 'last_seen_at'] as const
  return await knex(table).where({ user_id: userId }).orderBy(['last_seen_at', 'token']).select<Device[]>(columns)
}
