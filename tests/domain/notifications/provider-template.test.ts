import { expect, test } from 'vitest'
import { isProviderTemplate, missingVariables } from '../../../src/domain/notifications/provider-template.ts'

const id = `d-${'0'.repeat(32)}`
const templates = { [id]: ['first_name', 'voucher_url'] }

test.each([
  [{ first_name: 'Zoé', voucher_url: 'https://hbnb.example/v' }, []],
  [{ first_name: 'Zoé', voucher_url: 0 }, []],
  [{ first_name: 'Zoé' }, ['voucher_url']],
  [{ first_name: ' ', voucher_url: null, more: 1 }, ['first_name', 'voucher_url']],
])('of %j are missing: %j', (variables, missing) => {
  expect(missingVariables(templates, id, variables)).toEqual(missing)
})

test('variables are those of the object alone, and templates those that were declared', () => {
  expect(missingVariables({ [id]: ['constructor'] }, id, {})).toEqual(['constructor'])
  expect(missingVariables(templates, `d-${'1'.repeat(32)}`, {})).toBeNull()
  expect(missingVariables(templates, 'constructor', {})).toBeNull()
})

test('only an id of SendGrid is a template of the provider', () => {
  expect(isProviderTemplate(id)).toBe(true)
  for (const other of ['booking-confirmation', 'd-', `${id}0`, `D-${'0'.repeat(32)}`]) {
    expect(isProviderTemplate(other)).toBe(false)
  }
})
