import type { EntityKind, EntityOf } from '../domain/platform/kinds.ts'
import { areOfOneForm } from './digest.ts'

/** One entity as somebody told us of it: checked by the schema of its kind, its version inside. */
export type Told<Among extends EntityKind = EntityKind> = {
  [Kind in Among]: { readonly kind: Kind; readonly id: string; readonly entity: EntityOf<Kind> }
}[Among]

/** An entity that the schema of its kind has checked, as one that is told. */
export function toldOf<Kind extends EntityKind>(kind: Kind, id: string, entity: EntityOf<Kind>): Told {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A union of kinds forgets which entity belongs to which.
  return { kind, id, entity } as unknown as Told
}

/**
 * What became of it. `unchanged`: known already, word for word, and nothing was written; `outdated`: a newer version is
 * known, or its deletion; `version-reused`: this version is known with other content, and that stays.
 */
export type Written = 'stored' | 'unchanged' | 'outdated' | 'version-reused'

/** What platform.versions says of an entity. `digest` is null once it is deleted, and '' of rows older than digests. */
export interface KnownVersion {
  readonly version: number
  readonly digest: string | null
}

/** Whether what is told goes before what is known: the condition of the write, as the statement has it in SQL. */
export function isNews(told: KnownVersion & { readonly digest: string }, known: KnownVersion | undefined): boolean {
  if (known === undefined || known.version < told.version) return true
  return known.version === told.version && known.digest !== null && !areOfOneForm(known.digest, told.digest)
}

/** What is to be said of an entity that was not stored, by what is known. */
export function whyNotStored(told: KnownVersion, known: KnownVersion): Exclude<Written, 'stored'> {
  if (told.version < known.version || known.digest === null) return 'outdated'
  return told.digest === known.digest ? 'unchanged' : 'version-reused'
}
