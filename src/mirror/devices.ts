import type { Knex } from 'knex'
import { DatabaseError } from 'pg'
import { type RunStatement, type Statement, statementsIn } from '../db/statement.ts'
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

/** Marks the advisory locks of devices: `select … from pg_locks where classid = 1684371049`. */
const lockClass = 0x64_65_76_69
const lockBuckets = 64

// Locks on rows would not do: two writers may be about to insert the same two tokens, which have no rows yet.
const lockStatement: Statement = {
  name: 'mirror-lock-devices',
  text: `
    with concerned as materialized (
      select token from platform.devices where user_id = any($1::text[]) union select unnest($2::text[])
    ), buckets as materialized (
      select distinct hashtext(token) & ${lockBuckets - 1} as bucket from concerned order by bucket
    )
    select (select array_agg(token) from concerned) as tokens, count(pg_advisory_xact_lock(${lockClass}, bucket))
    from buckets`,
}
const replaceStatement: Statement = {
  name: 'mirror-devices',
  text: `
    with told as materialized (
      select token, user_id, position from unnest($2::text[], $3::text[]) with ordinality as t(token, user_id, position)
    ), gone as (
      delete from platform.devices d where d.token = any($4::text[]) and d.user_id = any($1::text[])
        and not exists (select from told where told.token = d.token)
    )
    insert into platform.devices as kept (token, user_id, last_seen_at)
    select token, user_id, now() + position * interval '1 microsecond' from told
    on conflict (token) do update set user_id = excluded.user_id, last_seen_at = excluded.last_seen_at,
      platform = case when kept.user_id = excluded.user_id then kept.platform end`,
}

/**
 * Gives people exactly these devices, in the transaction of `run`. A token that several name belongs to the last of them, here
 * and before. Writers of the same tokens wait for each other, in one order. Throws MirrorIsView.
 */
export async function replaceDevices(run: RunStatement, told: readonly DevicesOfUser[]): Promise<void> {
  if (told.length === 0) return
  await expectTables(run, [table])
  const owners = new Map<string, string>()
  for (const { userId, tokens } of told) {
    for (const token of tokens) {
      owners.delete(token)
      owners.set(token, userId)
    }
  }
  const [users, tokens] = [told.map(({ userId }) => userId), [...owners.keys()]]
  const [concerned] = await run<{ tokens: string[] | null }>(lockStatement, [users, tokens])
  await run(replaceStatement, [users, tokens, [...owners.values()], concerned?.tokens ?? []])
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

/** Forgets devices that the provider says no longer exist. Safe to run twice. Throws MirrorIsView. */
export async function forgetDevices(knex: Knex, tokens: readonly string[]): Promise<void> {
  if (tokens.length === 0) return
  await knex.transaction(async tx => {
    const run = statementsIn(tx)
    await expectTables(run, [table])
    await run(lockStatement, [[], tokens])
    await tx(table)
      .whereIn('token', [...tokens])
      .delete()
  })
}

/** Devices of a person, oldest first. */
export async function devicesOfUser(knex: Knex, userId: string): Promise<Device[]> {
  const columns = ['token', 'platform', 'last_seen_at'] as const
  return await knex(table).where({ user_id: userId }).orderBy(['last_seen_at', 'token']).select<Device[]>(columns)
}
