import { expect, it } from 'vitest'
import { toSdk } from '../../src/providers/fcm/message.ts'
import { pushTo } from './senders.ts'

const said = { collapseId: 'message-1', ttlSeconds: 3_600, channel: 'message', badge: 3 }

it('tells Android, Apple and browsers the same, each in its own words', () => {
  const { token, data, android, apns, webpush } = toSdk(pushTo('t1', { ...said, urgency: 'low', data: { id: '1' } }))
  expect({ token, data }).toEqual({ token: 't1', data: { id: '1' } })
  expect(android).toEqual({
    collapseKey: 'message-1',
    ttl: 3_600_000,
    priority: 'normal',
    notification: { tag: 'message-1', channelId: 'message', sound: 'default' },
  })
  expect(apns).toEqual({
    headers: {
      'apns-collapse-id': 'message-1',
      'apns-expiration': expect.stringMatching(/^\d{10}$/),
      'apns-priority': '5',
    },
    payload: { aps: { sound: 'default', badge: 3 } },
  })
  expect(Number(apns?.headers?.['apns-expiration']) - Date.now() / 1_000).toBeCloseTo(3_600, -1)
  expect(webpush).toEqual({ headers: { TTL: '3600', Urgency: 'low' }, notification: { tag: 'message-1' } })
})

it.each([
  ['normal', 'high', '10'],
  ['high', 'high', '10'],
] as const)('wakes devices up for what is of %s urgency', (urgency, priority, apnsPriority) => {
  const { android, apns, webpush } = toSdk(pushTo('t1', { urgency }))
  expect([android?.priority, apns?.headers?.['apns-priority'], webpush?.headers?.['Urgency']]).toEqual([
    priority,
    apnsPriority,
    urgency,
  ])
})

it('leaves the number on the icon as it is when none is given', () => {
  expect(toSdk(pushTo('t1', { badge: null })).apns?.payload).toEqual({ aps: { sound: 'default' } })
  expect(toSdk(pushTo('t1', { badge: 0 })).apns?.payload).toEqual({ aps: { sound: 'default', badge: 0 } })
})
