import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished } from 'vitest'
import { findPython } from '../../src/setup/python.ts'

const folder = resolve(import.meta.dirname, '../../docs/upstream')
/** The Python to test with, or why there is none. */
export const python = await findPython()

/** A request, as far as the tests look at it. */
interface Seen {
  readonly line: string
  readonly key: string | undefined
  readonly last: string | undefined
  /** Of a webhook. */
  readonly event: string | undefined
  readonly body: string
}

/** How the service of a test answers one request. */
export type Answer = (response: ServerResponse) => void

/** No answer at all. */
export const cut: Answer = response => response.destroy()
/** An answer in one piece. */
export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  response => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
/** A refusal (RFC 9457). */
export const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json(status, { type: `/problems/${code}`, title: code, status }, headers)

/** An answer line by line. */
export const ndjson =
  (...lines: readonly object[]): Answer =>
  response => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.end(lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  }

/** A service that answers in this order, whatever it is asked, and remembers what that was. */
export async function service(...answers: Answer[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    seen.push({
      line: `${request.method} ${request.url}`,
      key: request.headers['idempotency-key']?.toString(),
      last: request.headers['last-event-id']?.toString(),
      event: request.headers['webhook-id']?.toString(),
      body: await text(request),
    })
    const answer = answers[seen.length - 1] ?? problem(500, 'nothing-left')
    answer(response)
  }
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the service has no port')
  return { url: `http://127.0.0.1:${address.port}`, seen }
}

/** Runs Python after `jobs = Jobs(url, …)`; answers what it prints. */
export async function py(url: string, script: string): Promise<string> {
  if ('missing' in python) throw new Error(python.missing)
  const start = `from hbnb_jobs import *\njobs = Jobs(${JSON.stringify(url)}, key="k", timeout_s=2, deadline_s=6)\n`
  const child = spawn(python.path, ['-B', '-c', start + script], { cwd: folder, env: { ...python.env } })
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  expect(code, err).toBe(0)
  return out.trim()
}
