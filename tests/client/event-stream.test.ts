import { describe, expect, test } from 'vitest'
import { linesOf, readEventStream } from '../../src/client/event-stream.ts'

async function* pieces(text: string, bytesEach: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += bytesEach) yield bytes.subarray(at, at + bytesEach)
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of source) found.push(one)
  return found
}

// However the network cuts it: inside a character, between CR and LF, in one piece.
describe.each([1, 2, 3, 7, 10_000])('in pieces of %i bytes', bytesEach => {
  const events = async (text: string) => await all(readEventStream(pieces(text, bytesEach)))

  test.each(['\n', '\r\n'])('fields are read up to %j', async end => {
    const text = ['id: 3', 'event: state', 'data: {"é": "☃"}', '', ''].join(end)
    expect(await events(text)).toEqual([{ id: '3', event: 'state', data: '{"é": "☃"}' }])
  })

  test('comments and unknown fields say nothing', async () => {
    expect(await events(':\n: alive\nretry: 10\nsoup: yes\n\ndata:x\n\n')).toEqual([
      { id: '', event: 'message', data: 'x' },
    ])
  })

  test('lines of data are joined, one space is taken off, an id lasts', async () => {
    expect(await events('id:7\ndata:  a\ndata\ndata: b\n\ndata: c\n\n')).toEqual([
      { id: '7', event: 'message', data: ' a\n\nb' },
      { id: '7', event: 'message', data: 'c' },
    ])
  })

  test('what the end cuts off never happened', async () => {
    expect(await events('data: a\n\nid: 9\ndata: b\n')).toEqual([{ id: '', event: 'message', data: 'a' }])
  })

  test('lines keep their last one', async () => {
    expect(await all(linesOf(pieces('é\n\nlast', bytesEach), /\n/))).toEqual(['é', '', 'last'])
  })
})

test('every piece is a sign of life, a comment too', async () => {
  let beats = 0
  await all(
    readEventStream(pieces(': alive\n', 2), () => {
      beats += 1
    }),
  )
  expect(beats).toBe(4)
})

async function* endless() {
  for (;;) yield new Uint8Array(65_536).fill(97)
}

test('a line without end does not fill the memory', async () => {
  await expect(all(linesOf(endless()))).rejects.toBeInstanceOf(RangeError)
})
