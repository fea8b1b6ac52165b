import { eventStore } from '../../db/inbox-store.ts'
import type { Route } from '../http/route.ts'
import type { Intake } from '../intake.ts'
import { hbnbWebhookRoutes } from './hbnb-webhooks.ts'
import { sendgridWebhookRoute } from './sendgrid-webhook.ts'
import { stripeWebhookRoute } from './stripe-webhook.ts'
import { twilioRepliesRoute } from './twilio-replies.ts'
import { twilioWebhookRoute } from './twilio-webhook.ts'

/** Every door of webhooks. They share one inbox, and what comes in together is written together. */
export function webhookRoutes(intake: Intake): Route[] {
  const store = eventStore(intake.run)
  return [
    ...hbnbWebhookRoutes(intake, store),
    stripeWebhookRoute(intake, store),
    sendgridWebhookRoute(intake, store),
    twilioWebhookRoute(intake, store),
    twilioRepliesRoute(intake, store),
  ]
}
