import type { Logger } from 'pino'
import type { Config } from '../config/load.ts'
import type { RunStatement } from '../db/statement.ts'
import { leaseOf } from '../ledger/lease.ts'
import { everySoOften } from '../ledger/loop.ts'
import { type Channel, channelsOf } from './channels.ts'
import { findAlerts } from './find-alerts.ts'
import { heartbeatsOf } from './heartbeats.ts'
import { messageOf } from './message.ts'
import { remember, sortNews, windowOf } from './sent.ts'

const lookEveryMs = 15_000
/** Longer than two looks and the calls between them. */
const leaseMs = 60_000

type AlertConfig = Pick<Config, 'alerts' | 'heartbeatUrls' | 'mail' | 'sendgrid' | 'http'>

interface AlertParts {
  readonly config: AlertConfig
  readonly run: RunStatement
  readonly log: Logger
}

/**
 * Tells people by webhook and mail what needs them, and others by heartbeat that schedules run. Started by relays and
 * intakes, so that the absence of either is noticed by the other; one of them does it at a time. Does nothing when no
 * channel and no heartbeat is set up.
 */
export function startAlerts(
  { config, run, log }: AlertParts,
  everyMs: number = lookEveryMs,
): { stop(): Promise<void> } {
  const channels = channelsOf(config)
  if (channels.length === 0 && Object.keys(config.heartbeatUrls).length === 0) return { stop: async () => {} }
  const lease = leaseOf(run, 'alerts')
  const stopping = new AbortController()
  const pingHeartbeats = heartbeatsOf(run, config.heartbeatUrls, (schedule, error) =>
    log.warn({ schedule, err: error }, 'the heartbeat of a schedule was not taken'),
  )
  const loop = everySoOften(
    everyMs,
    error => log.warn({ err: error }, 'looking for alerts failed; it is tried again'),
    async () => {
      if (!(await lease.hold(leaseMs))) return false
      await Promise.all([
        ...channels.map(channel => tell({ config, run, log }, channel, stopping.signal)),
        pingHeartbeats(stopping.signal),
      ])
      return false
    },
  )
  return {
    async stop() {
      const ended = loop.stop()
      stopping.abort()
      await ended
      await lease.release().catch(() => {})
    },
  }
}

/** One look for one channel. What could not be delivered is found again by the next, of whichever process. */
async function tell({ config, run, log }: AlertParts, channel: Channel, stopping: AbortSignal): Promise<void> {
  const window = await windowOf(run, channel.name)
  const found = await findAlerts(run, { channel: channel.name, ...window, oldestDueMs: config.alerts.oldestDueMs })
  const sorted = await sortNews(run, channel.name, found, window.until)
  const { news } = sorted
  if (news.length > 0) {
    try {
      await channel.deliver(messageOf(news, config.http.publicUrl), stopping)
    } catch (error) {
      if (stopping.aborted) return
      log.error(
        { err: error, channel: channel.name, alerts: news.length },
        'alerts were not taken; they are sent again',
      )
      return
    }
    log.warn({ channel: channel.name, kinds: [...new Set(news.map(({ kind }) => kind))] }, 'alerts sent')
  }
  await remember(run, channel.name, sorted, window.until)
}
