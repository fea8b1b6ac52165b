import { analytics } from './chapters/analytics.ts'
import { calendarSync } from './chapters/calendar-sync.ts'
import { calendars } from './chapters/calendars.ts'
import { channels } from './chapters/channels.ts'
import { chat } from './chapters/chat.ts'
import { communication } from './chapters/communication.ts'
import { email } from './chapters/email.ts'
import { events } from './chapters/events.ts'
import { mapService } from './chapters/map-service.ts'
import { maps } from './chapters/maps.ts'
import { media } from './chapters/media.ts'
import { models } from './chapters/models.ts'
import { payments } from './chapters/payments.ts'
import { push } from './chapters/push.ts'
import { realtime } from './chapters/realtime.ts'
import { recommendations } from './chapters/recommendations.ts'
import type { Chapter } from './row.ts'
import { search } from './chapters/search.ts'
import { signIn } from './chapters/sign-in.ts'
import { webhooks } from './chapters/webhooks.ts'

/** The platform's integration guide from its first section to its last, and what its code reads. */
export const chapters: readonly Chapter[] = [
  webhooks,
  events,
  maps,
  email,
  payments,
  signIn,
  push,
  realtime,
  analytics,
  mapService,
  media,
  communication,
  calendars,
  chat,
  search,
  recommendations,
  calendarSync,
  channels,
  models,
]
