import { connect, type Socket } from 'node:net'
import { z } from 'zod'
import { testKey } from './intake.ts'

const lineAnswer = z.looseObject({
  line: z.int().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  done: z.boolean().optional(),
  problem: z.looseObject({ type: z.string(), status: z.int() }).optional(),
})
/** One line of the answer to a stream. */
export type LineAnswer = z.output<typeof lineAnswer>

/** Sends lines to `POST /v1/jobs` and reads the whole answer. */
export async function sendLines(url: string, body: string, query = ''): Promise<LineAnswer[]> {
  const response = await fetch(`${url}/v1/jobs${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKey}`, 'content-type': 'application/x-ndjson' },
    body,
  })
  return linesOf(await response.text())
}

/** The lines of an answer. */
function linesOf(text: string): LineAnswer[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => lineAnswer.parse(JSON.parse(line)))
}

/** A connection on which a stream was begun; what is written goes as one chunk of its body. */
export interface OpenStream {
  readonly socket: Socket
  readonly write: (text: string) => boolean
  readonly end: () => void
  /** All that came back so far, with the framing of HTTP. */
  readonly heard: () => string
  /** Keeps nothing of what comes from here on. */
  readonly forget: () => void
}

/** Begins a stream of jobs by hand, for those who do not read, or go away. */
export async function openStream(url: string): Promise<OpenStream> {
  return await openStreamAt(url, '/v1/jobs')
}

/** The same at another address. */
export async function openStreamAt(url: string, path: string): Promise<OpenStream> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const heard: string[] = []
  const hear = (chunk: Buffer) => void heard.push(String(chunk))
  socket.on('data', hear).on('error', () => {})
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n` +
      `authorization: Bearer ${testKey}\r\n\r\n`,
  )
  return {
    socket,
    write: text => socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`),
    end: () => void socket.write('0\r\n\r\n'),
    heard: () => heard.join(''),
    forget: () => void socket.off('data', hear),
  }
}
