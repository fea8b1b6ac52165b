import type { Deferral, Refusal } from '../domain/notifications/reasons.ts'

const words: Readonly<Record<Refusal | Deferral, string>> = {
  'no-address': 'there is nowhere to send it to',
  'not-mobile': 'their number is not that of a mobile phone',
  'switched-off': 'they have switched it off',
  'category-switched-off': 'they have switched it off for this kind of message',
  'not-opted-in': 'they have not asked for messages of this kind',
  bounced: 'an earlier message came back',
  'spam-report': 'they have called an earlier mail spam',
  unsubscribed: 'they have unsubscribed',
  'opted-out': 'they have answered STOP',
  invalid: 'there is no such address',
  'by-hand': 'an operator has put the address on the list of those not to be written to',
  'country-not-allowed': 'no SMS are sent to their country',
  'person-cap': 'they were told enough for now',
  'day-cap': 'enough was sent today',
  'spend-cap': 'enough was spent',
  filtered: 'the networks have taken messages like it for spam',
  expired: 'it came too late to be of use',
  'read-already': 'they had read it already',
  cancelled: 'it was cancelled',
  moot: 'what it is about has changed meanwhile',
  'fallback-not-needed': 'they were reached on another channel',
  erased: 'the platform has deleted this person',
  'quiet-hours': 'they want to be left alone at this hour',
  'marketing-hours': 'the law keeps marketing from disturbing people at this hour',
  fallback: 'another channel is tried first',
}

/** A reason as people say it; what is none of ours is told as it is. */
export function reasonWords(reason: string | null): string {
  if (reason === null) return 'no reason was given'
  return new Map(Object.entries(words)).get(reason) ?? reason
}
