import { expect, test } from 'vitest'
import { writeDigest } from '../../../src/domain/notifications/write-digest.ts'

const item = (n: number) => ({ title: `Nour ${n}`, body: 'Bonjour !' })
const items = (count: number) => Array.from({ length: count }, (_, n) => item(n))

test('a single thing is told as it is', () => {
  expect(writeDigest('fr', 'message', items(1), 1)).toEqual(item(0))
})

test.each([
  ['fr', 'message', '2 messages vous attendent', 'Nour 0\u00a0: Bonjour !\n\nNour 1\u00a0: Bonjour !'],
  ['fr', 'news', '2 nouvelles pour vous', 'Nour 0\u00a0: Bonjour !\n\nNour 1\u00a0: Bonjour !'],
  ['en', 'message', '2 messages are waiting for you', 'Nour 0: Bonjour !\n\nNour 1: Bonjour !'],
  ['en', 'news', '2 pieces of news for you', 'Nour 0: Bonjour !\n\nNour 1: Bonjour !'],
] as const)('several, in %s, of the category %s', (locale, category, title, body) => {
  expect(writeDigest(locale, category, items(2), 2)).toEqual({ title, body })
})

test.each([
  ['fr', 21, 'Et un autre.', '21 messages vous attendent'],
  ['fr', 320, 'Et 300 autres.', '320 messages vous attendent'],
  ['en', 21, 'And one more.', '21 messages are waiting for you'],
  ['en', 320, 'And 300 more.', '320 messages are waiting for you'],
] as const)('a long list ends with what is left, in %s: %i', (locale, count, last, title) => {
  const written = writeDigest(locale, 'message', items(20), count)
  expect(written.title).toBe(title)
  expect(written.body.split('\n\n')).toHaveLength(21)
  expect(written.body).toMatch(new RegExp(`\n\n${last}$`))
})

test('texts of strangers stay on their line, and are cut', () => {
  const hostile = { title: 'Léa\r\nBcc: x@y.z', body: '🏡'.repeat(300) }
  const [first, second] = writeDigest('fr', 'message', [hostile, { title: 'Nour', body: '' }], 2).body.split('\n\n')
  expect(first).toMatch(/^Léa Bcc: x@y\.z\u00a0: 🏡+…$/u)
  expect(first?.length).toBeLessThanOrEqual(200)
  expect(second).toBe('Nour')
})
