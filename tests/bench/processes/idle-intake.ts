import { Registry } from 'prom-client'
import { loadConfig } from '../../../src/config/load.ts'
import { connectDatabase } from '../../../src/db/connect.ts'
import { createApp } from '../../../src/intake/app.ts'
import { readBody } from '../../../src/intake/http/read-body.ts'
import type { Route } from '../../../src/intake/http/route.ts'
import { sendJson } from '../../../src/intake/http/send-json.ts'
import { listen } from '../../../src/intake/listen.ts'
import { routesOf } from '../../../src/intake/routes.ts'
import { createLog } from '../../../src/observability/log.ts'
import { openQueueBackend } from '../../../src/queue/backend.ts'
import { serve } from './serve.ts'

// The whole intake, whose doors of webhooks read the body and answer as ours do, and do nothing else.
const answer = { status: 'accepted', event_id: 'evt_0000000', job_id: '0198a1b2-0000-7000-8000-00000000abcd' }
const idle: Route['handler'] = async (request, response) => {
  await readBody(request, response, { maxBytes: 262_144, inflate: false })
  sendJson(response, 200, answer)
}

const config = loadConfig()
const log = createLog({ level: config.log.level, name: 'intake' })
const { run, knex, close } = connectDatabase(config.database.url, { poolMax: config.database.poolMax })
const backend = openQueueBackend(config.queue)
const parts = { config, run, knex, backend, catalog: new Map(), log, registry: new Registry() }
const app = createApp(parts, intake =>
  routesOf(intake).map(route => (route.path.startsWith('/webhooks/') ? { ...route, handler: idle } : route)),
)
const server = await listen(app, config.http)
serve(async () => {
  await server.close(0)
  await backend.close()
  await close()
})
