import { newJobId } from '../../src/ledger/job-id.ts'
import { givenStay, type StayChoices } from './platform-rows.ts'
import type { World } from './world.ts'

/** What a test may choose about its message; the rest is the first confirmation that was ever sent. */
export interface MessageChoices extends StayChoices {
  readonly template?: string
  readonly templateVersion?: number
}

/** Writes a stay, its notification and one delivery of it. Answers the payload of the job that sends it. */
export async function givenDelivery(
  { database: { knex } }: World,
  id: string,
  channel: 'email' | 'sms' | 'push',
  choices: MessageChoices = {},
): Promise<{ delivery_id: string }> {
  await givenStay(knex, id, { status: 'confirmed', ...choices })
  const [notificationId, deliveryId] = [newJobId(), newJobId()]
  await knex('hbnb_jobs.notifications').insert({
    id: notificationId,
    user_id: `guest-${id}`,
    template: choices.template ?? 'booking-confirmation',
    template_version: choices.templateVersion ?? 1,
    locale: choices.locale ?? 'fr',
    data: {
      booking_id: id,
      guest_first_name: 'Camille',
      place_title: 'Cabane dans les pins',
      place_city: 'Arcachon',
      check_in: '2026-12-12',
      check_out: '2026-12-19',
      guests: 2,
      total_minor: 84_050,
      currency: 'EUR',
      booking_url: 'https://hbnb.example/bookings/1',
    },
    push_data: { click_action: 'FLUTTER_NOTIFICATION_CLICK', type: 'booking_update', booking_id: id },
    entity: `booking:${id}`,
  })
  await knex('hbnb_jobs.deliveries').insert({
    id: deliveryId,
    notification_id: notificationId,
    channel,
    decision: 'send',
    job_id: deliveryId,
  })
  return { delivery_id: deliveryId }
}
