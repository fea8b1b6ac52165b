import type { Context } from '../../workers/runtime/process.ts'

const resendAfterMs = 600_000

/** Sends one mail as the real mail job does. Answers its id. */
export async function mailOnce(
  to: string,
  {
    mailer,
    mailFrom,
    job,
    providerTimeoutMs,
    effect,
  }: Pick<Context, 'mailer' | 'mailFrom' | 'job' | 'providerTimeoutMs' | 'effect'>,
): Promise<string> {
  const provider = await mailer()
  return await effect(
    'mail',
    {
      provider: provider.provider,
      maxPerCall: 1,
      sendWithinMs: providerTimeoutMs,
      settle: async () => 'cannot-tell',
      whenUnsettled: { afterMs: resendAfterMs, action: 'resend' },
    },
    (sending, call) => {
      const customArgs = { effect_id: sending.id, job_id: job.id }
      const words = { subject: 'chaos', html: '<p>chaos</p>', text: 'chaos', locale: 'en' }
      return provider.send({ ...mailFrom.transactional, to, ...words, customArgs }, call)
    },
  )
}
