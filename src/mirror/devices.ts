import type { RunStatement, Statement } from '../db/statement.ts'

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
