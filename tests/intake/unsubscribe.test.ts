import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addressSha256, suppress, suppressionsOf } from '../../src/db/suppressions.ts'
import { type Subscription, unsubscribeTokens } from '../../src/unsubscribe/token.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake()
})
beforeEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.suppressions')
})
afterAll(() => intake.close())

const address = 'zoé@example.test'
const french = { addressSha256: addressSha256('email', address), locale: 'fr', category: 'review' } as const
const linkOf = (about: Subscription) =>
  `/unsubscribe/${unsubscribeTokens(intake.config.mail.unsubscribeSecrets).seal(about)}`
const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function refusal(category: 'review' | 'news' | 'booking') {
  const found = await suppressionsOf(intake.database.knex, [{ channel: 'email', address }], category)
  return found.get(address)
}

describe('a link to unsubscribe', () => {
  test('shows a page in the language of its mail, and changes nothing', async () => {
    const page = await intake.send('GET', linkOf(french))
    expect(page.status).toBe(200)
    expect(page.text).toContain('<html lang="fr-FR">')
    expect(page.text).toContain('Ne plus recevoir les e\u2011mails «\u00a0Demandes d’avis\u00a0»\u00a0?')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*form-action 'self'/)
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    const english = await intake.send('GET', `${linkOf({ ...french, locale: 'en' })}?utm_source=scanner`)
    expect(english.text).toContain('Stop getting “Requests for reviews” e\u2011mails?')
    expect(await intake.count('suppressions')).toBe(0)
  })

  test.each([
    ['as a form', form, 'List-Unsubscribe=One-Click'],
    [
      'as multipart',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
    ['without a body', {}, undefined],
  ])('ends such mail with one click of a mail program, %s, once and for all', async (_, headers, body) => {
    const link = linkOf(french)
    for (const time of ['first', 'second']) {
      const answer = await intake.send('POST', link, body, { ...headers, authorization: '' })
      expect(answer.status, time).toBe(200)
    }
    expect(await intake.database.knex('hbnb_jobs.suppressions').pluck('source')).toEqual(['one-click'])
    expect(await refusal('review')).toBe('unsubscribed')
    expect(await refusal('news')).toBeUndefined()
    expect(await refusal('booking')).toBeUndefined()
  })

  test('ends it by the button of its page, which then begins it again', async () => {
    const link = linkOf(french)
    const done = await intake.send('POST', link, 'do=unsubscribe', form)
    expect(done.text).toContain('Vous ne recevrez plus les e\u2011mails «\u00a0Demandes d’avis\u00a0».')
    expect(await refusal('review')).toBe('unsubscribed')
    expect((await intake.send('GET', link)).text).toContain('Me réabonner')
    const again = await intake.send('POST', link, 'do=subscribe', form)
    expect(again.text).toContain('Vous recevrez de nouveau')
    expect(await refusal('review')).toBeUndefined()
    expect((await intake.send('GET', link)).text).toContain('Ne plus recevoir')
  })

  test('takes back no more than a wish', async () => {
    const { addressSha256: hash } = french
    await suppress(intake.database.knex, [
      { channel: 'email', addressSha256: hash, reason: 'bounced', source: 'sendgrid' },
    ])
    await intake.send('POST', linkOf(french), 'do=subscribe', form)
    expect(await refusal('review')).toBe('bounced')
  })

  test('that is none of ours says so in both languages', async () => {
    for (const method of ['GET', 'POST']) {
      const answer = await intake.send(method, '/unsubscribe/not-a-token', undefined, form)
      expect(answer.status).toBe(404)
      expect(answer.text).toMatch(/Ce lien n’est pas complet[^]*This link is not complete/)
    }
    expect(await intake.count('suppressions')).toBe(0)
  })

  test('is in no log', async () => {
    const link = linkOf(french)
    await intake.send('GET', link)
    expect(intake.logged()).not.toContain(link.slice('/unsubscribe/'.length))
  })

  test('takes no more than a form', async () => {
    const answer = await intake.send('POST', linkOf(french), 'x'.repeat(5_000), form)
    expect(answer.status).toBe(413)
    expect(await intake.count('suppressions')).toBe(0)
  })
})
