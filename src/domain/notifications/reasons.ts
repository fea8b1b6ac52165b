/** Why a channel is not used, or was not used in the end. */
export const refusals = [
  'no-address',
  'not-mobile',
  'switched-off',
  'category-switched-off',
  'not-opted-in',
  'bounced',
  'spam-report',
  'unsubscribed',
  'opted-out',
  'invalid',
  'by-hand',
  'country-not-allowed',
  'person-cap',
  'day-cap',
  'spend-cap',
  'filtered',
  'expired',
  'read-already',
  'cancelled',
  'moot',
  'fallback-not-needed',
  'erased',
] as const

/** Why a channel is used later. */
export const deferrals = ['quiet-hours', 'marketing-hours', 'fallback'] as const

/** One of {@link refusals}. */
export type Refusal = (typeof refusals)[number]

/** One of {@link deferrals}. */
export type Deferral = (typeof deferrals)[number]
