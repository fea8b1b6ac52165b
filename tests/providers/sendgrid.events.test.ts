import { describe, expect, it } from 'vitest'
import { verifySendgridEvents } from '../../src/providers/sendgrid/events.ts'

// The worked example of SendGrid's own library (sendgrid-nodejs, packages/eventwebhook).
const PUBLIC_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=='
const OTHER_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQ4LIFtWztlsF7skFqOncjD1lun4H5w8XOhyOArHW9RcIx/FfEzx6cikC/yPfUvwaX/JScE7Fc9CJD2afQ9Ok3Q=='
const SIGNATURE = 'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM='
const event = {
  email: 'hello@world.com',
  event: 'dropped',
  reason: 'Bounced Address',
  sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
  sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
  'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
  timestamp: 1600112492,
}
const body = Buffer.from(`${JSON.stringify([event])}\r\n`)
const headers = {
  'x-twilio-email-event-webhook-signature': SIGNATURE,
  'x-twilio-email-event-webhook-timestamp': '1600112502',
}

describe('verifySendgridEvents', () => {
  it('takes what SendGrid signed', () => {
    expect(verifySendgridEvents(body, headers, PUBLIC_KEY)).toBe(true)
  })

  it.each([
    ['another body', Buffer.from(body.toString().trimEnd()), headers, PUBLIC_KEY],
    ['another key', body, headers, OTHER_KEY],
    ['no key', body, headers, 'nonsense'],
    ['another time', body, { ...headers, 'x-twilio-email-event-webhook-timestamp': '1600112503' }, PUBLIC_KEY],
    ['no headers', body, {}, PUBLIC_KEY],
    ['a repeated header', body, { ...headers, 'x-twilio-email-event-webhook-signature': [SIGNATURE] }, PUBLIC_KEY],
    ['an empty signature', body, { ...headers, 'x-twilio-email-event-webhook-signature': '' }, PUBLIC_KEY],
    ['a garbled signature', body, { ...headers, 'x-twilio-email-event-webhook-signature': '%%%' }, PUBLIC_KEY],
  ])('refuses %s', (_name, bytes, given, key) => {
    expect(verifySendgridEvents(bytes, given, key)).toBe(false)
  })
})
