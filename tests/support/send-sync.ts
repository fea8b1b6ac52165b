import { z } from 'zod'
import { testKey } from './intake.ts'
import { type OpenStream, openStreamAt } from './send-lines.ts'

const counts = z.looseObject({ lines: z.int(), stored: z.int(), refused: z.int() })
const syncAnswer = z.looseObject({
  resumed_after_line: z.int().optional(),
  line: z.int().optional(),
  status: z.string().optional(),
  progress: counts.optional(),
  done: z.boolean().optional(),
  problem: z
    .looseObject({ type: z.string(), errors: z.array(z.looseObject({ field: z.string() })).optional() })
    .optional(),
})
/** One line of the answer to a sync. */
export type SyncAnswer = z.output<typeof syncAnswer>

/** A line that tells of a user. */
export function userLine(id: number, fields: object = {}): string {
  return JSON.stringify({ kind: 'user', id: String(id), version: 1, first_name: `A${id}`, ...fields })
}

/** Sends lines to `POST /v1/sync` and reads the whole answer. */
export async function sendSync(url: string, name: string, lines: readonly string[], query = ''): Promise<SyncAnswer[]> {
  const response = await fetch(`${url}/v1/sync?name=${name}${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKey}`, 'content-type': 'application/x-ndjson' },
    body: lines.map(line => `${line}\n`).join(''),
  })
  const text = await response.text()
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => syncAnswer.parse(JSON.parse(line)))
}

/** Begins a sync by hand, for those who are slow, or go away. */
export async function openSync(url: string, name: string): Promise<OpenStream> {
  return await openStreamAt(url, `/v1/sync?name=${name}`)
}
