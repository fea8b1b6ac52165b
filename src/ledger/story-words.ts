import { durationWords } from './duration-words.ts'
import { reasonWords } from './reason-words.ts'
import type { AttemptMoment, DecisionMoment, EarlierEnd, EffectMoment, OutcomeMoment, StoryMoment } from './story.ts'

/** What a moment is called, and what is worth knowing beside it. */
export interface MomentWords {
  readonly title: string
  readonly detail: string
  /** Less important than the detail. */
  readonly more?: string
  /** How an outside system calls it. */
  readonly id?: string
}

const channelWords: Readonly<Record<string, string>> = { email: 'e-mail', mail: 'e-mail', sms: 'SMS', push: 'push' }

const providerNames: Readonly<Record<string, string>> = { sendgrid: 'SendGrid', twilio: 'Twilio', fcm: 'FCM' }

const endingWords = {
  retry: ['failed', 'is tried again'],
  'not-yet': ['was too early', 'looks again later'],
  busy: ['was told to wait', null],
  'handed-back': ['was handed back', null],
  parked: ['was parked', null],
  crashed: ['crashed', null],
  lost: ['was lost', null],
} as const

export const stateWords = {
  accepted: 'accepted',
  rejected: 'refused',
  unknown: 'not known',
  reserved: 'not sent yet',
  sending: 'on its way',
} as const

const evidenceWords: Readonly<Record<string, string>> = {
  event: 'known by its event',
  lookup: 'found by asking',
  policy: 'closed by policy',
}

/** Tells job names from ids. */
export type NameOf = (jobId: string) => string

export function namesIn(moments: readonly StoryMoment[]): NameOf {
  const names = new Map(moments.flatMap(moment => (moment.kind === 'accepted' ? [[moment.jobId, moment.name]] : [])))
  return jobId => names.get(jobId) ?? 'job'
}

/** A moment in plain words. Its time is not repeated: it stands beside it. */
export function wordsOf(moment: StoryMoment, nameOf: NameOf): MomentWords {
  if (moment.lane === 'effects') return effectWords(moment)
  if (moment.kind === 'event') {
    return {
      title: moment.type,
      detail: joined([`from ${moment.source}`, moment.handled ?? 'not handled yet', moment.reason]),
    }
  }
  if (moment.kind === 'decision') return decisionWords(moment)
  if (moment.kind === 'accepted') return { title: moment.name, detail: 'accepted' }
  const name = nameOf(moment.jobId)
  if (moment.kind === 'outcome') return { title: `${name} ${moment.outcome}`, detail: outcomeDetail(moment) }
  if (isEarlierEnd(moment.ending)) return { title: `${name} ${moment.ending}`, detail: earlierDetail(moment) }
  const [verb, then] = moment.ending === null ? ['is running', null] : endingWords[moment.ending]
  return { title: `${name} attempt ${moment.attempt} ${verb}`, detail: joined([then, moment.error?.message]) }
}

const earlierEnds: ReadonlySet<AttemptMoment['ending']> = new Set(['failed', 'cancelled', 'quarantined'])

/** Whether an ending was the job's, until somebody retried it. */
export function isEarlierEnd(ending: AttemptMoment['ending']): ending is EarlierEnd {
  return earlierEnds.has(ending)
}

function earlierDetail({ startedMs, atMs, attempt, error }: AttemptMoment): string {
  const took = startedMs === null ? null : `in ${durationWords(atMs - startedMs)}`
  return joined([took, attempt > 1 ? `${attempt} attempts` : null, 'retried by hand later', error?.message])
}

function decisionWords({ channels }: DecisionMoment): MomentWords {
  const chosen = channels.filter(({ decision }) => decision !== 'suppress').map(({ channel }) => wordFor(channel))
  const left = channels.filter(({ decision }) => decision !== 'send')
  return {
    title: chosen.length > 0 ? `Tell by ${chosen.join(', ')}` : 'Tell nobody',
    detail: joined(
      left.map(({ channel, decision, reason }) => {
        const word = wordFor(channel)
        return `${decision === 'defer' ? `${word} later` : `no ${word}`}: ${reasonWords(reason)}`
      }),
    ),
  }
}

function outcomeDetail({ startedMs, atMs, attempts, reason, error }: OutcomeMoment): string {
  const took = startedMs === null ? null : `in ${durationWords(atMs - startedMs)}`
  return joined([took, attempts > 1 ? `${attempts} attempts` : null, reason ?? error?.message])
}

function effectWords(moment: EffectMoment): MomentWords {
  const what = channelOf(moment)
  const { kind, state, sends, evidence, error, providerId } = moment
  const provider = providerNames[moment.provider] ?? moment.provider
  if (kind === 'reserved') return { title: `${what} reserved`, detail: '' }
  if (kind === 'sent') return { title: `${provider} asked`, detail: joined([what, sends > 1 ? `try ${sends}` : null]) }
  if (kind === 'unknown') {
    return {
      title: `${what} not known`,
      detail: countsOf({ state: 'unknown', sends }),
      more: error?.message ?? 'no answer came',
    }
  }
  return {
    title: `${what} ${stateWords[state]}`,
    detail: countsOf(moment),
    more: joined([evidenceWords[evidence ?? ''], error?.message]),
    ...(providerId === null ? {} : { id: providerId }),
  }
}

/** How often we decided on an effect, and how often the provider is known to have taken it. */
function countsOf({ state, sends }: Pick<EffectMoment, 'state' | 'sends'>): string {
  const sent = { accepted: '1', unknown: '?', sending: '?', reserved: '0', rejected: '0' }[state]
  return `asked 1 · sent ${sent}${sends > 1 ? ` · ${sends} tries` : ''}`
}

/** `email` of `email`, `push` of `device:…`: the word for a kind of effect. */
export function channelOf({ key }: EffectMoment): string {
  return key.startsWith('device:') ? 'push' : wordFor(key)
}

export function wordFor(channel: string): string {
  return channelWords[channel] ?? channel
}

export function joined(parts: readonly (string | null | undefined)[]): string {
  return parts.filter(part => part !== null && part !== undefined && part !== '').join(' · ')
}
