import type { z } from 'zod'
import type { Config } from '../../../config/load.ts'
import decide from '../../../../queues/notifications/decide.ts'
import { findUser } from '../../../db/users.ts'
import { expectServed } from '../../http/domain-absent.ts'
import { idempotencyKeyHeader, idempotencyKeyOf, replayedHeader } from '../../http/idempotency-key.ts'
import { jsonBody } from '../../http/json-body.ts'
import { idOfAnswer, keyedRequest, repeatWithKey } from '../../http/made-once.ts'
import { acceptedNotification, newNotification, type NewNotificationBody } from '../../http/notification-shapes.ts'
import type { Operation } from '../../http/operation.ts'
import { fieldFaults } from '../../http/pointer.ts'
import { Problem } from '../../http/problem.ts'
import type { Route } from '../../http/route.ts'
import { sendJson } from '../../http/send-json.ts'
import { storing } from '../../http/storing.ts'
import type { StrictJson } from '../../http/strict-json.ts'
import type { Intake } from '../../intake.ts'
import { refusalOf } from '../../jobs/check-job.ts'
import { type AcceptedNotification, acceptNotification } from '../../notifications/accept-notification.ts'
import { askedNotification, mailTemplateFaults, pushFaults } from '../../notifications/asked-notification.ts'

const maxBodyBytes = 65_536

/** Tells somebody something, on the channels they want: 202 once notification and job are committed. */
export function sendNotificationRoute({ config, knex, authorize, admit, waitingRoom }: Intake): Route {
  return {
    method: 'post',
    path: '/v1/notifications',
    operations: { '/v1/notifications': operation },
    async handler(request, response) {
      const leave = admit(maxBodyBytes)
      response.once('close', leave)
      const caller = await authorize(request, 'notifications:write')
      expectServed(config, decide.name)
      const key = idempotencyKeyOf(request)
      waitingRoom.expectRoom(decide.name)
      const json = await jsonBody(request, response, maxBodyBytes)
      const body = asked(json, config.mail.templates)
      if ('user_id' in body.to && !(await findUser(knex, body.to.user_id))) throw new Problem('user-not-found')

      const once = keyedRequest(caller, key, operation.id, json.value)
      const done = await storing(repeatWithKey, () =>
        acceptNotification(knex, askedNotification(body, caller.tenant), once),
      )
      if (done.status === 'accepted') waitingRoom.added(decide.name, { payloadBytes, isDue: true })
      if (done.status === 'replayed') response.setHeader('Idempotent-Replayed', 'true')
      const id = idOf(done)
      response.setHeader('Location', linkOf(id))
      sendJson(response, done.status === 'deduplicated' ? 200 : 202, answerOf(id, done.status === 'deduplicated'))
    },
  }
}

/** Of the job: it carries an id. */
const payloadBytes = 60

/** What is asked. Throws invalid-payload, which names each field. */
function asked({ value, faults }: StrictJson, mailTemplates: Config['mail']['templates']): NewNotificationBody {
  const parsed = newNotification.safeParse(value)
  const errors = [...faults, ...fieldFaults(parsed.error?.issues ?? [], value)]
  if (parsed.success) errors.push(...pushFaults(parsed.data), ...mailTemplateFaults(parsed.data, mailTemplates))
  if (errors.length > 0 || !parsed.success) throw new Problem('invalid-payload', { errors })
  return parsed.data
}

/** Throws request-in-flight or idempotency-key-reused. */
function idOf(done: AcceptedNotification): string {
  if ('id' in done) return done.id
  if (done.status === 'replayed') return idOfAnswer(done.answer)
  throw refusalOf(done.status)
}

function linkOf(id: string): string {
  return `/v1/notifications/${id}`
}

function answerOf(id: string, isOld: boolean): z.output<typeof acceptedNotification> {
  const links = { self: linkOf(id), job: `/v1/jobs/${id}` }
  return { id, job_id: id, ...(isOld ? { deduplicated: true as const } : {}), links }
}

const operation: Operation = {
  id: 'sendNotification',
  tag: 'notifications',
  summary: 'Tell somebody something',
  about:
    'In one call on the channels its reader wants, in their language and at a decent hour: by one of our templates, or in ' +
    'words of your own. The answer comes once it is kept; what became of each channel is told at its address.',
  scope: 'notifications:write',
  parameters: [idempotencyKeyHeader],
  body: { schema: newNotification, maxBytes: maxBodyBytes },
  answer: {
    status: 202,
    about: 'Accepted: notification and job are committed.',
    schema: acceptedNotification,
    headers: [{ name: 'Location', about: 'The address of the notification.' }, replayedHeader],
  },
  otherAnswers: [
    {
      status: 200,
      about: 'Its reader was to be told under this dedupe_key before; nothing was made.',
      schema: acceptedNotification,
      headers: [{ name: 'Location', about: 'The address of the notification that there is.' }],
    },
  ],
  problems: [
    'bad-json',
    'invalid-idempotency-key',
    'user-not-found',
    'request-in-flight',
    'body-too-large',
    'unsupported-media-type',
    'invalid-payload',
    'idempotency-key-reused',
    'too-many-waiting',
    'domain-absent',
    'sandbox-absent',
    'overloaded',
  ],
}
