import { createServer } from 'node:http'
import express from 'express'
import { controlRoutes } from './control.ts'
import { effectLog } from './effects.ts'
import { faultList } from './faults.ts'
import { fcmRoutes } from './fcm/routes.ts'
import { isLoopback } from './loopback.ts'
import { outboxPage } from './outbox/page.ts'
import { entityList } from './platform/entities.ts'
import { platformRoutes } from './platform/routes.ts'
import { mailEvents } from './sendgrid/events.ts'
import { sendgridRoutes } from './sendgrid/routes.ts'
import { messageList } from './twilio/messages.ts'
import { twilioRoutes } from './twilio/routes.ts'

export interface SandboxOptions {
  /** 0 or absent: any free port. */
  readonly port?: number
  /** Only loopback is accepted: the sandbox takes any password and shows everything it was sent. */
  readonly host?: string
  /** Where mail events are posted; can be set later through PUT /control/events/target. */
  readonly sendgridEventsUrl?: string
}

export interface Sandbox {
  /** Without a slash at the end. SendGrid lives under /sendgrid, Twilio under /twilio, the platform's API under /platform, FCM at the root. */
  readonly url: string
  readonly port: number
  /** Ends every connection, hanging ones too. */
  close(): Promise<void>
}

/** Starts the providers' stand-ins on loopback. Throws on a host that others could reach. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', sendgridEventsUrl = null } = options
  if (!isLoopback(host)) throw new Error(`The sandbox listens on loopback only, not on ${host}.`)
  const effects = effectLog()
  const faults = faultList()
  const events = mailEvents(sendgridEventsUrl)
  const messages = messageList()
  const entities = entityList()

  const app = express()
  app.disable('x-powered-by')
  app.use('/sendgrid', sendgridRoutes(effects, faults, events))
  app.use('/twilio', twilioRoutes(effects, faults, messages))
  app.use('/platform', platformRoutes(entities, faults))
  app.use(fcmRoutes(effects, faults))
  app.use('/control', controlRoutes(effects, faults, events, messages, entities))

  app.use('/outbox', outboxPage(effects))

  const server = createServer(app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  const listening = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${listening}`,
    port: listening,
    close() {
      events.close()
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}
