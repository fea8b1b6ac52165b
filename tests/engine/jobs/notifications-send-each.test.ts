import { expect } from 'vitest'
import type { TemplateName } from '../../../src/domain/notifications/template-names.ts'
import { describeJob, type JobCase } from '../../support/describe-job.ts'
import { givenHost, givenPayment, givenStay } from '../../support/platform-rows.ts'

interface Sent {
  /** How the booking stands when the message is sent. */
  readonly status: 'pending' | 'confirmed' | 'completed' | 'cancelled'
  readonly to: 'guest' | 'host'
  readonly subject: string
  readonly says: readonly string[]
}

const place = 'Cabane dans les pins'

const sent: Readonly<Record<TemplateName, Sent>> = {
  'booking-requested': {
    status: 'pending',
    to: 'guest',
    subject: `Demande de réservation envoyée\u00a0: ${place}`,
    says: ['Bonjour Camille,', 'samedi 12 décembre 2026, à partir de 16\u00a0h\u00a030'],
  },
  'booking-request': {
    status: 'pending',
    to: 'host',
    subject: `Nouvelle demande de réservation\u00a0: ${place}`,
    says: ['Bonjour François,', 'Prénom\u00a0: Camille', '840,50\u00a0€'],
  },
  'booking-confirmation': {
    status: 'confirmed',
    to: 'guest',
    subject: `Confirmation de réservation\u00a0: ${place}`,
    says: ['Bonjour Camille,', 'samedi 19 décembre 2026, avant 11\u00a0h', '/bookings/'],
  },
  'booking-confirmed-host': {
    status: 'confirmed',
    to: 'host',
    subject: `Réservation confirmée\u00a0: ${place}`,
    says: ['Bonjour François,', '7\u00a0nuits'],
  },
  'booking-cancelled': {
    status: 'cancelled',
    to: 'guest',
    subject: `Réservation annulée\u00a0: ${place}`,
    says: ['L’hôte a dû annuler votre réservation.'],
  },
  'booking-cancelled-host': {
    status: 'cancelled',
    to: 'host',
    subject: `Réservation annulée\u00a0: ${place}`,
    says: ['La réservation est annulée, comme vous l’avez demandé.'],
  },
  'stay-completed': {
    status: 'completed',
    to: 'guest',
    subject: `Comment s’est passé votre séjour\u202f? ${place}`,
    says: ['Donner mon avis'],
  },
  'stay-completed-host': {
    status: 'completed',
    to: 'host',
    subject: `Séjour terminé\u00a0: ${place}`,
    says: ['Bonjour François,'],
  },
  'check-in-reminder': {
    status: 'confirmed',
    to: 'guest',
    subject: `Votre séjour approche\u00a0: ${place}`,
    says: ['Adresse\u00a0: 3, allée des Pins, Arcachon', 'à partir de 16\u00a0h\u00a030'],
  },
  'payment-succeeded': {
    status: 'confirmed',
    to: 'guest',
    subject: `Paiement reçu\u00a0: ${place}`,
    says: ['votre paiement de 840,50\u00a0€'],
  },
  'payment-failed': {
    status: 'pending',
    to: 'guest',
    subject: `Votre paiement n’a pas abouti\u00a0: ${place}`,
    says: ['840,50\u00a0€'],
  },
  'payment-refunded': {
    status: 'cancelled',
    to: 'guest',
    subject: `Remboursement effectué\u00a0: ${place}`,
    says: ['remboursé 400,00\u00a0€ en tout, sur les 840,50\u00a0€ payés'],
  },
  welcome: { status: 'pending', to: 'guest', subject: 'Bienvenue sur HBNB', says: ['Bonjour Camille,'] },
}

const paymentStatus: Readonly<Partial<Record<string, string>>> = {
  'payment-failed': 'failed',
  'payment-refunded': 'refunded',
}

const isOnOneChannel = (template: string) => ['check-in-reminder', 'stay-completed'].includes(template)

function caseOf(template: string, { status, to, subject, says }: Sent): JobCase {
  return {
    async given({ database: { knex } }, id) {
      await givenStay(knex, id, { status })
      await givenHost(knex, id)
      // A push would make a mail wait.
      if (isOnOneChannel(template)) await knex('platform.devices').where('user_id', `guest-${id}`).delete()
      const whereAndWhen = { address: '3, allée des Pins, Arcachon', check_in_time: '16:30' }
      await knex('platform.places').where('id', `place-${id}`).update(whereAndWhen)
      if (status === 'cancelled') await knex('platform.bookings').where({ id }).update({ cancelled_by: 'host' })
      const refunded_minor = template === 'payment-refunded' ? 40_000 : 0
      await givenPayment(knex, id, { status: paymentStatus[template] ?? 'succeeded', refunded_minor })
      return { user_id: `${to}-${id}`, template, booking_id: id, payment_id: id }
    },
    async after({ control }, outcome, id) {
      expect(outcome.outcome).toBe('completed')
      const [mail, ...others] = await control.effects({ recipient: `${to}-${id}@example.test` })
      expect(others).toEqual([])
      expect(mail?.content).toMatchObject({ kind: 'mail', subject })
      const text = mail?.content.kind === 'mail' ? mail.content.text : ''
      for (const words of says) expect(text).toContain(words)
      expect(text.includes('allée des Pins')).toBe(template === 'check-in-reminder')
      expect(await control.effects({ recipient: `token-${id}` })).toHaveLength(
        to === 'guest' && !isOnOneChannel(template) ? 1 : 0,
      )
    },
  }
}

describeJob(
  'notifications.send',
  Object.fromEntries(Object.entries(sent).map(([template, what]) => [template, caseOf(template, what)])),
)
