import type { RunStatement } from '../db/statement.ts'
import { type Alert, keyOf } from './alert.ts'

/** The same alert is told again after this long, if it has happened again or lasts. */
const tellAgainAfterMs = 3_600_000
/** A channel that begins tells what happened shortly before; one that could not be reached, what happened meanwhile. */
const firstLookBackMs = 600_000
const longestLookBackMs = 86_400_000
/** Ends are written a little after the instant they carry. */
const overlapMs = 10_000
const forgetAfterDays = 7

const windowStatement = {
  name: 'alerts-window',
  text: `
    select now() as until, greatest(
      coalesce((select looked_until from hbnb_jobs.alert_channels where channel = $1) - ${overlapMs} * interval '1 ms',
               now() - ${firstLookBackMs} * interval '1 ms'),
      now() - ${longestLookBackMs} * interval '1 ms') as after`,
}

const sentStatement = {
  name: 'alerts-sent',
  text: 'select key, sent_at as "sentAt" from hbnb_jobs.alerts_sent where channel = $1 and key = any($2::text[])',
}

const rememberStatement = {
  name: 'alerts-remember',
  text: `
    with told as (
      insert into hbnb_jobs.alerts_sent (channel, key, sent_at) select $1, key, $2 from unnest($3::text[]) as k(key)
      on conflict (channel, key) do update set sent_at = $2
    ), old as (
      delete from hbnb_jobs.alerts_sent
      where channel = $1 and sent_at < $2::timestamptz - interval '${forgetAfterDays} days' and key <> all($3::text[])
    )
    insert into hbnb_jobs.alert_channels (channel, looked_until) values ($1, $2)
    on conflict (channel) do update set looked_until = $2`,
}

/** What a channel has not looked at yet, by the database's clock. */
export async function windowOf(run: RunStatement, channel: string): Promise<{ after: Date; until: Date }> {
  const [window] = await run<{ after: Date; until: Date }>(windowStatement, [channel])
  if (!window) throw new Error('the window of an alert channel answered no row')
  return window
}

/** Those of the alerts that this channel has not told within the hour. */
export async function untold(
  run: RunStatement,
  channel: string,
  alerts: readonly Alert[],
  until: Date,
): Promise<Alert[]> {
  const rows = await run<{ key: string; sentAt: Date }>(sentStatement, [channel, alerts.map(keyOf)])
  const sent = new Map(rows.map(({ key, sentAt }) => [key, sentAt.getTime()]))
  return alerts.filter(alert => {
    const lastMs = sent.get(keyOf(alert))
    return lastMs === undefined || (until.getTime() - lastMs >= tellAgainAfterMs && alert.at.getTime() > lastMs)
  })
}

/** Notes that a channel has told these, and has looked as far as `until`. */
export async function remember(run: RunStatement, channel: string, told: readonly Alert[], until: Date): Promise<void> {
  await run(rememberStatement, [channel, until, [...new Set(told.map(keyOf))]])
}
