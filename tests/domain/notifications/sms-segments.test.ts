import { describe, expect, test } from 'vitest'
import { segmentsOf } from '../../../src/domain/notifications/sms-segments.ts'
import { toGsm } from '../../../src/domain/notifications/sms-text.ts'
import { smsSegments } from '../../../src/sandbox/sms-segments.ts'
import { randomOf } from '../../chaos/random.ts'

const accent = `Votre séjour à l’hôtel commence demain. ${'Bonne route ! '.repeat(8)}`

// biome-ignore format: a table reads best with one case per line
test.each([
  ['nothing', '', 'GSM-7', 1],
  ['160 letters', 'a'.repeat(160), 'GSM-7', 1],
  ['161', 'a'.repeat(161), 'GSM-7', 2],
  ['2 × 153', 'a'.repeat(306), 'GSM-7', 2],
  ['one more', 'a'.repeat(307), 'GSM-7', 3],
  ['what French has in GSM-7', 'éèàùÇ'.repeat(32), 'GSM-7', 1],
  ['escaped letters, two septets each', '€'.repeat(80), 'GSM-7', 1],
  // 153 is odd: the 77th euro sign does not fit the first segment by half.
  ['escaped letters at the edge of a segment', '€'.repeat(153), 'GSM-7', 3],
  ['70 letters with an ê', `ê${'a'.repeat(69)}`, 'UCS-2', 1],
  ['151 letters with an ê', `ê${'a'.repeat(150)}`, 'UCS-2', 3],
  ['one ç', `Ça, garçon ! ${'x'.repeat(100)}`, 'UCS-2', 2],
  ['a curly apostrophe', 'L’été', 'UCS-2', 1],
  ['emoji, two units each', '😀'.repeat(35), 'UCS-2', 1],
  ['emoji at the edge of a segment', '😀'.repeat(67), 'UCS-2', 3],
] as const)('%s', (_, text, encoding, segments) => {
  expect(segmentsOf(text)).toEqual({ encoding, segments })
})

describe('letters that only French spelling needs cost nothing', () => {
  test.each([
    ['ê', 'Fenêtre ouverte, forêt'],
    ['ç', 'Reçu, garçon'],
    ['’', 'L’arrivée d’Anaïs'],
    ['œ', 'Sœur Cœur'],
    ['emoji', 'À bientôt 🏖️👋'],
    ['« »', '« Chez Noëlle »'],
  ])('%s', (_, text) => {
    const long = `${text} ${'x'.repeat(100)}`
    expect(segmentsOf(long)).toEqual({ encoding: 'UCS-2', segments: 2 })
    expect(segmentsOf(toGsm(long))).toEqual({ encoding: 'GSM-7', segments: 1 })
  })

  test('three segments become one', () => {
    expect(segmentsOf(accent).segments).toBe(3)
    expect(segmentsOf(toGsm(accent)).segments).toBe(1)
  })

  test('a script that GSM-7 does not have is kept and counted', () => {
    expect(segmentsOf(toGsm(`東京${'x'.repeat(100)}`))).toEqual({ encoding: 'UCS-2', segments: 2 })
  })
})

test('any text has as many segments as the sandbox puts on its bill, which counts on its own', () => {
  const random = randomOf(23_038)
  const alphabets: [string[], ...string[][]] = [
    ['a', 'é', '€'],
    ['a', 'ê', '😀'],
    ['a', '[', '\n', '’', '東', 'œ', 'Δ', '~', '👩‍🔧'],
  ]
  for (let round = 0; round < 2_000; round += 1) {
    const letters = random.pick(alphabets)
    const text = Array.from({ length: random.int(0, 500) }, () => letters[random.int(0, letters.length - 1)]).join('')
    const { encoding, segments } = smsSegments(text)
    expect(segmentsOf(text), JSON.stringify(text)).toEqual({ encoding, segments })
  }
})
