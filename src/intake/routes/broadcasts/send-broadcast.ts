import type { z } from 'zod'
import contract from '../../../../queues/notifications/broadcast.ts'
import type { NewBroadcast } from '../../../db/broadcasts.ts'
import { newJobId } from '../../../ledger/job-id.ts'
import { acceptedBroadcast, newBroadcast, type NewBroadcastBody } from '../../http/broadcast-shapes.ts'
import { expectServed } from '../../http/domain-absent.ts'
import { idempotencyKeyHeader, idempotencyKeyOf, replayedHeader } from '../../http/idempotency-key.ts'
import { jsonBody } from '../../http/json-body.ts'
import { idOfAnswer, keyedRequest, repeatWithKey } from '../../http/made-once.ts'
import type { Operation } from '../../http/operation.ts'
import { fieldFaults } from '../../http/pointer.ts'
import { Problem } from '../../http/problem.ts'
import type { Route } from '../../http/route.ts'
import { sendJson } from '../../http/send-json.ts'
import { storing } from '../../http/storing.ts'
import type { StrictJson } from '../../http/strict-json.ts'
import type { Intake } from '../../intake.ts'
import { refusalOf } from '../../jobs/check-job.ts'
import { acceptBroadcast } from '../../notifications/accept-broadcast.ts'
import { pushFaults } from '../../notifications/asked-notification.ts'

/** As many ids as may be told, at their longest. */
const maxBodyBytes = 8 * 1024 * 1024
/** Of the job: it carries an id. */
const payloadBytes = 60

/** Tells many people the same: 202 once broadcast and job are committed. */
export function sendBroadcastRoute({ config, knex, authorize, admit, waitingRoom }: Intake): Route {
  return {
    method: 'post',
    path: '/v1/broadcasts',
    operations: { '/v1/broadcasts': operation },
    async handler(request, response) {
      const leave = admit(maxBodyBytes)
      response.once('close', leave)
      const caller = await authorize(request, 'notifications:write')
      expectServed(config, contract.name)
      const key = idempotencyKeyOf(request)
      waitingRoom.expectRoom(contract.name)
      const json = await jsonBody(request, response, maxBodyBytes)
      const broadcast = asked(json, caller.tenant)

      const once = keyedRequest(caller, key, operation.id, json.value)
      const done = await storing(repeatWithKey, () => acceptBroadcast(knex, broadcast, once))
      if (done.status === 'accepted') waitingRoom.added(contract.name, { payloadBytes, isDue: true })
      if (done.status === 'replayed') response.setHeader('Idempotent-Replayed', 'true')
      else if (done.status !== 'accepted') throw refusalOf(done.status)
      const id = done.status === 'accepted' ? done.id : idOfAnswer(done.answer)
      const links = { self: `/v1/broadcasts/${id}`, job: `/v1/jobs/${id}` }
      response.setHeader('Location', links.self)
      sendJson(response, 202, { id, job_id: id, links } satisfies z.output<typeof acceptedBroadcast>)
    },
  }
}

/** What is asked. Throws invalid-payload, which names each field. */
function asked({ value, faults }: StrictJson, tenant: string): NewBroadcast {
  const { data, error } = newBroadcast.safeParse(value)
  const errors = [...faults, ...fieldFaults(error?.issues ?? [], value)]
  if (data !== undefined) errors.push(...pushFaults(data))
  if (errors.length > 0 || data === undefined) throw new Problem('invalid-payload', { errors })
  const { title, body, locale, category, channels } = data
  const said = { title, body, locale, category, channels: [...new Set(channels)], push_data: data.data }
  return { id: newJobId(), tenant, ...said, ...audienceOf(data.audience), expires_at: data.expires_at ?? null }
}

function audienceOf(audience: NewBroadcastBody['audience']): Pick<NewBroadcast, 'user_ids' | 'country'> {
  return {
    user_ids: 'user_ids' in audience ? audience.user_ids : null,
    country: 'country' in audience ? audience.country : null,
  }
}

const operation: Operation = {
  id: 'sendBroadcast',
  tag: 'notifications',
  summary: 'Tell many people the same',
  about:
    'Each of them is decided by themselves, as by any other notification; a thousand of them are then one call to the mail ' +
    'provider. The answer comes once it is kept; how far it has come is told at its address.',
  scope: 'notifications:write',
  parameters: [idempotencyKeyHeader],
  body: { schema: newBroadcast, maxBytes: maxBodyBytes },
  answer: {
    status: 202,
    about: 'Accepted: broadcast and job are committed.',
    schema: acceptedBroadcast,
    headers: [{ name: 'Location', about: 'The address of the broadcast.' }, replayedHeader],
  },
  problems: [
    'bad-json',
    'invalid-idempotency-key',
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
