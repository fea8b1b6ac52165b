import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'calendars' }
const sync = 'CalendarSyncService.sync_external_calendar'

export const calendarSync: Chapter = {
  title: 'Availability: CalendarSyncService',
  about: '',
  rows: [
    value(
      ['class CalendarSyncService', 'def CalendarSyncService.__init__'],
      'feeds, blocks and availability of a place',
      later,
    ),
    {
      guide: [`def ${sync}`, `${sync}: dtstart`, `${sync}: dtend`],
      here: '`POST /v1/places/{id}/calendar-feeds` once; it is then synced by itself, and at once by `POST /v1/calendar-feeds/{id}/sync`',
      jobs: ['calendars.sync', 'calendars.sweep'],
      fields: '`{url}`; a second sync changes what changed and doubles nothing',
      errors: 'in the health of the feed; the host is told after repeated failures',
      proof: later,
    },
    value(['BlockedPeriod.place_id'], '`place_id` of the feed', later),
    value(['BlockedPeriod.start_date'], '`start`, a date', later),
    value(['BlockedPeriod.end_date'], '`end`, a date, exclusive', later),
    value(['BlockedPeriod.reason'], '`reason` = `external_calendar`, with the feed', later),
    value(['Redis key calendar:last_sync'], '`last_synced_at` of the feed', later),
    value(['error CalendarSyncError'], 'the `error` of the job `calendars.sync`', later),
    {
      guide: ['def CalendarSyncService.check_availability'],
      here: '`GET /v1/places/{id}/availability?from=YYYY-MM-DD&to=YYYY-MM-DD`',
      jobs: [],
      fields: '`{available, reasons}`',
      errors: '422 for dates that are none',
      proof: later,
    },
  ],
}
