import { z } from 'zod'
import { type EntityKind, entityKinds } from '../../domain/platform/kinds.ts'
import { platformId } from '../../domain/platform/parts.ts'
import type { Told } from '../../mirror/told.ts'
import { fieldFaults } from '../http/pointer.ts'
import { type FieldFault, Problem } from '../http/problem.ts'
import { strictJson } from '../http/strict-json.ts'

/** A line of nothing but faults would be kept and answered with many times its length. */
const maxFaults = 10

const object = z.record(z.string(), z.unknown())
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names of a closed record.
const kinds = Object.keys(entityKinds) as EntityKind[]
const head = z.object({
  kind: z.enum(kinds, `must be one of ${kinds.join(', ')}`),
  id: platformId,
})

/** Reads one line of a sync: an entity with its kind and id beside its fields. Throws bad-json or invalid-entity. */
export function readEntity(bytes: Uint8Array): Told {
  const { value, faults } = strictJson(bytes)
  const given = object.safeParse(value)
  if (!given.success) throw invalid([{ field: '', rule: 'type', message: 'must be an object' }])
  const { kind: _kind, id: _id, ...fields } = given.data
  const named = head.safeParse(given.data)
  const entity = named.success ? entityKinds[named.data.kind].safeParse(fields) : undefined
  if (faults.length > 0 || !named.success || !entity?.success) {
    const issues = [...(named.error?.issues ?? []), ...(entity?.error?.issues ?? [])]
    throw invalid([...faults, ...fieldFaults(issues, value)])
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The entity was read by the schema of this kind.
  return { ...named.data, entity: entity.data } as Told
}

function invalid(errors: readonly FieldFault[]): Problem {
  return new Problem('invalid-entity', { errors: errors.slice(0, maxFaults) })
}
