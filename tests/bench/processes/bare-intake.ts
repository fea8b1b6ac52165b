import { once } from 'node:events'
import { Queue } from 'bullmq'
import express from 'express'
import { Redis } from 'ioredis'
import { loadConfig } from '../../../src/config/load.ts'
import contract from '../job-types/contracts/bench/noop.ts'
import { serve } from './serve.ts'

// What we are measured against: a door as one writes it in an afternoon, without keys, checks or a promise.
const { queue: where, http } = loadConfig()
const connection = new Redis(where.url, { maxRetriesPerRequest: null })
const queue = new Queue(contract.name, { connection, prefix: where.prefix })
await queue.waitUntilReady()
const app = express()
app.use(express.json())
app.post(`/v1/jobs/${contract.name}`, async (request, response) => {
  const { id } = await queue.add(contract.name, request.body)
  response.status(202).json({ id })
})
const server = app.listen(http.port, http.host)
await once(server, 'listening')
serve(async () => {
  server.closeAllConnections()
  server.close()
  await queue.close()
  connection.disconnect()
})
