import { describe, expect, it } from 'vitest'
import { mailRefusal } from '../../../src/domain/events/mail-refusal.ts'
import { earlierMailStatuses, isLaterMailStatus, mailStatus } from '../../../src/domain/events/mail-status.ts'
import { dropClass, keptMailEvent, mailEventKey } from '../../../src/domain/mail-event.ts'

const event = (fields: Record<string, unknown>) => keptMailEvent.parse({ timestamp: 1_763_800_000, ...fields })
const everything = (reason: string) => ({ reason, about: 'everything' })

/** Every event of SendGrid's Event Webhook, and what it means here: the status of the delivery, and the next mail. */
const table: readonly [string, Record<string, unknown>, string | null, unknown][] = [
  ['processed', {}, 'processed', null],
  ['deferred', {}, 'deferred', null],
  ['delivered', {}, 'delivered', null],
  ['open', {}, 'open', null],
  ['click', {}, 'click', null],
  ['bounce', { type: 'bounce', status: '5.1.1' }, 'bounce', everything('bounced')],
  ['bounce', { type: 'bounce', status: '5.0.0' }, 'bounce', everything('bounced')],
  ['bounce', { type: 'bounce' }, 'bounce', everything('bounced')],
  ['bounce', { status: '5.1.10' }, 'bounce', everything('bounced')],
  ['bounce', { type: 'bounce', status: '4.4.1' }, 'bounce', null],
  ['bounce', { status: '4.2.2' }, 'bounce', null],
  ['bounce', {}, 'bounce', null],
  ['bounce', { type: 'blocked', status: '5.7.1' }, 'blocked', null],
  ['bounce', { type: 'blocked' }, 'blocked', null],
  ['dropped', { dropped_because: 'bounced' }, 'dropped', everything('bounced')],
  ['dropped', { dropped_because: 'spam-report' }, 'dropped', everything('spam-report')],
  ['dropped', { dropped_because: 'unsubscribed' }, 'dropped', everything('unsubscribed')],
  ['dropped', { dropped_because: 'invalid' }, 'dropped', everything('invalid')],
  ['dropped', {}, 'dropped', null],
  ['spamreport', {}, 'spamreport', everything('spam-report')],
  ['unsubscribe', {}, null, everything('unsubscribed')],
  ['group_unsubscribe', {}, null, { reason: 'unsubscribed', about: 'category' }],
  ['group_resubscribe', {}, null, { reason: null, about: 'category' }],
  ['account_status_change', { type: 'compliance_suspend' }, null, null],
  ['of_next_year', {}, null, null],
]

describe('an event of a mail', () => {
  it.each(table)('%s %o means %s for its delivery, and for the next mail %o', (name, fields, status, refusal) => {
    const read = event({ event: name, ...fields })
    expect(mailStatus(read)).toBe(status)
    expect(mailRefusal(read)).toEqual(refusal)
  })

  it.each([
    ['Bounced Address', 'bounced'],
    ['Spam Reporting Address', 'spam-report'],
    ['Unsubscribed Address', 'unsubscribed'],
    ['Invalid', 'invalid'],
    ['Invalid SMTPAPI header', undefined],
    ['Spam Content', undefined],
    ['Recipient List over Package Quota', undefined],
    ['550 <camille@example.test> is unknown', undefined],
  ])('dropped because of %s is of class %s', (reason, dropped) => {
    expect(dropClass(reason)).toBe(dropped)
  })

  it('is the same one in a retry, whatever its sg_event_id', () => {
    const first = { event: 'delivered', sg_message_id: 'abc.recvd-1', sg_event_id: 'one' }
    const key = mailEventKey(event(first))
    expect(mailEventKey(event({ ...first, sg_event_id: 'two' }))).toBe(key)
    const others = [{ event: 'open' }, { timestamp: 1 }, { sg_message_id: 'abd.recvd-1' }]
    for (const other of others) expect(mailEventKey(event({ ...first, ...other }))).not.toBe(key)
  })
})

describe('the status of a mail', () => {
  it.each([
    ['delivered', ['processed', 'deferred']],
    ['bounce', ['processed', 'deferred', 'delivered', 'open', 'click']],
    ['processed', []],
  ] as const)('%s puts an end to %j alone', (status, earlier) => {
    expect(earlierMailStatuses(status)).toEqual(earlier)
  })

  it('never goes back, and an end is one', () => {
    expect(isLaterMailStatus('click', 'open')).toBe(true)
    expect(isLaterMailStatus('delivered', 'click')).toBe(false)
    expect(isLaterMailStatus('dropped', 'bounce')).toBe(false)
    expect(isLaterMailStatus('click', 'spamreport')).toBe(false)
  })
})
