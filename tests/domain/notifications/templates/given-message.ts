import type { Locale } from '../../../../src/domain/locale.ts'
import { renderTemplate } from '../../../../src/domain/notifications/templates/registry.ts'
import type { TemplateName } from '../../../../src/domain/notifications/template-names.ts'
import { sampleData } from '../../../../src/sandbox/outbox/sample-data.ts'

/** What people wrote: names, titles, addresses and ids, and not what a machine wrote. */
const strangersFields = [
  'booking_id',
  'payment_id',
  'first_name',
  'guest_first_name',
  'host_first_name',
  'place_title',
  'place_city',
  'place_address',
]

/** A message of the sample data, with some fields changed. */
export function written(name: TemplateName, locale: Locale, changes: object = {}) {
  return renderTemplate(name, locale, { ...sampleData[name], ...changes })
}

/** The same with everything that people wrote replaced. */
export function writtenBy(name: TemplateName, locale: Locale, text: string) {
  const fields = strangersFields.filter(field => field in sampleData[name])
  return written(name, locale, Object.fromEntries(fields.map(field => [field, text])))
}
