import { z } from 'zod'

/** The words with which Twilio itself stops sending, and those of French readers (https://help.twilio.com/articles/223134027). */
// biome-ignore format: a list reads best in one block
const stopWords: ReadonlySet<string> = new Set([
  'STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE',
  'STOP SMS', 'STOP PUB', 'ARRET', 'ARRETT', 'ARRETE', 'ARRETER', 'ARRETEZ', 'DESABONNER', 'DESABONNEMENT', 'DESINSCRIRE', 'DESINSCRIPTION',
])

/** Not the `YES` that Twilio also takes: people answer other questions with it. */
const startWords: ReadonlySet<string> = new Set(['START', 'UNSTOP', 'REPRENDRE', 'REPRISE'])

/** What somebody wants who answers an SMS; `other` is for people, and we have none who read. */
export type SmsReply = 'stop' | 'start' | 'other'

/**
 * What an answer says. As at Twilio, a word counts only where it is the whole message: who writes « Stop, je rappelle » is
 * talking to somebody. `optOutType` is what Twilio has read itself, where a messaging service is told to.
 */
export function readReply(body: string, optOutType?: string): SmsReply {
  if (optOutType === 'STOP') return 'stop'
  if (optOutType === 'START') return 'start'
  const said = body
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z]+/g, ' ')
    .trim()
  if (stopWords.has(said)) return 'stop'
  return startWords.has(said) ? 'start' : 'other'
}

/**
 * What is kept of an SMS that somebody sent us: what it asks for, and of its number the hash by which it is known not to be
 * written to. Fields: https://www.twilio.com/docs/messaging/guides/webhook-request
 */
export const keptSmsReply = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  reply: z.enum(['stop', 'start', 'other']),
  from_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ pii: true }),
})

/** The types under which answers are in the inbox. */
export const replyTypes = { stop: 'sms.stop', start: 'sms.start', other: 'sms.other' } as const
