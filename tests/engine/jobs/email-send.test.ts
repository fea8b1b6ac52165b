import { expect } from 'vitest'
import { addressSha256 } from '../../../src/db/suppressions.ts'
import { unsubscribeTokens } from '../../../src/unsubscribe/token.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenDelivery } from '../../support/given-delivery.ts'

const to = (id: string) => `guest-${id}@example.test`

const sendgridTemplate = `d-${'0a'.repeat(16)}`

describeJob(
  'email.send',
  {
    'sends one mail in the language of the reader': {
      given: async (world, id) => await givenDelivery(world, id, 'email', { locale: 'en' }),
      async after({ control }, outcome, id) {
        const [mail, ...others] = await control.effects({ recipient: to(id) })
        expect(others).toEqual([])
        expect(mail?.content).toMatchObject({ kind: 'mail', subject: expect.stringContaining('Booking confirmation') })
        expect(outcome).toMatchObject({ outcome: 'completed', result: { message_id: mail?.id } })
      },
    },
    'sends what is owed from the address of bookings, and without a way to part with it': {
      given: async (world, id) => await givenDelivery(world, id, 'email'),
      async after({ control }, _, id) {
        const [mail] = await control.effects({ recipient: to(id) })
        expect(mail?.content).toMatchObject({ from: 'bookings@hbnb.com', headers: { 'Reply-To': 'help@hbnb.com' } })
        expect(JSON.stringify(mail?.content)).not.toMatch(/unsubscribe/i)
      },
    },
    'sends what nobody owes from another, with a link that ends it': {
      async given(world, id) {
        const payload = await givenDelivery(world, id, 'email', { locale: 'en' })
        await world.database
          .knex('hbnb_jobs.notifications')
          .where({ entity: `booking:${id}` })
          .update({ category: 'review' })
        return payload
      },
      async after({ control, config }, _, id) {
        const [mail] = await control.effects({ recipient: to(id) })
        if (mail?.content.kind !== 'mail') throw new Error('no mail')
        const { from, headers, html, text } = mail.content
        expect([from, headers['Reply-To']]).toEqual(['hello@hbnb.com', 'help@hbnb.com'])
        expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
        const link = /^<(.+)>$/.exec(headers['List-Unsubscribe'] ?? '')?.[1] ?? ''
        expect(html).toContain(`<a href="${link}"`)
        expect(text).toContain(`Stop getting these messages: ${link}`)
        const token = link.replace(`${config.http.publicUrl}/unsubscribe/`, '')
        expect(unsubscribeTokens(config.mail.unsubscribeSecrets).open(token)).toEqual({
          addressSha256: addressSha256('email', to(id)),
          locale: 'en',
          category: 'review',
        })
      },
    },
    'leaves what it says to a template of SendGrid': {
      async given(world, id) {
        const payload = await givenDelivery(world, id, 'email')
        const said = {
          template: sendgridTemplate,
          template_version: 1,
          category: 'news',
          data: { booking_id: 7, names: ['Zoé'] },
        }
        await world.database
          .knex('hbnb_jobs.notifications')
          .where({ entity: `booking:${id}` })
          .update(said)
        return payload
      },
      async after({ control }, _, id) {
        const [mail] = await control.effects({ recipient: to(id) })
        expect(mail?.content).toMatchObject({
          template: {
            id: sendgridTemplate,
            variables: { booking_id: 7, names: ['Zoé'], unsubscribe_url: expect.stringContaining('/unsubscribe/') },
          },
          headers: { 'List-Unsubscribe': expect.stringContaining('/unsubscribe/') },
        })
      },
    },
    'sends nothing for a booking cancelled meanwhile': {
      given: async (world, id) => await givenDelivery(world, id, 'email', { status: 'cancelled' }),
      async after({ control }, outcome, id) {
        expect(await control.effects({ recipient: to(id) })).toEqual([])
        expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'the booking was cancelled meanwhile' })
      },
    },
    'sends no reminder of a stay that was moved': {
      async given(world, id) {
        const payload = await givenDelivery(world, id, 'email', { template: 'check-in-reminder' })
        const moved = { check_in: '2026-12-13', check_out: '2026-12-20' }
        await world.database.knex('platform.bookings').where({ id }).update(moved)
        return payload
      },
      async after({ control }, outcome, id) {
        expect(await control.effects({ recipient: to(id) })).toEqual([])
        expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'the stay was moved meanwhile' })
      },
    },
    'fails for good when the person has no address': {
      given: async (world, id) => await givenDelivery(world, id, 'email', { email: null }),
      async after(_, outcome) {
        expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'no-address' }, attempts: 1 })
      },
    },
    'fails for good when there is no such delivery': {
      given: async () => ({ delivery_id: '01900000-0000-7000-8000-000000000000' }),
      async after(_, outcome) {
        expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'unknown-delivery' } })
      },
    },
  },
  { REPLY_TO_EMAIL: 'help@hbnb.com', FROM_EMAIL_SERVICE: 'hello@hbnb.com' },
)
