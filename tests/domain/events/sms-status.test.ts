import { expect, test } from 'vitest'
import { earlierThan, keptSmsCallback } from '../../../src/domain/events/sms-status.ts'

test('a status puts an end to those before it, and to none beside it', () => {
  expect(earlierThan('accepted')).toEqual([])
  expect(earlierThan('queued')).toEqual(['accepted', 'scheduled'])
  expect(earlierThan('sent')).toEqual(['accepted', 'scheduled', 'queued', 'sending'])
  const beforeTheEnd = ['accepted', 'scheduled', 'queued', 'sending', 'sent']
  for (const end of ['delivered', 'undelivered', 'failed', 'canceled'] as const) {
    expect(earlierThan(end)).toEqual(beforeTheEnd)
  }
})

const callback = { MessageSid: `SM${'0'.repeat(32)}`, MessageStatus: 'failed', ErrorCode: '30003' }

test('numbers and text of a message are not kept', () => {
  const kept = keptSmsCallback.parse({ ...callback, To: '+33612345678', From: 'HBNB', Body: 'Bonjour' })
  expect(kept).toEqual({ ...callback, ErrorCode: 30_003, effect_id: null })
})

test.each([{ MessageSid: '+33612345678' }, { MessageStatus: 'received' }, { ErrorCode: 'x' }, { effect_id: '1' }])(
  '%j is no part of a callback',
  part => {
    expect(keptSmsCallback.safeParse({ ...callback, ...part }).success).toBe(false)
  },
)
