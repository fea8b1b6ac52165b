import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { chapters } from '../journeys/guide/chapters.ts'
import { guideMap } from '../journeys/guide/page.ts'
import { symbolsOf } from '../journeys/guide/symbols-of.ts'

const root = resolve(import.meta.dirname, '../..')
const listed = resolve(root, 'tests/journeys/guide/symbols.txt')
/** The guide is the platform's, and no part of this repository. */
const guide = resolve(root, '../shared/reference/guide.md')

const rows = chapters.flatMap(chapter => chapter.rows)
const symbols = async () => (await readFile(listed, 'utf8')).trimEnd().split('\n')

test('docs/guide-map.md says what the rows say (vitest run -u writes it anew)', async () => {
  await expect(guideMap(chapters)).toMatchFileSnapshot(resolve(root, 'docs/guide-map.md'))
})

test('every symbol of the guide has its row, and every row is of the guide', async () => {
  const told = rows.flatMap(row => row.guide)
  expect(told.toSorted()).toEqual((await symbols()).toSorted())
})

const beside = existsSync(guide)
const isBeside = beside ? '' : ' (NOT RUN: the guide is not beside this checkout)'
test.runIf(beside)(`the list of symbols is the guide’s${isBeside}`, async () => {
  expect(symbolsOf(await readFile(guide, 'utf8'))).toEqual(await symbols())
})
