/** Whether one channel is used, and if not, why not. */
export interface ChannelDecision {
  readonly send: boolean
  readonly reason: string | null
}

/** What the decision reads of a person. */
export interface Reachable {
  readonly email: string | null
  readonly phone: string | null
  readonly email_notifications_enabled: boolean
  readonly sms_notifications_enabled: boolean
}

/** Which channels reach this person and are wanted: every refusal is kept with its reason. */
export function decideChannels(
  user: Reachable,
  deviceTokens: readonly string[],
): Record<'email' | 'sms' | 'push', ChannelDecision> {
  return {
    email: decide([
      user.email === null && 'no e-mail address',
      !user.email_notifications_enabled && 'e-mail switched off',
    ]),
    sms: decide([user.phone === null && 'no phone number', !user.sms_notifications_enabled && 'SMS switched off']),
    push: decide([deviceTokens.length === 0 && 'no device']),
  }
}

function decide(refusals: readonly (string | false)[]): ChannelDecision {
  const reason = refusals.find(refusal => refusal !== false) ?? null
  return { send: reason === null, reason }
}
