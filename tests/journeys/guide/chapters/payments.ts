import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'payments' }

export const payments: Chapter = {
  title: 'Payments: PaymentService',
  about: 'Amounts are whole numbers of the smallest unit (`total_minor`), never `int(price * 100)`.',
  rows: [
    value(['class PaymentService'], 'the routes below `/v1/payments`', later),
    value(['STRIPE_SECRET_KEY'], '`STRIPE_SECRET_KEY` of intake and workers', later),
    {
      guide: ['def PaymentService.create_payment_intent'],
      here: '`POST /v1/payments/intents`',
      jobs: [],
      fields: '`{booking_id}`; amount and currency are the booking’s; answers `{client_secret, …}`',
      errors: '`payment-error` with Stripe’s type, code and request id',
      proof: later,
    },
    value(
      ['PaymentService.create_payment_intent: returns client_secret'],
      '`client_secret`, which is stored nowhere',
      later,
    ),
    value(['PaymentService.create_payment_intent: booking_id'], '`metadata.booking_id`, for Stripe', later),
    value(['PaymentService.create_payment_intent: guest_id'], '`metadata.guest_id`, for Stripe', later),
    value(['error PaymentError'], 'problem type `payment-error`', later),
    {
      guide: ['def PaymentService.process_refund'],
      here: '`POST /v1/bookings/{id}/refunds` or `/v1/payments/{id}/refunds`',
      jobs: ['payments.refund'],
      fields:
        '`{amount?, currency?, reason?}`; answers the id of job and refund: asked twice with one key, refunded once',
      errors: '`refund-error`; how it ended is in the job and in `payment.refunded`',
      proof: later,
    },
    value(
      ['PaymentService.process_refund: returns id'],
      '`id` of the refund, which is the job’s; Stripe’s is its `provider_id`',
      later,
    ),
    value(['error RefundError'], 'problem type `refund-error`', later),
  ],
}
