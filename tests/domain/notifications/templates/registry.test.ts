import { expect, test } from 'vitest'
import {
  renderTemplate,
  templates,
  templateVersion,
  UnknownTemplate,
} from '../../../../src/domain/notifications/templates/registry.ts'
import { templateNames } from '../../../../src/domain/notifications/template-names.ts'
import { PermanentError } from '../../../../src/errors.ts'

test('every template is found under its own name and has a version', () => {
  expect([...templates.keys()].toSorted()).toEqual([...templateNames].toSorted())
  for (const [name, template] of templates) {
    expect(template.name).toBe(name)
    expect(templateVersion(name)).toBeGreaterThanOrEqual(1)
  }
})

test.each(['booking-confirmed', '', 'constructor', '__proto__'])('there is no template %j', name => {
  expect(() => renderTemplate(name, 'fr', {})).toThrow(UnknownTemplate)
  expect(() => templateVersion(name)).toThrow(PermanentError)
})
