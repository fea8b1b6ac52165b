import type { Locale } from '../locale.ts'
import { clip, oneLine } from './one-line.ts'
import { InvalidTemplateData } from './templates/template.ts'
import { renderTemplate, UnknownTemplate } from './templates/registry.ts'

/** A list in an app shows no more of a text. */
const maxShownChars = 500

/** What is kept of what a notification says. */
interface Said {
  readonly template: string | null
  readonly locale: Locale
  readonly data: unknown
  readonly title: string | null
  readonly body: string | null
}

/** A notification as the inbox of an app shows it. One that a newer release has written may have no words here yet. */
export function shownInApp({ template, locale, data, title, body }: Said): {
  readonly title: string
  readonly body: string
} {
  if (template === null) return { title: oneLine(title ?? ''), body: clip(body ?? '', maxShownChars) }
  try {
    return renderTemplate(template, locale, data).push
  } catch (error) {
    if (error instanceof UnknownTemplate || error instanceof InvalidTemplateData) return { title: '', body: '' }
    throw error
  }
}
