import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blocksOf } from './page.ts'
import { type Desk, startDesk } from './system.ts'

const pageTimeoutMs = 240_000

let desk: Desk
beforeAll(async () => {
  desk = await startDesk()
})
afterAll(async () => {
  await desk.clear()
})

test('the page that adds a job works as it is written', { timeout: pageTimeoutMs }, async () => {
  const blocks = await blocksOf('add-a-job.md')
  for (const { words, text } of blocks) {
    const path = words.find(word => word.startsWith('file='))?.slice('file='.length)
    if (path === undefined) continue
    await mkdir(dirname(join(desk.folder, path)), { recursive: true })
    await writeFile(join(desk.folder, path), text)
  }
  const [proof, enqueue] = blocks.filter(({ words }) => words.includes('run')).map(block => block.text)
  const start = blocks.find(({ words }) => words.includes('stays-up'))?.text
  if (proof === undefined || enqueue === undefined || start === undefined) throw new Error('the page has lost a block')

  expect(await desk.run(proof)).toMatch(/^[1-9]\d* passed, 0 failed$/m)
  const exported = await desk.start(start)
  const said = await desk.run(enqueue, exported)
  expect(said).toContain('"points":70')
  expect(said).toMatch(/loyalty\.award-points\s+completed/)
})
