import { z } from 'zod'
import { addressSha256 } from '../../db/suppressions.ts'
import { keptSmsReply, readReply } from '../../domain/events/sms-reply.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'
import type { FormFields } from './read-twilio-form.ts'

const maxBodyChars = 1_600

const smsFromSomebody = z.object({
  MessageSid: keptSmsReply.shape.MessageSid,
  /** Of a person in E.164; other senders cannot be written to anyway. */
  From: z.string().regex(/^\+?[0-9A-Za-z ]{1,40}$/),
  Body: z.string().max(maxBodyChars).default(''),
  OptOutType: z.string().max(maxBodyChars).optional(),
})

/** What is kept of a verified SMS to us. Throws invalid-event. */
export function readSmsReply(fields: FormFields): z.output<typeof keptSmsReply> {
  const { data, error } = smsFromSomebody.safeParse(fields)
  if (data === undefined) throw new Problem('invalid-event', { errors: fieldFaults(error.issues, fields) })
  const { MessageSid, From, Body, OptOutType } = data
  return { MessageSid, reply: readReply(Body, OptOutType), from_sha256: addressSha256('sms', From) }
}
