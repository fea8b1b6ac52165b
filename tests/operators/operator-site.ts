import { createServer } from 'node:http'
import express from 'express'
import { pino } from 'pino'
import { loadCatalog } from '../../queues/catalog.ts'
import { type Config, loadConfig } from '../../src/config/load.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { answerErrors } from '../../src/intake/http/answer-errors.ts'
import { operatorRoutes } from '../../src/intake/operators/routes.ts'
import { openQueueBackend, type QueueBackend } from '../../src/queue/backend.ts'
import { testEnvironment } from '../support/engine.ts'

/** The operators' pages on a port of the test's own, with their database and queue store. */
export interface OperatorSite {
  readonly url: string
  readonly config: Config
  readonly database: Database
  readonly backend: QueueBackend
  close(): Promise<void>
}

export async function startOperatorSite(env: Record<string, string> = {}): Promise<OperatorSite> {
  const environment = await testEnvironment(env)
  const config = loadConfig(environment.env)
  const database = connectDatabase(config.database.url)
  const backend = openQueueBackend(config.queue)
  const log = pino({ level: 'silent' })
  const app = express()
  app.use(
    operatorRoutes({ config, knex: database.knex, run: database.run, backend, catalog: await loadCatalog(), log }),
  )
  app.use(answerErrors(log))
  const server = createServer(app)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    config,
    database,
    backend,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await backend.close()
      await database.close()
      await environment.database.drop()
    },
  }
}
