import { Writable } from 'node:stream'
import { Registry } from 'prom-client'
import { z } from 'zod'
import { loadCatalog } from '../../queues/catalog.ts'
import { type Config, loadConfig } from '../../src/config/load.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { createApp } from '../../src/intake/app.ts'
import { listen } from '../../src/intake/listen.ts'
import { createLog } from '../../src/observability/log.ts'
import { openQueueBackend } from '../../src/queue/backend.ts'
import { createTestDatabase } from '../setup/database.ts'

/** A key that every test intake takes, with all scopes, for the tenant `default`. */
export const testKey = 'bootstrap-key-of-the-tests'

/** An answer of the intake, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; undefined when it is not JSON. */
  readonly json: Record<string, unknown>
}

/** An intake on a database and a port of the test's own. */
export interface TestIntake {
  readonly url: string
  readonly config: Config
  readonly database: Database
  /** Everything it logged. */
  readonly logged: () => string
  /** Sends a request with the test key; objects as JSON, texts and bytes as they are. */
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  /** Rows of a table of schema `hbnb_jobs`. */
  readonly count: (table: string) => Promise<number>
  readonly close: () => Promise<void>
}

export async function startIntake(env: Record<string, string> = {}): Promise<TestIntake> {
  const own = await createTestDatabase()
  const config = loadConfig({
    NODE_ENV: 'test',
    DATABASE_URL: own.url,
    PORT: '0',
    API_KEYS_BOOTSTRAP: testKey,
    ...env,
  })
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const database = connectDatabase(config.database.url)
  const counting = connectDatabase(own.url, { poolMax: 2 })
  const backend = openQueueBackend(config.queue)
  const { run, knex } = database
  const log = createLog({ level: 'debug', name: 'intake', destination })
  const stop = new AbortController()
  const catalog = await loadCatalog()
  const parts = { config, run, knex, backend, catalog, log, registry: new Registry(), stopping: stop.signal }
  const app = createApp(parts)
  const server = await listen(app, config.http)
  return {
    url: server.url,
    config,
    database: counting,
    logged: () => lines.join(''),
    send: async (method, path, body, headers = {}) => {
      const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array
      const response = await fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${testKey}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: isRaw ? toBody(body) : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: parsed(text) }
    },
    count: async table => {
      const [row] = await counting.knex(`hbnb_jobs.${table}`).count<{ count: string }[]>('* as count')
      return Number(row?.count)
    },
    close: async () => {
      stop.abort()
      await server.close(0)
      await backend.close()
      await database.close()
      await counting.close()
      await own.drop()
    },
  }
}

function toBody(body: unknown): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? body : Uint8Array.from(body instanceof Uint8Array ? body : [])
}

function parsed(text: string): Record<string, unknown> {
  try {
    return z.looseObject({}).parse(JSON.parse(text))
  } catch {
    return {}
  }
}
