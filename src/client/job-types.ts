// Written from queues/ by `vitest run -u --project unit tests/client/generated.test.ts`; do not edit.

/** Every job type open to callers: what it takes and what it answers. */
export interface JobTypes {
  /** Tell a person something: decide the channels, then one delivery and one job per channel. */
  'notifications.send': {
    readonly payload: {
      readonly user_id: string
      readonly template:
        | 'booking-requested'
        | 'booking-confirmation'
        | 'booking-cancelled'
        | 'stay-completed'
        | 'check-in-reminder'
        | 'booking-request'
        | 'booking-confirmed-host'
        | 'booking-cancelled-host'
        | 'stay-completed-host'
        | 'payment-succeeded'
        | 'payment-failed'
        | 'payment-refunded'
        | 'welcome'
      /** needed by messages about a booking or a stay */
      readonly booking_id?: string
      /** needed by messages about a payment */
      readonly payment_id?: string
    }
    readonly result: {
      readonly notification_id: string
      readonly channels: {
        readonly email: string
        readonly sms: string
        readonly push: string
      }
    }
  }
}

/** Jobs that the queue alone keeps: they take no Idempotency-Key, so a lost answer cannot be asked for again. */
export const keptByQueueAlone: ReadonlySet<string> = new Set([])
