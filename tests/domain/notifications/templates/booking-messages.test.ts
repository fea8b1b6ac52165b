import { describe, expect, test } from 'vitest'
import { locales } from '../../../../src/domain/locale.ts'
import { InvalidTemplateData } from '../../../../src/domain/notifications/templates/template.ts'
import { written } from './given-message.ts'

const nbsp = '\u00a0'

describe.each(locales)('in %s', locale => {
  test('the page of a mail looks like this', async () => {
    const { html } = written('booking-confirmation', locale).email
    await expect(html).toMatchFileSnapshot(`saved/booking-confirmation.${locale}.html`)
  })

  test('one night and one guest are singular', () => {
    const alone = { check_out: '2026-12-13', guests: 1 }
    const { text } = written('booking-confirmation', locale, alone).email
    expect(text).toMatch(locale === 'fr' ? /1\u00a0nuit\n/ : /1 night\n/)
    expect(written('booking-request', locale, alone).push.body).toContain(
      locale === 'fr' ? `1${nbsp}voyageur.` : '1 guest.',
    )
  })

  test('what was written before the times of a place were known can still be said', () => {
    const { text } = written('booking-confirmation', locale, {
      check_in_time: undefined,
      check_out_time: undefined,
    }).email
    expect(text).toContain(
      locale === 'fr' ? `Arrivée${nbsp}: samedi 12 décembre 2026\n` : 'Check-in: Saturday 12 December',
    )
    const reminder = written('check-in-reminder', locale, { check_in_time: undefined })
    expect(reminder.sms.body).toMatch(locale === 'fr' ? /le 12\/12\/2026, La/ : /on 12 Dec 2026, La/)
  })

  test('a guest without an account has no name, and the host is told all the same', () => {
    const { text } = written('booking-cancelled-host', locale, { guest_first_name: undefined }).email
    expect(text).not.toMatch(/Chloé|Prénom|first name/)
    expect(text).toContain('François')
  })

  const said = (name: 'booking-cancelled' | 'booking-cancelled-host') =>
    (['guest', 'host', 'platform', undefined] as const).map(
      cancelled_by => written(name, locale, { cancelled_by }).email.text.split('\n\n')[2],
    )

  test('who cancelled is said to both', () => {
    expect(new Set([...said('booking-cancelled'), ...said('booking-cancelled-host')]).size).toBe(8)
  })
})

test.each([
  ['15:00', `15${nbsp}h`],
  ['09:30', `9${nbsp}h${nbsp}30`],
  ['00:05', `0${nbsp}h${nbsp}05`],
])('a French reader sees %s as « %s »', (check_in_time, shown) => {
  expect(written('check-in-reminder', 'fr', { check_in_time }).email.text).toContain(`à partir de ${shown}. Bon`)
})

test('yen have no cents, a partial refund names both sums', () => {
  const yen = { currency: 'JPY', amount_minor: 12_345, refunded_minor: 0 }
  expect(written('payment-succeeded', 'en', yen).email.text).toContain('JP¥12,345')
  expect(written('payment-refunded', 'en').email.text).toContain('€600.00 in all, of the €1,234.50 paid')
  const whole = written('payment-refunded', 'en', { refunded_minor: 123_450 }).email.text
  expect(whole).toContain('We have refunded you €1,234.50.')
  expect(whole).not.toContain('in all, of')
  const unknown = written('payment-refunded', 'fr', { refunded_minor: 0 })
  expect(unknown.email.text).toContain('Un remboursement vous a été fait.')
  expect(unknown.email.text).not.toContain('Remboursé')
  expect(unknown.push.body).toMatch(/Arcachon\.$/)
})

describe('data that does not fit is refused before anything is written', () => {
  test.each([
    ['booking-confirmation', { guest_first_name: undefined }, 'guest_first_name'],
    ['booking-confirmation', { place_title: 'x'.repeat(501) }, 'place_title'],
    ['booking-confirmation', { check_in: '2026-02-30' }, 'check_in'],
    ['booking-confirmation', { check_out: '2026-12-12' }, 'check_out'],
    ['booking-confirmation', { check_in_time: '25:00' }, 'check_in_time'],
    ['booking-confirmation', { guests: 0 }, 'guests'],
    ['booking-confirmation', { total_minor: 1234.5 }, 'total_minor'],
    ['booking-confirmation', { currency: 'euro' }, 'currency'],
    ['booking-confirmation', { booking_url: 'javascript:alert(1)' }, 'booking_url'],
    ['booking-confirmation', { booking_uri: 'https://hbnb.example' }, ''],
    ['booking-request', { host_first_name: undefined }, 'host_first_name'],
    ['booking-cancelled', { cancelled_by: 'weather' }, 'cancelled_by'],
    ['payment-failed', { amount_minor: '1' }, 'amount_minor'],
    ['payment-refunded', { refunded_minor: 123_451 }, 'refunded_minor'],
    ['welcome', { first_name: undefined }, 'first_name'],
  ] as const)('%s with %j', (name, changes, path) => {
    expect(() => written(name, 'fr', changes)).toThrow(
      expect.objectContaining({ code: 'invalid-template-data', faults: [expect.objectContaining({ path })] }),
    )
  })

  test('and the error does not quote it', () => {
    const secret = 'hunter2'
    const wrong = { guest_first_name: [secret], booking_url: secret, currency: secret, check_in_time: secret }
    try {
      written('booking-confirmation', 'fr', wrong)
      expect.fail('nothing was thrown')
    } catch (error) {
      if (!(error instanceof InvalidTemplateData)) throw error
      expect(error.faults).toHaveLength(4)
      expect(error.message + JSON.stringify(error.faults)).not.toContain(secret)
    }
  })
})
