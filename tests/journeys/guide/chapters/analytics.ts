import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'analytics' }
const metrics = 'AnalyticsService.get_booking_metrics'

export const analytics: Chapter = {
  title: 'Analytics: AnalyticsService',
  about: '',
  rows: [
    value(['class AnalyticsService'], '`/v1/events` and `/v1/metrics`', later),
    {
      guide: ['def AnalyticsService.track_event'],
      here: '`POST /v1/events`',
      jobs: ['analytics.track'],
      fields: '`{id, name, user_id, properties, occurred_at}`; the same `id` counts once',
      errors: '422 `invalid-payload`',
      proof: later,
    },
    value(['AnalyticsEvent.name'], '`name`', later),
    value(['AnalyticsEvent.user_id'], '`user_id`', later),
    value(['AnalyticsEvent.properties'], '`properties`, checked by the schema of the name', later),
    value(['AnalyticsEvent.timestamp'], '`occurred_at`, when it happened, and not when it was stored', later),
    {
      guide: [`def ${metrics}`],
      here: '`GET /v1/metrics/bookings?from=YYYY-MM-DD&to=YYYY-MM-DD`',
      jobs: ['analytics.roll-up'],
      fields: '`{total_bookings, total_revenue, average_price}` per currency; the last day counts whole',
      errors: '422 for a range that is none',
      proof: later,
    },
    value([`${metrics}: total_bookings`], '`total_bookings`', later),
    value(
      [`${metrics}: total_revenue`],
      '`total_revenue`, in minor units, per currency, without what was cancelled',
      later,
    ),
    value([`${metrics}: average_price`], '`average_price`, in minor units, `null` when there was no booking', later),
  ],
}
