import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'calendars' }
const out = 'CalendarService.generate_ical'
const read = 'CalendarService.import_external_calendar'

export const calendars: Chapter = {
  title: 'Calendars: CalendarService',
  about: '',
  rows: [
    value(['class CalendarService'], 'links and feeds of a place, below `/v1/places/{id}`', later),
    {
      guide: [`def ${out}`],
      here: '`POST /v1/places/{id}/calendar-links` makes `GET /calendars/{token}.ics`',
      jobs: [],
      fields: '`text/calendar`, unchanged bytes while nothing changes, `ETag`',
      errors: '404 for a link that was revoked',
      proof: later,
    },
    value([`${out}: prodid`, `${out}: version`], '`PRODID`, `VERSION:2.0`', later),
    value([`${out}: summary`], '`SUMMARY`: the place’s title only for its host', later),
    value([`${out}: dtstart`], '`DTSTART;VALUE=DATE`: `check_in`', later),
    value([`${out}: dtend`], '`DTEND;VALUE=DATE`: `check_out`, exclusive', later),
    value([`${out}: description`], 'the guest’s name is told to nobody but the host', later),
    {
      guide: [`def ${read}`],
      here: '`POST /v1/calendar-feeds/preview` reads and stores nothing',
      jobs: [],
      fields: '`[{start, end, description}]`',
      errors: 'what is no whole calendar is refused, and frees no night',
      proof: later,
    },
    value([`${read}: start`, `${read}: dtstart`], '`start`, a date', later),
    value([`${read}: end`, `${read}: dtend`], '`end`, a date, exclusive', later),
    value([`${read}: description`], '`description`', later),
  ],
}
