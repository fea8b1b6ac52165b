import { describe, expect, test } from 'vitest'
import { locales } from '../../../../src/domain/locale.ts'
import { renderTemplate } from '../../../../src/domain/notifications/templates/registry.ts'
import { InvalidTemplateData } from '../../../../src/domain/notifications/templates/template.ts'
import { smsSegments } from '../../../../src/sandbox/sms-segments.ts'

const booking = {
  booking_id: 'bk_7f3a',
  guest_first_name: 'Chloé',
  place_title: 'Maison des Dunes',
  place_city: 'Arcachon',
  check_in: '2026-12-12',
  check_out: '2027-01-01',
  guests: 2,
  total_minor: 123_450,
  currency: 'EUR',
  booking_url: 'https://hbnb.example/bookings/bk_7f3a',
}
const render = (locale: 'fr' | 'en', changes: object = {}) =>
  renderTemplate('booking-confirmation', locale, { ...booking, ...changes })

describe.each(locales)('in %s', locale => {
  const { email, sms, push } = render(locale)

  test('reads like this', async () => {
    await expect(email.html).toMatchFileSnapshot(`saved/booking-confirmation.${locale}.html`)
    await expect(email.text).toMatchFileSnapshot(`saved/booking-confirmation.${locale}.txt`)
    expect({ subject: email.subject, sms: sms.body, push }).toMatchSnapshot()
  })

  test('the text part says all the HTML says, and the other way round', () => {
    const visible = email.html.slice(email.html.indexOf('<h1')).replace(/<[^>]+>/g, '\n')
    const said = visible.split('\n').filter(line => line.trim() !== '')
    expect(said.filter(line => !email.text.includes(line))).toEqual([])
    const written = email.text.split('\n').flatMap(line => line.split(/\u00a0?: /))
    expect(written.filter(words => !visible.includes(words) && words !== booking.booking_url)).toEqual([])
  })

  test('loads nothing from outside, and its only link is the booking', () => {
    expect(email.html).not.toMatch(/\b(src|background|@import|url\()\s*=?["'(]/i)
    expect([...email.html.matchAll(/https?:[^"\s<]+/g)].map(([url]) => url)).toEqual([booking.booking_url])
    expect(render(locale, { booking_url: undefined }).email.html).not.toContain('<a ')
  })

  test('the SMS is one GSM-7 segment, whatever the title', () => {
    for (const place_title of [
      'Gîte',
      'Château de la Forêt Enchantée',
      'L’été à l’île '.repeat(20),
      '{€}'.repeat(50),
    ]) {
      const { body } = render(locale, { place_title }).sms
      expect(smsSegments(body), body).toMatchObject({ encoding: 'GSM-7', segments: 1 })
    }
    const { body } = render(locale, { place_title: 'Gîte '.repeat(20), place_city: 'Llanfair'.repeat(10) }).sms
    expect(smsSegments(body), body).toMatchObject({ encoding: 'GSM-7', segments: 1 })
  })

  test('one night and one guest are singular', () => {
    const { text } = render(locale, { check_out: '2026-12-13', guests: 1 }).email
    expect(text).toMatch(locale === 'fr' ? /1\u00a0nuit\n/ : /1 night\n/)
  })

  test.each(['<script>alert(1)</script>', '"><img src=x onerror=a>', '{{constructor}} {{{x}}}', '&lt;b&gt; & \'"`='])(
    'a stranger’s %j stays text',
    hostile => {
      const mail = render(locale, { guest_first_name: hostile, place_title: hostile, place_city: hostile }).email
      expect(mail.text).toContain(hostile)
      expect(mail.subject).toContain(hostile)
      expect(mail.html.match(/<[a-z!/][^>]*>/gi)).toEqual(email.html.match(/<[a-z!/][^>]*>/gi))
    },
  )

  test('a stranger’s line break makes no line and no header', () => {
    const evil = 'x\r\nBcc: all@example.org\u2028\n\n.'
    const all = render(locale, { guest_first_name: evil, place_title: evil, place_city: evil, booking_id: evil })
    expect(all.email.subject).not.toMatch(/[\r\n\u2028]/)
    expect(all.sms.body).not.toMatch(/[\r\n\u2028]/)
    expect(all.email.text.split('\n')).toHaveLength(email.text.split('\n').length)
  })

  test('subject and push are bounded', () => {
    const all = render(locale, { place_title: 'é'.repeat(500) })
    expect(all.email.subject.length).toBeLessThanOrEqual(120)
    expect(all.push.body.length).toBeLessThanOrEqual(200)
    expect(all.email.text).toContain('é'.repeat(500))
  })
})

test('the push shows no person’s name', () => {
  expect(JSON.stringify(render('fr').push)).not.toContain('Chloé')
})

describe('data that does not fit is refused before anything is written', () => {
  test.each([
    [{ guest_first_name: undefined }, 'guest_first_name'],
    [{ guest_first_name: '\r\n' }, 'guest_first_name'],
    [{ place_title: 'x'.repeat(501) }, 'place_title'],
    [{ check_in: '2026-02-30' }, 'check_in'],
    [{ check_out: '2026-12-12' }, 'check_out'],
    [{ check_out: '2029-12-12' }, 'check_out'],
    [{ nights: 3 }, 'nights'],
    [{ guests: 0 }, 'guests'],
    [{ total_minor: 1234.5 }, 'total_minor'],
    [{ currency: 'euro' }, 'currency'],
    [{ booking_url: 'javascript:alert(1)' }, 'booking_url'],
    [{ booking_uri: 'https://hbnb.example' }, ''],
  ])('%j', (changes, path) => {
    expect(() => render('fr', changes)).toThrow(
      expect.objectContaining({ code: 'invalid-template-data', faults: [expect.objectContaining({ path })] }),
    )
  })

  test('and the error does not quote it', () => {
    const secret = 'hunter2'
    try {
      render('fr', { guest_first_name: [secret], booking_url: secret, currency: secret, check_in: secret })
      expect.fail('nothing was thrown')
    } catch (error) {
      if (!(error instanceof InvalidTemplateData)) throw error
      expect(error.faults).toHaveLength(4)
      expect(error.message + JSON.stringify(error.faults)).not.toContain(secret)
    }
  })

  test('nights that agree with the dates are fine', () => {
    expect(render('fr', { nights: 20 })).toEqual(render('fr'))
  })
})
