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
      least(
        coalesce((select looked_until from hbnb_jobs.alert_channels where channel = $1) - ${overlapMs} * interval '1 ms',
                 now() - ${firstLookBackMs} * interval '1 ms'),
        (select min(held_since) - ${overlapMs} * interval '1 ms' from hbnb_jobs.alerts_sent
         where channel = $1 and sent_at <= now() - ${tellAgainAfterMs} * interval '1 ms')),
      now() - ${longestLookBackMs} * interval '1 ms') as after`,
}

const sentStatement = {
  name: 'alerts-sent',
  text: 'select key, sent_at as "sentAt" from hbnb_jobs.alerts_sent where channel = $1 and key = any($2::text[])',
}

/** What was held back is news once the hour is over, or is gone: somebody has retried it. */
const rememberStatement = {
  name: 'alerts-remember',
  text: `
    with told as (
      insert into hbnb_jobs.alerts_sent (channel, key, sent_at) select $1, key, $2 from unnest($3::text[]) as k(key)
      on conflict (channel, key) do update set sent_at = $2, held_since = null
    ), held as (
      update hbnb_jobs.alerts_sent set held_since = least(held_since, h.since)
      from unnest($4::text[], $5::timestamptz[]) as h(key, since) where channel = $1 and alerts_sent.key = h.key
    ), gone as (
      update hbnb_jobs.alerts_sent set held_since = null
      where channel = $1 and held_since is not null and key <> all($3::text[])
        and sent_at <= $2::timestamptz - ${tellAgainAfterMs} * interval '1 ms'
    ), old as (
      delete from hbnb_jobs.alerts_sent
      where channel = $1 and held_since is null and key <> all($3::text[])
        and sent_at < $2::timestamptz - interval '${forgetAfterDays} days'
    )
    insert into hbnb_jobs.alert_channels (channel, looked_until) values ($1, $2)
    on conflict (channel) do update set looked_until = $2`,
}

/**
 * What a channel has not looked at yet, by the database's clock. It goes back to what was held back when the hour of that
 * is over, and not before: counting a hundred thousand failures takes a second or two.
 */
export async function windowOf(run: RunStatement, channel: string): Promise<{ after: Date; until: Date }> {
  const [window] = await run<{ after: Date; until: Date }>(windowStatement, [channel])
  if (!window) throw new Error('the window of an alert channel answered no row')
  return window
}

/** What a look has found, for one channel. */
interface Sorted {
  readonly news: readonly Alert[]
  /** Told within the hour, and it has happened again since: told when that is over. */
  readonly held: readonly Alert[]
}

/** Which of the alerts this channel tells now, and which it must not forget. */
export async function sortNews(
  run: RunStatement,
  channel: string,
  alerts: readonly Alert[],
  until: Date,
): Promise<Sorted> {
  const rows = await run<{ key: string; sentAt: Date }>(sentStatement, [channel, alerts.map(keyOf)])
  const sent = new Map(rows.map(({ key, sentAt }) => [key, sentAt.getTime()]))
  const lastMs = (alert: Alert) => sent.get(keyOf(alert)) ?? Number.NEGATIVE_INFINITY
  const { news = [], held = [] } = Object.groupBy(
    alerts.filter(alert => alert.at.getTime() > lastMs(alert)),
    alert => (until.getTime() - lastMs(alert) >= tellAgainAfterMs ? 'news' : 'held'),
  )
  return { news, held }
}

/** Notes that a channel has told its news, what it holds back, and that it has looked as far as `until`. */
export async function remember(run: RunStatement, channel: string, { news, held }: Sorted, until: Date): Promise<void> {
  const firstHeld = new Map<string, Date>()
  for (const alert of held) {
    const first = firstHeld.get(keyOf(alert))
    if (first === undefined || alert.since < first) firstHeld.set(keyOf(alert), alert.since)
  }
  await run(rememberStatement, [
    channel,
    until,
    [...new Set(news.map(keyOf))],
    [...firstHeld.keys()],
    [...firstHeld.values()],
  ])
}
