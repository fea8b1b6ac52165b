import { entityBodies } from '../support/entity-bodies.ts'
import type { TestIntake } from '../support/intake.ts'
import type { Scenario } from './contract-scenarios.ts'

const reader = 'reader'
const asked = { to: { user_id: reader }, title: 'Votre clé', body: 'Elle est sous le pot de fleurs.' }

const news = { audience: { country: 'FR' }, title: 'L’été', body: 'Venez à la fête\u202f!' }

/** A body of each operation about notifications. */
export const notificationTries: Readonly<Record<string, unknown>> = {
  sendNotification: { ...asked, to: { email: 'someone@example.test' } },
  cancelNotifications: { entity: 'booking:42' },
  sendBroadcast: news,
}

const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  path: '/v1/notifications',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

async function notificationOf(intake: TestIntake): Promise<string> {
  await intake.send('PUT', `/v1/users/${reader}`, entityBodies.user)
  return String((await intake.send('POST', '/v1/notifications', asked)).json['id'])
}

async function broadcastOf(intake: TestIntake): Promise<string> {
  return String((await intake.send('POST', '/v1/broadcasts', news)).json['id'])
}

/** What the operations about notifications alone can answer. */
export const notificationScenarios: Readonly<Record<string, Scenario>> = {
  async sendNotification(_operation, send, intake) {
    await notificationOf(intake)
    const key = { 'idempotency-key': 'contract-notification' }
    for (const title of ['one', 'one', 'two']) await send(post({ ...asked, title }, key))
    for (const user_id of [reader, reader, 'nobody']) await send(post({ ...asked, to: { user_id }, dedupe_key: 'one' }))
  },
  async cancelNotifications(_operation, send) {
    const path = '/v1/notifications/cancel'
    await send({ ...post({ entity: 'booking:42' }), path })
  },
  async sendBroadcast(_operation, send) {
    const key = { 'idempotency-key': 'contract-broadcast' }
    for (const title of ['one', 'one', 'two']) await send({ ...post({ ...news, title }, key), path: '/v1/broadcasts' })
  },
  async showBroadcast(_operation, send, intake) {
    await send({ method: 'GET', path: `/v1/broadcasts/${await broadcastOf(intake)}` })
  },
  async cancelBroadcast(_operation, send, intake) {
    await send({ method: 'POST', path: `/v1/broadcasts/${await broadcastOf(intake)}/cancel` })
  },
  async readNotification(_operation, send, intake) {
    await send({ method: 'POST', path: `/v1/notifications/${await notificationOf(intake)}/read` })
  },
  async listUserNotifications(_operation, send, intake) {
    await notificationOf(intake)
    await send({ method: 'GET', path: `/v1/users/${reader}/notifications?limit=1` })
  },
  async countUnreadNotifications(_operation, send, intake) {
    await notificationOf(intake)
    await send({ method: 'GET', path: `/v1/users/${reader}/notifications/unread-count` })
  },
  async readAllNotifications(_operation, send, intake) {
    await notificationOf(intake)
    await send({ method: 'POST', path: `/v1/users/${reader}/notifications/read-all` })
  },
  async showNotification(_operation, send, intake) {
    await send({ method: 'GET', path: `/v1/notifications/${await notificationOf(intake)}` })
  },
}
