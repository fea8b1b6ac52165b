import { z } from 'zod'
import { listOf, urlOf, variable, webAddress, wholeNumber } from './values.ts'

const maxOldestDueMinutes = 10_080
const httpUrl = urlOf('http', 'https')

/** `name=text` items with one name each. The text may hold further equals signs. */
function pairs(text: z.ZodType<string, string>) {
  return listOf(z.string().regex(/^[^=\s]+=.+$/))
    .transform(items => Object.fromEntries(items.map(item => splitOnce(item))))
    .pipe(z.record(z.string(), text))
}

function splitOnce(item: string): [string, string] {
  const at = item.indexOf('=')
  return [item.slice(0, at), item.slice(at + 1)]
}

/** What is told to whom besides logs and metrics: traces, alerts, heartbeats. */
export const seeingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(webAddress.optional(), {
    about: 'traces go to <this>/v1/traces as OTLP over HTTP; unset: none are made',
    expected: 'an http(s):// URL without query',
    example: 'http://otel-collector.internal:4318',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable(pairs(z.string()).optional(), {
    about: 'headers sent with traces, such as a key of their collector',
    expected: 'a comma separated list of name=value',
    example: 'x-api-key=of-the-collector',
    secret: true,
  }),
  OTEL_TRACES_SAMPLER_ARG: variable(
    z
      .string()
      .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/)
      .default('1')
      .transform(Number),
    {
      about: 'the share of traces that are kept, unless the caller has decided already',
      expected: 'a number from 0 to 1',
      example: '0.1',
    },
  ),
  ALERT_WEBHOOK_URL: variable(httpUrl.optional(), {
    about:
      'alerts are posted here as JSON with a text, as Slack, Mattermost and Teams workflows read it; unset: not at all',
    expected: 'an http(s):// URL',
    example: 'https://hooks.slack.com/services/T000/B000/XXXX',
    secret: true,
  }),
  ALERT_EMAIL: variable(z.email().optional(), {
    about: 'alerts are mailed here, past all queues; unset: not at all',
    expected: 'an e-mail address',
    example: 'on-call@hbnb.com',
  }),
  ALERT_OLDEST_DUE_MINUTES: variable(wholeNumber(1, maxOldestDueMinutes).default(15), {
    about: 'a queue whose oldest due job waits longer than this raises an alert',
    expected: `a whole number from 1 to ${maxOldestDueMinutes}`,
    example: '15',
  }),
  HEARTBEAT_URL: variable(pairs(httpUrl).optional(), {
    about: 'a URL per schedule, fetched after each of its completed runs, so that a missing run is noticed elsewhere',
    expected: 'a comma separated list of <schedule key>=<http(s):// URL>',
    example: 'system.purge=https://hc-ping.com/00000000-0000-4000-8000-000000000000',
    secret: true,
  }),
}

type Seeing = z.output<z.ZodObject<typeof seeingVariables>>

/** The same as settings. */
export function seeingSettings(env: Seeing) {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT
  return {
    /** Null: no traces are made. `ratio` is the share of new traces that are kept. */
    tracing:
      endpoint === undefined
        ? null
        : {
            url: `${endpoint}/v1/traces`,
            headers: env.OTEL_EXPORTER_OTLP_HEADERS ?? {},
            ratio: env.OTEL_TRACES_SAMPLER_ARG,
          },
    alerts: {
      webhookUrl: env.ALERT_WEBHOOK_URL ?? null,
      email: env.ALERT_EMAIL ?? null,
      oldestDueMs: env.ALERT_OLDEST_DUE_MINUTES * 60_000,
    },
    /** By the key of the schedule. */
    heartbeatUrls: env.HEARTBEAT_URL ?? {},
  }
}
