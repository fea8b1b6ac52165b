import { z } from 'zod'
import { inboxSources } from '../../db/inbox-job.ts'
import { inboxStates } from '../../db/inbox-search.ts'
import { jobStates } from '../../ledger/status.ts'
import { entityOption } from './job-options.ts'
import { searchInstant, searchText } from './search-options.ts'

const maxTypeChars = 100
const instant = z.iso.datetime({ offset: true })

/** The query options that say which events are meant. */
export const inboxFilter = {
  source: z.enum(inboxSources).optional().describe('From this source: whose door they came in by.'),
  type: searchText(maxTypeChars).optional().describe('Of this type, such as booking.confirmed.'),
  entity: entityOption.optional().describe('About this, such as booking:42.'),
  state: z.enum(inboxStates).optional().describe('In this state.'),
  since: searchInstant.optional().describe('Stored at or after this instant.'),
  until: searchInstant.optional().describe('Stored before this instant.'),
}

/** One event of a list. */
export const foundEvent = z.object({
  id: z.uuid().describe('in the inbox'),
  source: z.enum(inboxSources),
  event_id: z.string().describe('as its sender calls it'),
  type: z.string(),
  entity: z.string().nullable(),
  scheme: z.string().describe('how it was signed'),
  received_at: instant,
  state: z
    .enum(inboxStates)
    .describe('waiting: its job has not ended; failed: it has, and nobody said what became of the event'),
  reason: z.string().nullable().describe('why it was ignored or failed, or what its job waits for'),
  job_id: z.uuid().nullable().describe('the newest job that was made for it; null when nothing reacts to it'),
  replays: z.int().min(0),
})

/** One event with what it holds and what was made of it. */
export const shownEvent = foundEvent.extend({
  body: z.unknown().describe('without personal data, and without the values of fields that are not known here'),
  jobs: z
    .array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        state: z.enum(jobStates),
        entity: z.string().nullable(),
        accepted_at: instant,
        parent_id: z.uuid().nullable().describe('the job that made it; null for one made for the event itself'),
      }),
    )
    .describe('made for the event, or by such a job; newest first'),
})

const count = z.int().min(0)

/** What a replay of many did. */
export const inboxReplay = z.object({
  dry_run: z.boolean().describe('true: nothing was changed, this is what would be'),
  matching: count,
  replayed: count,
  left: z
    .object({ in_work: count, nothing_reacts: count })
    .describe('events left as they are: their job has not ended, or nothing reacts to their kind'),
  examples: z.array(z.uuid()).describe('a few of those that are replayed, the oldest first'),
})
