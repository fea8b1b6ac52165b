import { expect, test } from 'vitest'
import { chunksOf } from '../../src/client/chunks.ts'

const limits = { maxItems: 3, maxBytes: 10, lingerMs: 60_000, bytesOf: (text: string) => text.length }

async function* given(texts: readonly string[], taken: string[] = []) {
  for (const text of texts) {
    taken.push(text)
    yield text
  }
}

async function all(source: AsyncIterable<string[]>): Promise<string[][]> {
  const found: string[][] = []
  for await (const chunk of source) found.push(chunk)
  return found
}

test.each([
  [[], []],
  [['a'], [['a']]],
  [
    ['a', 'b', 'c', 'd'],
    [['a', 'b', 'c'], ['d']],
  ],
  [
    ['12345', '12345', 'x'],
    [['12345', '12345'], ['x']],
  ],
  [
    ['a', '123456789012', 'b'],
    [['a'], ['123456789012'], ['b']],
  ],
])('%j', async (texts, chunks) => {
  expect(await all(chunksOf(given(texts), limits))).toEqual(chunks)
})

test('takes nothing while a chunk is in use', async () => {
  const taken: string[] = []
  const chunks = chunksOf(given(['a', 'b', 'c', 'd', 'e', 'f', 'g'], taken), limits)
  expect(taken).toEqual([])
  await chunks.next()
  expect(taken).toEqual(['a', 'b', 'c'])
  await chunks.next()
  expect(taken).toHaveLength(6)
})

test('what a slow source has given is not kept waiting for the rest', async () => {
  let give: ((text: string) => void) | undefined
  async function* slow() {
    yield 'a'
    yield await new Promise<string>(resolve => {
      give = resolve
    })
  }
  const chunks = chunksOf(slow(), { ...limits, lingerMs: 1 })
  expect((await chunks.next()).value).toEqual(['a'])
  give?.('b')
  expect((await chunks.next()).value).toEqual(['b'])
  expect((await chunks.next()).done).toBe(true)
})

async function* broken() {
  yield 'a'
  throw new Error('no more')
}

test('a source that fails fails', async () => {
  await expect(all(chunksOf(broken(), limits))).rejects.toThrow('no more')
})
