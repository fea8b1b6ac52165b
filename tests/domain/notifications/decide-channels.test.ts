import { describe, expect, test } from 'vitest'
import {
  type ChannelDecision,
  type ChannelFacts,
  decideChannels,
  type DecisionInput,
} from '../../../src/domain/notifications/decide-channels.ts'

const now = new Date('2026-11-22T12:00:00Z')
const none = { push: null, email: null, sms: null }
const reached: ChannelFacts = {
  noWay: none,
  suppressed: none,
  chosen: none,
  switchedOn: { push: true, email: true, sms: true },
}
const usual: DecisionInput = {
  now,
  category: 'booking',
  urgency: 'normal',
  named: null,
  expiresAt: null,
  facts: reached,
  quietHours: null,
  zone: 'Europe/Paris',
  sentLastHour: 0,
  shutUntil: () => null,
}

interface Choices extends Partial<Omit<DecisionInput, 'facts'>> {
  readonly facts?: Partial<ChannelFacts>
}

const decide = ({ facts, ...choices }: Choices) =>
  decideChannels({ ...usual, ...choices, facts: { ...reached, ...facts } })
    .map(wordsOf)
    .join(', ')

function wordsOf({ channel, decision, reason, until }: ChannelDecision): string {
  return [channel, decision, reason, until?.toISOString().slice(5, 16)].filter(Boolean).join(' ')
}

const night = { from: '22:00', to: '08:00' }
const midnight = new Date('2026-11-22T23:00:00Z')
const allSend = 'push send, email send, sms send'
const noMarketingBeforeEleven = (_: unknown, at: Date) => {
  const eleven = new Date('2026-11-22T11:00:00Z')
  return at < eleven ? eleven : null
}

// biome-ignore format: a table reads best with one case per line
const table: Readonly<Record<string, readonly (readonly [string, Choices, string])[]>> = {
  'what reaches a person': [
    ['all that is there', {}, allSend],
    ['nothing without an address', { facts: { noWay: { push: 'no-address', email: 'no-address', sms: 'no-address' } } }, 'push suppress no-address, email suppress no-address, sms suppress no-address'],
    ['no SMS to a landline', { facts: { noWay: { ...none, sms: 'not-mobile' } } }, 'push send, email send, sms suppress not-mobile'],
    ['no mail that would bounce', { facts: { suppressed: { ...none, email: 'bounced' } } }, 'push send, email suppress bounced, sms send'],
    ['not even of a break-in', { category: 'security', facts: { suppressed: { ...none, sms: 'opted-out' } } }, 'push send, email send, sms suppress opted-out'],
  ],
  'what a person wants': [
    ['switched off', { facts: { switchedOn: { push: true, email: false, sms: false } } }, 'push send, email suppress switched-off, sms suppress switched-off'],
    ['a choice beats the switch', { facts: { chosen: { push: false, email: true, sms: null }, switchedOn: { push: true, email: false, sms: true } } }, 'push suppress category-switched-off, email send, sms send'],
    ['security is told all the same', { category: 'security', facts: { chosen: { push: false, email: false, sms: false }, switchedOn: { push: false, email: false, sms: false } } }, allSend],
    ['offers only to who asked', { category: 'offers', facts: { chosen: { push: null, email: true, sms: false } } }, 'push suppress not-opted-in, email send, sms suppress category-switched-off'],
    ['and never by the switch', { category: 'news' }, 'push suppress not-opted-in, email suppress not-opted-in, sms suppress not-opted-in'],
  ],
  'how much': [
    ['the last of an hour', { sentLastHour: 19 }, allSend],
    ['one too many', { sentLastHour: 20, category: 'account' }, 'push suppress person-cap, email suppress person-cap, sms suppress person-cap'],
    ['a receipt all the same, which disturbs nobody', { sentLastHour: 20 }, 'push suppress person-cap, email send, sms suppress person-cap'],
    ['security has no cap', { category: 'security', sentLastHour: 500 }, allSend],
  ],
  'at what hour': [
    ['a receipt waits in its box', { now: midnight, quietHours: night }, 'push defer quiet-hours 11-23T07:00, email send, sms defer quiet-hours 11-23T07:00'],
    ['what is not owed waits', { now: midnight, quietHours: night, category: 'account' }, 'push defer quiet-hours 11-23T07:00, email defer quiet-hours 11-23T07:00, sms defer quiet-hours 11-23T07:00'],
    ['in the zone of the person', { now: midnight, quietHours: night, zone: 'Pacific/Auckland' }, allSend],
    ['who has said nothing is told', { now: midnight }, allSend],
    ['but not what is in no hurry', { now: midnight, urgency: 'low' }, 'push defer quiet-hours 11-23T07:00, email defer quiet-hours 11-23T07:00, sms defer quiet-hours 11-23T07:00'],
    ['what is urgent is told', { now: midnight, quietHours: night, urgency: 'high' }, allSend],
    ['so is security', { now: midnight, quietHours: night, category: 'security' }, allSend],
    ['the law has its hours', { now: new Date('2026-11-22T10:00:00Z'), category: 'offers', named: ['sms'], facts: { chosen: { ...none, sms: true } }, shutUntil: noMarketingBeforeEleven }, 'sms defer marketing-hours 11-22T11:00'],
    ['which may end in a nap', { now: new Date('2026-11-22T10:00:00Z'), category: 'offers', named: ['sms'], facts: { chosen: { ...none, sms: true } }, shutUntil: noMarketingBeforeEleven, quietHours: { from: '11:30', to: '14:00' } }, 'sms defer quiet-hours 11-22T13:00'],
    ['who is never free is told when it is lawful', { category: 'offers', named: ['sms'], facts: { chosen: { ...none, sms: true } }, shutUntil: (_, at) => new Date(at.getTime() + 3_600_000) }, 'sms defer marketing-hours 11-22T15:00'],
    ['what is over by then is not sent', { now: midnight, quietHours: night, expiresAt: new Date('2026-11-23T07:00:00Z') }, 'push suppress expired, email send, sms suppress expired'],
  ],
  'on how many channels': [
    ['one after the other', { category: 'message' }, 'push send, email defer fallback 11-22T12:10, sms defer fallback 11-22T12:20'],
    ['from the first that there is', { category: 'reminder', facts: { noWay: { ...none, push: 'no-address' } } }, 'push suppress no-address, email send, sms defer fallback 11-22T12:10'],
    ['counted from the morning', { category: 'review', now: midnight, quietHours: night }, 'push defer quiet-hours 11-23T07:00, email defer fallback 11-23T07:10, sms defer fallback 11-23T07:20'],
    ['nobody is woken by a stand-in', { category: 'message', now: new Date('2026-11-22T20:55:00Z'), quietHours: night }, 'push send, email defer fallback 11-23T07:00, sms defer fallback 11-23T07:00'],
    ['all that the sender has named', { category: 'message', named: ['sms', 'push'] }, 'push send, sms send'],
    ['no other', { named: ['email'] }, 'email send'],
  ],
}

describe.each(Object.entries(table))('%s', (_, cases) => {
  test.each(cases)('%s', (_title, choices, expected) => {
    expect(decide(choices)).toBe(expected)
  })
})
