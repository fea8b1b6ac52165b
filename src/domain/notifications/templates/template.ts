import type { z } from 'zod'
import { PermanentError } from '../../../errors.ts'
import type { Locale } from '../../locale.ts'
import type { TemplateName } from '../template-names.ts'

/** One message as each channel shows it. HTML is complete and escaped; everything else is plain text. */
export interface RenderedNotification {
  readonly email: { readonly subject: string; readonly html: string; readonly text: string }
  readonly sms: { readonly body: string }
  readonly push: { readonly title: string; readonly body: string }
}

/** A message we can write. `version` rises when the same data would read differently. */
export interface Template {
  readonly name: TemplateName
  readonly version: number
  /** Pure. Throws InvalidTemplateData before anything is written. */
  render(locale: Locale, data: unknown): RenderedNotification
}

/** The data does not fit the template. Says where and why, never with the values: they are about people. */
export class InvalidTemplateData extends PermanentError {
  readonly faults: readonly { readonly path: string; readonly reason: string }[]

  constructor(template: string, error: z.ZodError) {
    const faults = error.issues.map(({ path, message }) => ({ path: path.join('.'), reason: message }))
    const where = faults.map(({ path, reason }) => `${path === '' ? 'data' : path}: ${reason}`)
    super('invalid-template-data', `data of ${template} is not valid: ${where.join('; ')}`)
    this.faults = faults
  }
}

/** A template whose data is checked against its schema each time it is rendered. */
export function defineTemplate<Schema extends z.ZodType>(template: {
  readonly name: TemplateName
  readonly version: number
  readonly data: Schema
  readonly write: (locale: Locale, data: z.output<Schema>) => RenderedNotification
}): Template {
  const { name, version } = template
  return {
    name,
    version,
    render(locale, data) {
      const checked = template.data.safeParse(data)
      if (!checked.success) throw new InvalidTemplateData(name, checked.error)
      return template.write(locale, checked.data)
    },
  }
}
