import { expect, test } from 'vitest'
import { Problem } from '../../src/intake/http/problem.ts'
import { readEntity } from '../../src/intake/sync/read-entity.ts'

const line = (fields: object) => Buffer.from(JSON.stringify({ id: '42', version: 1, first_name: 'Camille', ...fields }))

function faultsOf(bytes: Buffer): unknown {
  try {
    readEntity(bytes)
  } catch (error) {
    if (error instanceof Problem) return error.details['errors']
    throw error
  }
  return 'none'
}

test('a line is an entity of its kind', () => {
  expect(readEntity(line({ kind: 'user' }))).toMatchObject({
    kind: 'user',
    id: '42',
    entity: { version: 1, first_name: 'Camille', last_name: '' },
  })
})

test.each([[['user']], ['guest'], ['constructor'], ['__proto__'], [null], [7]])('%j is no kind', kind => {
  const message = 'must be one of user, preferences, amenity, place, booking, payment'
  expect(faultsOf(line({ kind }))).toEqual([expect.objectContaining({ field: '/kind', message })])
})
