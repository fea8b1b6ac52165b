import { createServer } from 'node:http'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { type Catalog, loadCatalog } from '../../queues/catalog.ts'
import { type Config, loadConfig } from '../../src/config/load.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { createApp } from '../../src/intake/app.ts'
import { openQueueBackend, type QueueBackend } from '../../src/queue/backend.ts'
import { testEnvironment } from '../support/engine.ts'

/** The whole intake on a port of the test's own, with its database and queue store. */
export interface OperatorSite {
  readonly url: string
  readonly config: Config
  readonly database: Database
  readonly backend: QueueBackend
  readonly close: () => Promise<void>
}

/** A site with a database and a queue namespace of its own. */
export async function startOperatorSite(env: Record<string, string> = {}, catalog?: Catalog): Promise<OperatorSite> {
  const environment = await testEnvironment(env)
  const site = await openSite(loadConfig(environment.env), catalog)
  return {
    ...site,
    close: async () => {
      await site.close()
      await environment.database.drop()
    },
  }
}

/** A site on what the configuration names; closing it leaves that as it is. */
export async function openSite(config: Config, catalog?: Catalog): Promise<OperatorSite> {
  const database = connectDatabase(config.database.url)
  const backend = openQueueBackend(config.queue)
  const parts = { config, knex: database.knex, run: database.run, backend, registry: new Registry() }
  const app = createApp({ ...parts, catalog: catalog ?? (await loadCatalog()), log: pino({ level: 'silent' }) })
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
    },
  }
}
