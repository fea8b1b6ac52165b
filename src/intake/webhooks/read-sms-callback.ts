import type { z } from 'zod'
import { keptSmsCallback } from '../../domain/events/sms-status.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'

/** The fields of a form by name; one that came several times has all its values. */
type FormFields = Readonly<Record<string, string | readonly string[]>>

/** Twilio sends some twenty. */
const maxFields = 200

/**
 * Parses a form that anybody may have sent: one of thousands of names costs seconds to look through before its signature is
 * found not to fit. Throws invalid-event above {@link maxFields}. What is no UTF-8 is replaced, so that its signature does
 * not fit.
 */
export function formFieldsOf(bytes: Buffer): FormFields {
  const fields = new URLSearchParams(bytes.toString('utf8'))
  if (fields.size > maxFields) throw new Problem('invalid-event', { detail: `more than ${maxFields} fields` })
  return Object.fromEntries(
    [...new Set(fields.keys())].map(name => {
      const values = fields.getAll(name)
      return [name, values.length === 1 && values[0] !== undefined ? values[0] : values]
    }),
  )
}

/** A verified status callback without what is not kept of it; `effectId` is of its address. Throws invalid-event. */
export function readSmsCallback(fields: FormFields, effectId: string | undefined): z.output<typeof keptSmsCallback> {
  const callback = { ...fields, effect_id: effectId }
  const { data, error } = keptSmsCallback.safeParse(callback)
  if (data === undefined) throw new Problem('invalid-event', { errors: fieldFaults(error.issues, callback) })
  return data
}
