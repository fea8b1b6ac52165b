import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startSandbox } from './start-sandbox.ts'

const DEFAULT_PORT = '4010'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: DEFAULT_PORT },
    host: { type: 'string', default: '127.0.0.1' },
    'sendgrid-events-url': { type: 'string' },
  },
})
const settings = z
  .object({
    port: z.coerce.number().int().min(0).max(65_535),
    host: z.string(),
    'sendgrid-events-url': z.url({ protocol: /^https?$/ }).optional(),
  })
  .parse(values)
const { 'sendgrid-events-url': eventsUrl, ...listen } = settings

const sandbox = await startSandbox({ ...listen, ...(eventsUrl === undefined ? {} : { sendgridEventsUrl: eventsUrl }) })
process.stdout.write(`sandbox: ${sandbox.url} (what was sent: ${sandbox.url}/outbox)\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close())
}
