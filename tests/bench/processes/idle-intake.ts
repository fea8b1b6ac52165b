import type { RequestHandler } from 'express'
import { Registry } from 'prom-client'
import { loadConfig } from '../../../src/config/load.ts'
import { connectDatabase } from '../../../src/db/connect.ts'
import { createApp } from '../../../src/intake/app.ts'
import { readBody } from '../../../src/intake/http/read-body.ts'
import { sendJson } from '../../../src/intake/http/send-json.ts'
import type { Intake } from '../../../src/intake/intake.ts'
import { listen } from '../../../src/intake/listen.ts'
import { routesOf } from '../../../src/intake/routes.ts'
import { createLog } from '../../../src/observability/log.ts'
import { openQueueBackend } from '../../../src/queue/backend.ts'
import { serve } from './serve.ts'

// The whole intake, whose doors of webhooks let in, read the body and answer as ours do, and do nothing else.
const maxBodyBytes = 262_144
const answer = { status: 'accepted', event_id: 'evt_0000000', job_id: '0198a1b2-0000-7000-8000-00000000abcd' }
const idle = ({ admit }: Intake): RequestHandler => {
  return async (request, response) => {
    response.once('close', admit(maxBodyBytes))
    await readBody(request, response, { maxBytes: maxBodyBytes, inflate: false })
    sendJson(response, 200, answer)
  }
}

const config = loadConfig()
const log = createLog({ level: config.log.level, name: 'intake' })
const { run, knex, close } = connectDatabase(config.database.url, { poolMax: config.database.poolMax })
const backend = openQueueBackend(config.queue)
const parts = { config, run, knex, backend, catalog: new Map(), log, registry: new Registry() }
const app = createApp(parts, intake =>
  routesOf(intake).map(route => (route.path.startsWith('/webhooks/') ? { ...route, handler: idle(intake) } : route)),
)
const server = await listen(app, config.http)
serve(async () => {
  await server.close(0)
  await backend.close()
  await close()
})
