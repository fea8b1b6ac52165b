import type { EntityOf } from '../domain/platform/kinds.ts'
import type { ProviderCall } from './provider-call.ts'

/** What can be asked for by its id. */
export type FetchableKind = 'user' | 'place' | 'booking' | 'payment'

/** Where an entity is asked for that nobody has told us of. */
export interface EntitySource {
  /** Null when it is not known there either. Throws one of the outcomes of `src/errors.ts`. */
  find<Kind extends FetchableKind>(kind: Kind, id: string, call: ProviderCall): Promise<EntityOf<Kind> | null>
}
