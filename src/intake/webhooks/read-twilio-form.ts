import type { Request, Response } from 'express'
import { absentVariable } from '../../config/absent.ts'
import { verifyTwilioCallback } from '../../providers/twilio/callbacks.ts'
import { domainAbsent } from '../http/domain-absent.ts'
import { Problem } from '../http/problem.ts'
import { readBody } from '../http/read-body.ts'
import type { Intake } from '../intake.ts'

/** Of the forms that Twilio posts. */
export const maxTwilioFormBytes = 65_536
export const twilioFormType = 'application/x-www-form-urlencoded'

/** Twilio sends some twenty. */
const maxFields = 200

/** The fields of a form by name; one that came several times has all its values. */
export type FormFields = Readonly<Record<string, string | readonly string[]>>

/** Reads a form that Twilio has signed. Throws domain-absent, unsupported-media-type, invalid-event, invalid-signature. */
export async function readTwilioForm(
  request: Request,
  response: Response,
  { config, admit }: Pick<Intake, 'config' | 'admit'>,
): Promise<FormFields> {
  const absent = absentVariable(config, 'sms')
  if (absent !== null) throw domainAbsent('sms', absent)
  const { twilio } = config
  if ('missing' in twilio) throw domainAbsent('sms', twilio.missing)
  if (!request.is(twilioFormType)) throw new Problem('unsupported-media-type', { detail: 'send the body as a form' })
  response.once('close', admit(maxTwilioFormBytes))

  const bytes = await readBody(request, response, { maxBytes: maxTwilioFormBytes, inflate: false })
  const fields = formFieldsOf(bytes)
  const url = `${config.http.publicUrl}${request.originalUrl}`
  const signature = request.headers['x-twilio-signature']
  if (!verifyTwilioCallback({ url, signature, fields }, twilio.authToken)) throw new Problem('invalid-signature')
  return fields
}

/**
 * Parses a form that anybody may have sent: one of thousands of names costs seconds to look through before its signature is
 * found not to fit. Throws invalid-event above {@link maxFields}. What is no UTF-8 is replaced, so that its signature does
 * not fit.
 */
function formFieldsOf(bytes: Buffer): FormFields {
  const fields = new URLSearchParams(bytes.toString('utf8'))
  if (fields.size > maxFields) throw new Problem('invalid-event', { detail: `more than ${maxFields} fields` })
  return Object.fromEntries(
    [...new Set(fields.keys())].map(name => {
      const values = fields.getAll(name)
      return [name, values.length === 1 && values[0] !== undefined ? values[0] : values]
    }),
  )
}
