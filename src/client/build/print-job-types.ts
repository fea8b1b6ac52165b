import { z } from 'zod'
import type { Catalog } from '../../../queues/catalog.ts'
import type { JobContract } from '../../../queues/define-job.ts'
import { docComment, printType } from './print-type.ts'

/** The text of `job-types.ts`: every job type open to callers, as plain types. */
export function printJobTypes(catalog: Catalog): string {
  const open = [...catalog.values()].filter(contract => contract.open)
  const keptByQueueAlone = open.filter(({ durability }) => durability === 'queue').map(({ name }) => name)
  return `
// Written from queues/ by \`vitest run -u --project unit tests/client/generated.test.ts\`; do not edit.

/** Every job type open to callers: what it takes and what it answers. */
export interface JobTypes {
${open.map(printJobType).join('\n')}
}

/** Jobs that the queue alone keeps: they take no Idempotency-Key, so a lost answer cannot be asked for again. */
export const keptByQueueAlone: ReadonlySet<string> = new Set(${JSON.stringify(keptByQueueAlone)})
`
}

function printJobType({ name, about, payload, result }: JobContract): string {
  const options = { unrepresentable: 'any' } as const
  const taken = printType(z.toJSONSchema(payload, { io: 'input', ...options }))
  const answered = printType(z.toJSONSchema(result, { io: 'output', ...options }))
  return `${docComment(about)}${JSON.stringify(name)}: {\nreadonly payload: ${taken}\nreadonly result: ${answered}\n}`
}
