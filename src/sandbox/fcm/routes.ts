import { randomBytes } from 'node:crypto'
import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { type Answer, answerThrough } from '../answer.ts'
import type { EffectLog } from '../effects.ts'
import type { FaultList } from '../faults.ts'
import { errorBody, INVALID, REFUSED_TOKENS, refused, UNAUTHENTICATED } from './answers.ts'

const MAX_PAYLOAD_BYTES = 4_096
const MAX_BODY_BYTES = 64 * 1024
/** The access token that stands for a revoked one; every other token is good. */
const REFUSED_ACCESS_TOKEN = 'bad-token'

const texts = z.record(z.string(), z.string())

/** Names that FCM keeps for itself (docs: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode, "Invalid data key"). */
const RESERVED_KEY = /^(from$|message_type$|google|gcm)/

const sendRequest = z.object({
  validate_only: z.boolean().default(false),
  message: z.object({
    token: z.string().min(1),
    notification: z.object({ title: z.string().optional(), body: z.string().optional() }).default({}),
    data: texts.refine(data => !Object.keys(data).some(key => RESERVED_KEY.test(key))).default({}),
    android: z
      .object({
        collapse_key: z.string().optional(),
        ttl: z
          .string()
          .regex(/^\d+(\.\d+)?s$/)
          .optional(),
        priority: z.enum(['normal', 'high']).optional(),
        notification: z.object({ channel_id: z.string().optional() }).default({}),
      })
      .default({ notification: {} }),
    apns: z
      .object({
        headers: texts.default({}),
        payload: z.object({ aps: z.object({ badge: z.int().min(0).optional() }) }).optional(),
      })
      .default({ headers: {} }),
    webpush: z
      .object({
        headers: z.object({
          TTL: z.string().regex(/^\d+$/).optional(),
          Urgency: z.enum(['very-low', 'low', 'normal', 'high']).optional(),
        }),
      })
      .optional(),
  }),
})
type SendRequest = z.output<typeof sendRequest>

/** FCM v1 sending, at the root: the SDK takes no path of ours (docs: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send). */
export function fcmRoutes(effects: EffectLog, faults: FaultList): Router {
  const router = express.Router()
  const path = '/v1/projects/:project/messages\\:send'
  router.post(
    path,
    express.json({ limit: MAX_BODY_BYTES }),
    (request: Request<{ project: string }>, response: Response) => {
      effects.request('fcm')
      const asked = sendRequest.safeParse(request.body).data
      answerThrough(faults, request, response, {
        provider: 'fcm',
        on: 'send',
        recipients: asked === undefined ? [] : [asked.message.token],
        errorBody,
        work() {
          const key = request.get('authorization')?.match(/^Bearer (\S+)$/)?.[1]
          if (key === undefined || key === REFUSED_ACCESS_TOKEN) return refused(UNAUTHENTICATED)
          return asked === undefined ? refused(INVALID) : accept(request.params.project, asked, effects)
        },
      })
    },
  )
  return router
}

function accept(project: string, { message, validate_only }: SendRequest, effects: EffectLog): Answer {
  const { token, notification, data, android, apns } = message
  if (Buffer.byteLength(JSON.stringify({ notification, data })) > MAX_PAYLOAD_BYTES) {
    return refused({ ...INVALID, message: 'Android message is too big' })
  }
  const refusal = REFUSED_TOKENS.find(({ prefix }) => token.startsWith(prefix))
  if (refusal) return refused(refusal)
  if (validate_only) return { status: 200, body: { name: `projects/${project}/messages/fake_message_id` } }
  const name = `projects/${project}/messages/0:${randomBytes(8).toString('hex')}`
  effects.record({
    provider: 'fcm',
    id: name,
    recipient: token,
    key: apns.headers['apns-collapse-id'] ?? android.collapse_key ?? null,
    at: new Date(),
    content: {
      kind: 'push',
      title: notification.title ?? '',
      body: notification.body ?? '',
      data,
      priority: android.priority ?? 'high',
      ttlSeconds: android.ttl === undefined ? null : Number.parseFloat(android.ttl),
      channel: android.notification.channel_id ?? null,
      badge: apns.payload?.aps.badge ?? null,
    },
  })
  return { status: 200, body: { name } }
}
