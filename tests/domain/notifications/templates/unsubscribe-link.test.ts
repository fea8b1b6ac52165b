import { expect, test } from 'vitest'
import { locales } from '../../../../src/domain/locale.ts'
import { writeOwnWords } from '../../../../src/domain/notifications/own-words.ts'
import { withUnsubscribeLink } from '../../../../src/domain/notifications/templates/unsubscribe-link.ts'

const url = 'https://jobs.hbnb.test/a&b/unsubscribe/$&token'

test.each(locales)('a mail in %s ends with the link, once in each of its parts', locale => {
  const { email } = writeOwnWords(locale, { title: '<!-- last line -->', body: 'Bonjour <!-- last line --> $&' })
  const linked = withUnsubscribeLink(email, locale, url)
  expect(linked.subject).toBe(email.subject)
  const links = [...linked.html.matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href)
  expect(links).toEqual(['https://jobs.hbnb.test/a&amp;b/unsubscribe/$&amp;token'])
  const end = linked.html.slice(linked.html.indexOf('<a href'))
  expect(end.replace(/<[^>]+>/g, '').trim()).toBe(
    { fr: 'Ne plus recevoir ces messages', en: 'Stop getting these messages' }[locale],
  )
  expect(linked.text.split(url)).toHaveLength(2)
  expect(linked.text.trimEnd().endsWith(url)).toBe(true)
})
