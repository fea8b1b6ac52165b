import { afterAll, beforeAll, describe, test } from 'vitest'
import { chapters } from './guide/chapters.ts'
import { type Journey, startJourney } from './guide/journey.ts'
import { missingOf, nameOf } from './guide/row.ts'

const startWithinMs = 120_000

let journey: Journey
beforeAll(async () => {
  journey = await startJourney()
}, startWithinMs)
afterAll(() => journey?.close())

describe.each(chapters)('$title', ({ rows }) => {
  for (const row of rows) {
    const { proof } = row
    if (typeof proof === 'function') test(nameOf(row), () => proof(journey))
    else test.todo(`${nameOf(row)}: not built yet (${proof.notBuilt})`)
  }
})

// What nothing does yet is said aloud, by name.
afterAll(() => {
  const rows = chapters.flatMap(chapter => chapter.rows)
  const byDomain = Map.groupBy(rows, missingOf)
  const waiting = [...byDomain].filter(([missing]) => missing !== null)
  process.stdout.write(`guide map: ${byDomain.get(null)?.length} of ${rows.length} rows work; not built:\n`)
  for (const [domain, of] of waiting) process.stdout.write(`  ${domain}: ${of.map(nameOf).join(', ')}\n`)
})
