import type { Environment, VariableName } from './schema.ts'

/** A provider this deployment has no credentials for: callers answer 501 and name the variable. */
interface Missing {
  readonly missing: VariableName
}

/** How to reach SendGrid. `baseUrl` has no closing slash. */
interface SendgridSettings {
  readonly apiKey: string
  readonly baseUrl: string
}

/** How to reach Twilio, and the sender of all SMS: E.164, a short code or a name. */
interface TwilioSettings {
  readonly accountSid: string
  readonly authToken: string
  readonly baseUrl: string
  readonly fromPhone: string
}

/** How to reach FCM: with a service account, or a sandbox that takes everybody. */
type FcmSettings =
  | { readonly projectId: string; readonly serviceAccount: NonNullable<Environment['FCM_SERVICE_ACCOUNT']> }
  | { readonly projectId: string; readonly sandboxUrl: string }

const sendgridBase = 'https://api.sendgrid.com'
const twilioBase = 'https://api.twilio.com'

// The sandbox takes any credentials of the right form; a Twilio sid is AC and 32 hex digits.
const sandboxKey = 'sandbox'
const sandboxSid = `AC${'0'.repeat(32)}`
const sandboxPhone = 'HBNB'
const sandboxProject = 'hbnb-sandbox'

/** The providers as the sandbox plays them: no real credential, no real address. */
export function sandboxProviders(sandboxUrl: string): {
  readonly sendgrid: SendgridSettings
  readonly twilio: TwilioSettings
  readonly fcm: FcmSettings
} {
  return {
    sendgrid: { apiKey: sandboxKey, baseUrl: `${sandboxUrl}/sendgrid` },
    twilio: {
      accountSid: sandboxSid,
      authToken: sandboxKey,
      fromPhone: sandboxPhone,
      baseUrl: `${sandboxUrl}/twilio`,
    },
    fcm: { projectId: sandboxProject, sandboxUrl },
  }
}

export function sendgridSettings(env: Environment, sandbox: string | null): SendgridSettings | Missing {
  const { SENDGRID_API_KEY: apiKey, SENDGRID_API_BASE: base } = env
  if (apiKey !== undefined) return { apiKey, baseUrl: base ?? sendgridBase }
  if (sandbox !== null) return sandboxProviders(sandbox).sendgrid
  return { missing: 'SENDGRID_API_KEY' }
}

export function twilioSettings(env: Environment, sandbox: string | null): TwilioSettings | Missing {
  const { TWILIO_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_PHONE: fromPhone, TWILIO_API_BASE: base } = env
  if (accountSid !== undefined && authToken !== undefined) {
    if (fromPhone === undefined) return { missing: 'TWILIO_PHONE' }
    return { accountSid, authToken, fromPhone, baseUrl: base ?? twilioBase }
  }
  if (sandbox === null) return { missing: accountSid === undefined ? 'TWILIO_SID' : 'TWILIO_AUTH_TOKEN' }
  const { twilio } = sandboxProviders(sandbox)
  return { ...twilio, fromPhone: fromPhone ?? twilio.fromPhone }
}

export function fcmSettings(env: Environment, sandbox: string | null): FcmSettings | Missing {
  const { FCM_PROJECT_ID: projectId, FCM_SERVICE_ACCOUNT: serviceAccount, FCM_API_BASE: base } = env
  if (base !== undefined) return { projectId: projectId ?? sandboxProject, sandboxUrl: base }
  if (serviceAccount !== undefined) return { projectId: projectId ?? serviceAccount.projectId, serviceAccount }
  if (sandbox !== null) return { projectId: projectId ?? sandboxProject, sandboxUrl: sandbox }
  return { missing: 'FCM_SERVICE_ACCOUNT' }
}
