import { PermanentError } from '../../../errors.ts'
import type { Locale } from '../../locale.ts'
import { bookingConfirmation } from './booking-confirmation/booking-confirmation.ts'
import type { RenderedNotification, Template } from './template.ts'

/** Every template by its name. A new one is a folder and a word here. */
export const templates: ReadonlyMap<string, Template> = new Map(
  [bookingConfirmation].map(template => [template.name, template]),
)

/** No template has this name. */
export class UnknownTemplate extends PermanentError {
  constructor(name: string) {
    super('unknown-template', `there is no template ${JSON.stringify(name.slice(0, 64))}`)
  }
}

/** The version to keep with a message's data. Throws UnknownTemplate. */
export function templateVersion(name: string): number {
  return templateNamed(name).version
}

/** Writes a message. Throws UnknownTemplate, or InvalidTemplateData; both permanent. */
export function renderTemplate(name: string, locale: Locale, data: unknown): RenderedNotification {
  return templateNamed(name).render(locale, data)
}

function templateNamed(name: string): Template {
  const template = templates.get(name)
  if (template === undefined) throw new UnknownTemplate(name)
  return template
}
