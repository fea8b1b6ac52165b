import type { JobContract, PayloadSchema } from '../../queues/define-job.ts'

const made = new WeakMap<PayloadSchema, PayloadSchema>()

/** A contract's payload schema that passes over fields it does not know; made once, because zod compiles each schema. */
export function tolerant({ payload }: JobContract): PayloadSchema {
  const known = made.get(payload)
  if (known) return known
  const schema = payload.strip()
  made.set(payload, schema)
  return schema
}
