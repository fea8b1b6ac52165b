import { z } from 'zod'
import { locales } from '../../domain/locale.ts'
import { countryCode, platformId } from '../../domain/platform/parts.ts'
import { broadcastStates } from '../../ledger/broadcast-standing.ts'
import { categoryNames, maxBodyChars, maxTitleChars, newNotification, words } from './notification-shapes.ts'

const maxUserIds = 100_000
const channelName = z.enum(['push', 'email'])
const instant = z.iso.datetime({ offset: true })
const count = z.int().min(0)

/** Who is told. Everybody is nobody's slip: it must be said. */
const audience = z.union(
  [
    z.strictObject({ user_ids: z.array(platformId).min(1).max(maxUserIds) }),
    z.strictObject({ country: countryCode }),
    z.strictObject({ everybody: z.literal(true) }),
  ],
  { error: 'must be {user_ids}, {country} or {everybody: true}' },
)

/** A broadcast as it is asked for. */
export const newBroadcast = z.strictObject({
  audience,
  title: words(maxTitleChars),
  body: words(maxBodyChars).describe('plain text; a blank line begins a paragraph of a mail'),
  locale: z.enum(locales).default('fr').describe('the language of title and body'),
  data: newNotification.shape.data,
  category: categoryNames
    .default('news')
    .describe('what people switch it off by; news and offers reach only who asked for them'),
  channels: z.array(channelName).min(1).max(2).default(['push', 'email']),
  expires_at: newNotification.shape.expires_at,
})

/** What is asked, read. */
export type NewBroadcastBody = z.output<typeof newBroadcast>

/** The answer to a broadcast that was asked for. */
export const acceptedBroadcast = z
  .object({
    id: z.uuid(),
    job_id: z.uuid().describe('the job that walks the audience'),
    links: z.object({ self: z.string(), job: z.string() }),
  })
  .meta({ title: 'AcceptedBroadcast' })

const results = z.object({ accepted: count, refused: count, unknown: count, open: count })

/** How far a broadcast has come. */
export const shownBroadcast = z
  .object({
    id: z.uuid(),
    title: z.string(),
    category: categoryNames,
    channels: z.array(channelName),
    created_at: instant,
    expires_at: instant.nullable(),
    cancelled_at: instant.nullable(),
    state: z.enum(broadcastStates),
    people: count.describe('how many are decided so far'),
    mails: count.describe('to how many of them a mail goes'),
    pushes: count.describe('to how many of them a push goes'),
    results: z
      .object({ email: results, push: results })
      .describe('what providers have answered so far: by mail, and by device'),
  })
  .meta({ title: 'Broadcast' })
