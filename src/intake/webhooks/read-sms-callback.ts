import type { z } from 'zod'
import { keptSmsCallback } from '../../domain/events/sms-status.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'
import type { FormFields } from './read-twilio-form.ts'

/** A verified status callback without what is not kept of it; `effectId` is of its address. Throws invalid-event. */
export function readSmsCallback(fields: FormFields, effectId: string | undefined): z.output<typeof keptSmsCallback> {
  const callback = { ...fields, effect_id: effectId }
  const { data, error } = keptSmsCallback.safeParse(callback)
  if (data === undefined) throw new Problem('invalid-event', { errors: fieldFaults(error.issues, callback) })
  return data
}
