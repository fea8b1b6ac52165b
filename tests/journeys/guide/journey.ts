import { expect } from 'vitest'
import { type Answer, startIntake, type TestIntake } from '../../support/intake.ts'
import { legacyHeaders } from '../../support/sign-webhook.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'
import { bookingOf, guestOf, hostOf, placeOf, type Stay, stayOf } from './stay.ts'

export const secrets = { new: 'the-new-secret-of-the-guide', old: 'the-old-secret-of-the-guide' } as const

/** The template of SendGrid that an app names in the guide. */
export const sendgridTemplate = `d-${'0a'.repeat(16)}`

/** Who we are towards people, and who we take events from; the platform is changing its secret. */
export const settings = {
  FROM_EMAIL: 'sejours@guide.example',
  SENDGRID_TEMPLATES: `{"${sendgridTemplate}":["first_name"]}`,
  TWILIO_PHONE: 'HBNB GUIDE',
  WEBHOOK_SECRET: `${secrets.new},${secrets.old}`,
} as const

type Content = Awaited<ReturnType<World['control']['effects']>>[number]['content']
type ContentOf<Kind extends Content['kind']> = Extract<Content, { kind: Kind }>
type Fields = Readonly<Record<string, unknown>>

/** What an upstream app may do, and a look at what reached people. */
export interface Journey {
  readonly intake: TestIntake
  /** Asks the intake; fails unless it answers with `status`, or with any success when none is given. */
  readonly ask: (method: string, path: string, body?: unknown, status?: number) => Promise<Answer['json']>
  /** Tells us of a guest, a host, a place and a booking, as the platform does. */
  readonly stay: (booking?: Fields, guest?: Fields) => Promise<Stay>
  /** Posts an event to its source's door, signed as in the guide. */
  readonly tell: (event: Fields) => Promise<Answer>
  /** Makes a job and answers it once it has ended. */
  readonly run: (name: string, payload: Fields) => Promise<Answer['json']>
  /** Sends the confirmation of a stay of its own; answers both, the job once it has ended. */
  readonly confirmed: (guest?: Fields) => Promise<Stay & { readonly job: Answer['json'] }>
  /** Waits for a mail to somebody with this in its subject; then for an SMS, a push. */
  readonly mail: (to: string, subject: RegExp) => Promise<ContentOf<'mail'>>
  readonly sms: (to: string, text?: RegExp) => Promise<ContentOf<'sms'>>
  readonly push: (token: string, title?: RegExp) => Promise<ContentOf<'push'>>
  readonly close: () => Promise<void>
}

/** Intake, relay, workers and the sandbox in the providers' place, on one database. */
export async function startJourney(): Promise<Journey> {
  const world = await startWorld(settings)
  const intake = await startIntake({ ...settings, DATABASE_URL: world.config.database.url })
  let stays = 0

  const ask: Journey['ask'] = async (method, path, body, status) => {
    const answer = await intake.send(method, path, body)
    const wanted = status ?? expect.toBeOneOf([200, 201, 202])
    expect(answer.status, `${method} ${path} answered ${answer.status}: ${answer.text}`).toEqual(wanted)
    return answer.json
  }

  async function reached<Kind extends Content['kind']>(
    kind: Kind,
    recipient: string,
    fits: (content: ContentOf<Kind>) => boolean,
  ): Promise<ContentOf<Kind>> {
    const isOne = (content: Content): content is ContentOf<Kind> => content.kind === kind
    return await until(`${kind} to ${recipient}`, async () => {
      const effects = await world.control.effects({ recipient })
      return effects
        .map(({ content }) => content)
        .filter(isOne)
        .find(fits)
    })
  }

  const stay: Journey['stay'] = async (booking = {}, guest = {}) => {
    stays += 1
    const told = stayOf(stays)
    await ask('PUT', `/v1/users/${told.guest}`, { ...guestOf(told), ...guest })
    await ask('PUT', `/v1/users/${told.host}`, hostOf(told))
    await ask('PUT', `/v1/places/${told.place}`, placeOf(told))
    await ask('PUT', `/v1/bookings/${told.booking}`, { ...bookingOf(told), ...booking })
    return told
  }

  const run: Journey['run'] = async (name, payload) => {
    const { id } = await ask('POST', `/v1/jobs/${name}`, payload, 202)
    await world.ended(String(id))
    return await ask('GET', `/v1/jobs/${String(id)}`)
  }

  return {
    intake,
    ask,
    stay,
    run,
    async confirmed(guest = {}) {
      const told = await stay({ status: 'confirmed' }, guest)
      const payload = { user_id: told.guest, template: 'booking-confirmation', booking_id: told.booking }
      return { ...told, job: await run('notifications.send', payload) }
    },
    async tell(event) {
      const [source] = String(event.event).split('.')
      const body = JSON.stringify(event)
      return await intake.send('POST', `/webhooks/${source}`, body, legacyHeaders(body, secrets.new))
    },
    mail: async (to, subject) => await reached('mail', to, mail => subject.test(mail.subject)),
    sms: async (to, text = /./) => await reached('sms', to, sms => text.test(sms.body)),
    push: async (token, title = /./) => await reached('push', token, push => title.test(push.title)),
    async close() {
      await intake.close()
      await world.close()
    },
  }
}
