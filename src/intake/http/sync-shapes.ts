import { z } from 'zod'
import { type EntityKind, entityKinds } from '../../domain/platform/kinds.ts'
import { platformId } from '../../domain/platform/parts.ts'
import { keptBadLines, syncStates } from '../../mirror/sync/syncs.ts'
import { problemSchema } from './problem-schema.ts'

/** What callers call a sync. */
export const syncName = z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a–z, 0–9 and -')

const count = z.int().min(0)
const counts = {
  lines: count.describe('the last line that is committed; blank ones count'),
  stored: count,
  unchanged: count.describe('known already, word for word'),
  outdated: count.describe('a newer version is known, or its deletion'),
  refused: count,
}

function lineOf<Kind extends EntityKind>(kind: Kind) {
  return z.object({ kind: z.literal(kind), id: platformId, ...entityKinds[kind].shape })
}

/** One line of a sync. */
export const syncLine = z.union([
  lineOf('user'),
  lineOf('preferences'),
  lineOf('amenity'),
  lineOf('place'),
  lineOf('booking'),
  lineOf('payment'),
])

/** One line of the answer to it. */
export const syncAnswer = z.union([
  z.object({ resumed_after_line: count.describe('these lines were committed before, and are passed over') }),
  z.object({ line: z.int().min(1), status: z.literal('refused'), problem: problemSchema }),
  z.object({ progress: z.object(counts) }),
  z.object({
    done: z.boolean().describe('false: what stands behind `lines` was not looked at; send the same again to go on'),
    ...counts,
    took_ms: count,
    problem: problemSchema.optional().describe('why not all was looked at'),
  }),
])

const listed = {
  name: syncName,
  state: z.enum(syncStates).describe('cut: it stopped in the middle; sent again under the same name it goes on'),
  ...counts,
  started_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
}

/** A sync, and what was wrong with its lines. */
export const shownSync = z.object({
  ...listed,
  bad_lines: z
    .array(z.object({ line: z.int().min(1), problem: problemSchema }))
    .describe(`the first ${keptBadLines} that were refused`),
})

/** A page of syncs. */
export const listedSyncs = z.object({ syncs: z.array(z.object(listed)), next_cursor: z.string().nullable() })
