import { eventStore } from '../../db/inbox-store.ts'
import type { Route } from '../http/route.ts'
import type { Intake } from '../intake.ts'
import { admission } from '../limits/admission.ts'
import { hbnbWebhookRoutes } from './hbnb-webhooks.ts'
import { sendgridWebhookRoute } from './sendgrid-webhook.ts'
import { stripeWebhookRoute } from './stripe-webhook.ts'
import { twilioRepliesRoute } from './twilio-replies.ts'
import { twilioWebhookRoute } from './twilio-webhook.ts'

/** Every door of webhooks. They share one inbox, and what comes in together is written together. */
export function webhookRoutes(intake: Intake): Route[] {
  const store = eventStore(intake.run)
  // Who sends is known only once all has been read: strangers who never finish fill this room, and not that of known callers.
  const doors = { ...intake, admit: admission(intake.config.admission) }
  return [
    ...hbnbWebhookRoutes(doors, store),
    stripeWebhookRoute(doors, store),
    sendgridWebhookRoute(doors, store),
    twilioWebhookRoute(doors, store),
    twilioRepliesRoute(doors, store),
  ]
}
