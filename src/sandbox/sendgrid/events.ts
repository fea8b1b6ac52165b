import { createPrivateKey, randomBytes, sign } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { DEVELOPMENT_EVENT_PRIVATE_KEY } from '../development-keys.ts'

const MAX_EVENTS_PER_POST = 500
const MAX_EVENTS_WAITING = 40_000
const MAX_EVENTS_KEPT = 40_000
const POST_TIMEOUT_MS = 5_000
/** After these the events are given up, as SendGrid does after 24 hours. About 50 s: longer than a restart of the receiver. */
const RETRY_DELAYS_MS = [100, 200, 500, 1_000, 2_000, 5_000, 5_000, 5_000, 10_000, 10_000, 10_000]

/** An event with the fields that only its kind has. */
type Told = Readonly<Record<string, string>> & { readonly event: string }

const takenIn = { event: 'processed' }
const arrived = { event: 'delivered' }
const unknownMailbox = { event: 'bounce', type: 'bounce', status: '5.1.1', bounce_classification: 'Invalid Address' }
const refusedNow = { event: 'bounce', type: 'blocked', status: '5.7.1', bounce_classification: 'Reputation' }

/** What becomes of a mail, by how its address begins; every other mail is delivered. */
const FATES: readonly { prefix: string; events: readonly Told[] }[] = [
  { prefix: 'bounce', events: [takenIn, unknownMailbox] },
  { prefix: 'blocked', events: [takenIn, refusedNow] },
  { prefix: 'dropped', events: [{ event: 'dropped', reason: 'Bounced Address' }] },
  { prefix: 'deferred', events: [takenIn, { event: 'deferred' }] },
  { prefix: 'spam', events: [takenIn, arrived, { event: 'spamreport' }] },
  { prefix: 'unsubscribe', events: [takenIn, arrived, { event: 'unsubscribe' }] },
]
const USUAL_FATE: readonly Told[] = [takenIn, arrived]

interface AcceptedMail {
  readonly messageId: string
  readonly recipient: string
  readonly customArgs: Readonly<Record<string, string>>
  readonly at: Date
}

interface MailEvent {
  readonly event: string
  readonly sg_event_id: string
  readonly sg_message_id: string
  readonly timestamp: number
  readonly email: string
  /** Custom arguments lie flat beside our fields, as SendGrid posts them. */
  readonly [customArg: string]: string | number
}

/** SendGrid's signed Event Webhook: tells the target what became of every accepted mail, in order. */
export interface MailEvents {
  happened(mail: AcceptedMail): void
  /** Where to post; null holds events back until there is a target. */
  target(url: string | null): void
  pause(): void
  resume(): void
  /** Posts the events of one `effect_id`, or all, again with their old ids. Answers how many. */
  again(key?: string): number
  status(): { target: string | null; paused: boolean; waiting: number; delivered: number; givenUp: number }
  clear(): void
  close(): void
}

export function mailEvents(firstTarget: string | null): MailEvents {
  const stop = new AbortController()
  let url = firstTarget
  let paused = false
  let posting = false
  let waiting: MailEvent[] = []
  let kept: MailEvent[] = []
  let delivered = 0
  let givenUp = 0

  async function post(to: string, batch: readonly MailEvent[]): Promise<boolean> {
    const body = `${JSON.stringify(batch).replaceAll('},{', '},\r\n{')}\r\n`
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(POST_TIMEOUT_MS)])
    return fetch(to, { method: 'POST', headers: signedHeaders(body), body, signal }).then(
      async response => {
        await response.body?.cancel()
        return response.ok
      },
      () => false,
    )
  }

  /** Where to post now; null when nothing waits, or it is paused or has no target. */
  const openTarget = () => (paused || waiting.length === 0 || stop.signal.aborted ? null : url)

  /** One poster at a time keeps the order. */
  async function drain(): Promise<void> {
    let failures = 0
    for (let to = openTarget(); to !== null; to = openTarget()) {
      const batch = waiting.splice(0, MAX_EVENTS_PER_POST)
      if (await post(to, batch)) {
        delivered += batch.length
        failures = 0
        continue
      }
      const pause = RETRY_DELAYS_MS[failures]
      failures += 1
      if (pause === undefined) {
        givenUp += batch.length
        failures = 0
        continue
      }
      waiting.unshift(...batch)
      await delay(pause, undefined, { signal: stop.signal, ref: false }).catch(() => undefined)
    }
  }

  function kick(): void {
    if (posting) return
    posting = true
    // After the current turn: the answer to the sender leaves first, as it does with SendGrid.
    setImmediate(() => void drain().finally(rest))
  }

  function rest(): void {
    posting = false
    if (openTarget() !== null) kick()
  }

  function enqueue(events: readonly MailEvent[]): void {
    waiting.push(...events)
    if (waiting.length > MAX_EVENTS_WAITING) {
      givenUp += waiting.length - MAX_EVENTS_WAITING
      waiting = waiting.slice(-MAX_EVENTS_WAITING)
    }
    kick()
  }

  return {
    happened(mail) {
      const events = eventsOf(mail)
      kept.push(...events)
      if (kept.length > 2 * MAX_EVENTS_KEPT) kept = kept.slice(-MAX_EVENTS_KEPT)
      enqueue(events)
    },
    target(to) {
      url = to
      kick()
    },
    pause() {
      paused = true
    },
    resume() {
      paused = false
      kick()
    },
    again(key) {
      const events = kept.filter(event => key === undefined || event['effect_id'] === key)
      enqueue(events)
      return events.length
    },
    status: () => ({ target: url, paused, waiting: waiting.length, delivered, givenUp }),
    clear() {
      waiting = []
      kept = []
      delivered = 0
      givenUp = 0
    },
    close: () => stop.abort(),
  }
}

function eventsOf({ messageId, recipient, customArgs, at }: AcceptedMail): MailEvent[] {
  const fate = FATES.find(({ prefix }) => recipient.startsWith(prefix))?.events ?? USUAL_FATE
  return fate.map(told => ({
    ...customArgs,
    ...told,
    email: recipient,
    timestamp: Math.floor(at.getTime() / 1_000),
    sg_event_id: randomBytes(16).toString('base64url'),
    sg_message_id: `${messageId}.recvd-sandbox-0`,
  }))
}

const privateKey = createPrivateKey({
  key: Buffer.from(DEVELOPMENT_EVENT_PRIVATE_KEY, 'base64'),
  format: 'der',
  type: 'pkcs8',
})

/** ECDSA over timestamp and raw body (docs: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features). */
function signedHeaders(body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  return {
    'Content-Type': 'application/json',
    'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', Buffer.from(timestamp + body), privateKey).toString(
      'base64',
    ),
  }
}
