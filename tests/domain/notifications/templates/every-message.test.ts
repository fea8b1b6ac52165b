import { describe, expect, test } from 'vitest'
import { locales } from '../../../../src/domain/locale.ts'
import { templateNames } from '../../../../src/domain/notifications/template-names.ts'
import { sampleData } from '../../../../src/sandbox/outbox/sample-data.ts'
import { smsSegments } from '../../../../src/sandbox/sms-segments.ts'
import { written, writtenBy } from './given-message.ts'

const everyMessage = templateNames.flatMap(name => locales.map(locale => [name, locale] as const))
const maxPushBytes = 400
const tag = /<[a-z!/][^>]*>/gi

describe.each(everyMessage)('%s in %s', (name, locale) => {
  const { email, sms, push } = written(name, locale)
  const said = [email.subject, email.html, email.text, sms.body, push.title, push.body]
  const [pageField = '', page] = Object.entries(sampleData[name]).find(([field]) => field.endsWith('_url')) ?? []

  test('reads like this', async () => {
    const preheader = /<div style="display:none[^>]*>([^<]+)</.exec(email.html)?.[1]
    const sheet = [`Subject: ${email.subject}`, `Preheader: ${preheader}`, '', email.text, `SMS: ${sms.body}`]
    const file = `saved/${name}.${locale}.txt`
    await expect([...sheet, '', `Push: ${push.title}`, push.body, ''].join('\n')).toMatchFileSnapshot(file)
  })

  test('leaves no hole', () => {
    for (const text of said) {
      expect(text.trim()).not.toBe('')
      expect(text).not.toMatch(/undefined|null|NaN|\[object|\{\{|\}\}|\$\{| {2}| ,|,,/)
    }
  })

  test('the text part says all the HTML says, and the other way round', () => {
    const visible = email.html.slice(email.html.indexOf('<h1')).replace(/<[^>]+>/g, '\n')
    const lines = visible.split('\n').filter(line => line.trim() !== '')
    expect(lines.filter(line => !email.text.includes(line))).toEqual([])
    const words = email.text.split('\n').flatMap(line => line.split(/\u00a0?: /))
    expect(words.filter(part => !visible.includes(part) && part !== page)).toEqual([])
  })

  test('loads nothing from outside, and its only link is the page of its button', () => {
    expect(email.html).not.toMatch(/\b(src|background|@import|url\()\s*=?["'(]/i)
    expect([...email.html.matchAll(/https?:[^"\s<]+/g)].map(([url]) => url)).toEqual([page])
    const withoutPage = written(name, locale, { [pageField]: undefined })
    expect(withoutPage.email.html).not.toContain('<a ')
    expect(withoutPage.sms.body).not.toContain('http')
  })

  test.each([
    ['an ordinary', 'Gîte'],
    ['an accented', 'Château de la Forêt Enchantée'],
    ['a 200 character', 'L’été à l’île, '.repeat(14).slice(0, 200)],
    ['a costly', '{€}'.repeat(50)],
    ['a pictured', 'Cœur de garçon ❤️ – l’Œuf 🏖️🏖️🏖️'],
  ])('one SMS segment holds it with %s title', (_, place_title) => {
    const changes = 'place_title' in sampleData[name] ? { place_title, place_city: 'Llanfairpwllgwyngyll' } : {}
    const { body } = written(name, locale, changes).sms
    expect(smsSegments(body), body).toMatchObject({ encoding: 'GSM-7', segments: 1 })
    expect(body).toMatch(/^HBNB: /)
  })

  test('two SMS segments hold it with a title of another alphabet', () => {
    const changes = { place_title: '東京の静かな家'.repeat(20), place_city: '東京都渋谷区' }
    const { body } = written(name, locale, 'place_title' in sampleData[name] ? changes : {}).sms
    expect(smsSegments(body).segments, body).toBeLessThanOrEqual(2)
    if ('place_title' in sampleData[name]) expect(body).toContain('東京の静かな家')
  })

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=a>',
    '{{constructor}} {{{x}}}',
    '&lt;b&gt; & \'"`=',
    '<!-- <![endif]-->',
  ])('a stranger’s %j stays text', hostile => {
    const mail = writtenBy(name, locale, hostile).email
    expect(mail.text).toContain(hostile)
    expect(mail.html.match(tag)).toEqual(email.html.match(tag))
  })

  test('a stranger’s line break makes no line and no header', () => {
    const evil = 'x\r\nBcc: all@example.org\u2028\n\n.\u0085'
    const all = writtenBy(name, locale, evil)
    for (const line of [all.email.subject, all.sms.body, all.push.title, all.push.body]) {
      expect(line).not.toMatch(/[\r\n\u2028\u0085]/)
    }
    expect(all.email.text.split('\n')).toHaveLength(email.text.split('\n').length)
  })

  test.each(['', ' \u00a0', '\u200b', '\u200d', '\u202e\u2066', '\u3164', '\r\n'])(
    'what shows nothing, such as %j, is written as a dash, or left out where there need be none',
    unseen => {
      const all = writtenBy(name, locale, unseen)
      expect(all.email.text).toContain(locale === 'fr' ? 'Bonjour –,' : 'Hello –,')
      expect(all.email.text).not.toMatch(/(Address|Adresse)\u00a0?:/)
      for (const text of [all.email.subject, all.email.text, all.sms.body, all.push.body]) {
        expect(text).not.toMatch(/undefined|null| {2}| ,/)
      }
    },
  )

  test('subject and push are bounded, the mail says everything', () => {
    const title = 'é'.repeat(200)
    const all = writtenBy(name, locale, 'é')
    const long = 'place_title' in sampleData[name] ? written(name, locale, { place_title: title }) : all
    expect(long.email.subject.length).toBeLessThanOrEqual(120)
    expect(Buffer.byteLength(long.push.title + long.push.body)).toBeLessThanOrEqual(maxPushBytes)
    if (long !== all) expect(long.email.text).toContain(title)
  })

  test('the push shows no person’s name and no address', () => {
    expect(JSON.stringify(push)).not.toMatch(/Chloé|François|allée des Pêcheurs/)
  })
})

test.each(templateNames)('%s in French is set as books are', name => {
  const { email, push } = written(name, 'fr')
  const prose = [email.subject, email.text.replace(/https?:\S+/g, ''), push.title, push.body].join('\n')
  expect(prose).not.toMatch(/'|"| [:;!?]|[^\u202f][;!?]/)
  expect(prose).not.toMatch(/[^\u00a0]:/)
  expect(prose).not.toMatch(/\d (h|nuits?|voyageurs?|€)/)
})

test.each(templateNames)('%s keeps pictures and letters of all kinds in mail and push', name => {
  const title = 'Cœur de forêt ❤️ façon « Œuf » à l’île 👩‍👧 東京'
  if (!('place_title' in sampleData[name])) return
  const { email, push } = written(name, 'fr', { place_title: title })
  expect(email.subject).toContain(title)
  expect(email.text).toContain(title)
  expect(email.html).toContain(title)
  expect(push.body).toContain(title)
})
