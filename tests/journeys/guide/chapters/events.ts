import { expect } from 'vitest'
import type { Journey } from '../journey.ts'
import type { Chapter, Proof, Row } from '../row.ts'
import { paymentOf, type Stay } from '../stay.ts'

type Fields = Readonly<Record<string, unknown>>

const ofBooking = '`{event, booking_id, sequence?, data?}`; `data` is the booking'
const ofPayment = '`{event, payment_id, booking_id?, sequence?, data?}`; `data` is the payment'
const ofUser = '`{event, user_id, sequence?, data?}`; `data` is the person'

function event(name: string, fields: string, effect: string, proof: Proof): Row {
  const [source] = name.split('.')
  return {
    guide: [`event ${name}`],
    here: `\`POST /webhooks/${source}\`: ${effect}`,
    jobs: ['webhooks.process', ...(name === 'user.updated' ? [] : ['notifications.send'])],
    fields,
    errors: `an id nobody has told us of: \`unknown-${source}\`, after a day of looking`,
    proof,
  }
}

/** The guest reads of it everywhere and the host in their mail, when a booking has come from one status to the next. */
const bothRead =
  (name: string, [from, to]: readonly [string, string], guestReads: RegExp, hostReads: RegExp): Proof =>
  async ({ stay, tell, mail, sms, push, ask }) => {
    const told = await stay({ status: from })
    expect((await tell({ event: name, booking_id: told.booking })).json).toMatchObject({ status: 'accepted' })
    await Promise.all([mail(told.email, guestReads), sms(told.phone), push(told.device)])
    await mail(told.hostEmail, hostReads)
    expect(await ask('GET', `/v1/bookings/${told.booking}`)).toMatchObject({ status: to })
  }

/** A review is nobody's due: the guest is asked on the quickest channel alone, and the host reads of the end in their mail. */
const reviewAsked: Proof = async ({ stay, tell, mail, push, ask }) => {
  const told = await stay({ status: 'confirmed' })
  expect((await tell({ event: 'booking.completed', booking_id: told.booking })).json).toMatchObject({
    status: 'accepted',
  })
  await Promise.all([push(told.device, /^Comment s’est passé votre séjour/), mail(told.hostEmail, /^Séjour terminé/)])
  expect(await ask('GET', `/v1/bookings/${told.booking}`)).toMatchObject({ status: 'completed' })
}

/** The guest reads of a payment, which is kept as its events tell it, each with a version of its own. */
const payerReads =
  (reads: RegExp, ...steps: readonly (readonly [name: string, payment: Fields])[]): Proof =>
  async ({ stay, tell, mail, ask }) => {
    const told = await stay({ status: 'confirmed' })
    const id = `payment-${told.booking}`
    for (const [index, [name, payment]] of steps.entries()) {
      const data = { ...paymentOf(told), ...payment, version: index + 1 }
      const answer = await tell({ event: name, payment_id: id, booking_id: told.booking, data })
      expect(answer.json).toMatchObject({ status: 'accepted' })
    }
    await mail(told.email, reads)
    expect(await ask('GET', `/v1/payments/${id}`)).toMatchObject({ version: steps.length, ...steps.at(-1)?.[1] })
  }

async function tellOfPerson({ tell }: Journey, name: string, { guest, email }: Pick<Stay, 'guest' | 'email'>) {
  const data = { version: 2, first_name: 'Noor', email, locale: 'en' }
  expect((await tell({ event: name, user_id: guest, data })).json).toMatchObject({ status: 'accepted' })
}

export const events: Chapter = {
  title: 'Events',
  about:
    'Sent as in the guide. Number the events of one entity from 1 as `sequence`, and they take effect in that order; send ' +
    'the entity as `data`, and nothing has to be looked up. What was reacted to once is not done twice. Hosts are told ' +
    'where the platform has told us who they are.',
  rows: [
    event(
      'booking.created',
      ofBooking,
      'the guest reads that the request is sent, the host that there is one',
      bothRead(
        'booking.created',
        ['pending', 'pending'],
        /^Demande de réservation envoyée/,
        /^Nouvelle demande de réservation/,
      ),
    ),
    event(
      'booking.confirmed',
      ofBooking,
      'guest and host are told, by mail, SMS and push',
      bothRead('booking.confirmed', ['pending', 'confirmed'], /^Confirmation de réservation/, /^Réservation confirmée/),
    ),
    event(
      'booking.cancelled',
      ofBooking,
      'guest and host are told, reminders that wait are taken back',
      bothRead('booking.cancelled', ['confirmed', 'cancelled'], /^Réservation annulée/, /^Réservation annulée/),
    ),
    event('booking.completed', ofBooking, 'the guest is asked for a review, the host is told', reviewAsked),
    event(
      'payment.succeeded',
      ofPayment,
      'the guest gets a receipt',
      payerReads(/^Paiement reçu/, ['payment.succeeded', { status: 'succeeded' }]),
    ),
    event(
      'payment.failed',
      ofPayment,
      'the guest is asked to pay again',
      payerReads(/^Votre paiement n’a pas abouti/, ['payment.failed', { status: 'failed' }]),
    ),
    event(
      'payment.refunded',
      ofPayment,
      'the guest reads what comes back; each further partial refund is told too',
      payerReads(
        /^Remboursement effectué/,
        ['payment.succeeded', { status: 'succeeded' }],
        ['payment.refunded', { status: 'refunded', refunded_minor: 84_050 }],
      ),
    ),
    event('user.registered', ofUser, 'a welcome', async journey => {
      const person = { guest: 'guest-registered', email: 'registered@example.test' }
      await tellOfPerson(journey, 'user.registered', person)
      await journey.mail(person.email, /^Welcome to HBNB/)
    }),
    event('user.updated', ofUser, 'kept, and used by every message from then on', async journey => {
      const { guest } = await journey.stay()
      await tellOfPerson(journey, 'user.updated', { guest, email: 'updated@example.test' })
      await expect
        .poll(() => journey.ask('GET', `/v1/users/${guest}`), { timeout: 20_000 })
        .toMatchObject({ first_name: 'Noor', email: 'updated@example.test', locale: 'en' })
    }),
  ],
}
