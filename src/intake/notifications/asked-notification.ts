import { pickLocale } from '../../domain/locale.ts'
import { type Channel, channels } from '../../domain/notifications/channel.ts'
import { categoryOf } from '../../domain/notifications/category-of.ts'
import { writeOwnWords } from '../../domain/notifications/own-words.ts'
import { missingVariables } from '../../domain/notifications/provider-template.ts'
import { maxPushBytes, pushBytes } from '../../domain/notifications/push-size.ts'
import { subjectField } from '../../domain/notifications/template-names.ts'
import { templateVersion } from '../../domain/notifications/templates/registry.ts'
import { toE164 } from '../../domain/phone.ts'
import { newJobId } from '../../ledger/job-id.ts'
import type { NewNotificationBody } from '../http/notification-shapes.ts'
import type { FieldFault } from '../http/problem.ts'
import type { AskedNotification } from './accept-notification.ts'

/** The row of a notification that is asked for. What it says is frozen when it is decided. */
export function askedNotification(body: NewNotificationBody, tenant: string): AskedNotification {
  const { booking_id, payment_id, mail_template, variables = {} } = body
  const ids = {
    ...(booking_id === undefined ? {} : { booking_id }),
    ...(payment_id === undefined ? {} : { payment_id }),
  }
  return {
    id: newJobId(),
    tenant,
    ...readerOf(body.to),
    ...writtenBy(body),
    data: mail_template === undefined ? ids : variables,
    push_data: body.data,
    entity: body.entity ?? entityOf(body),
    urgency: body.urgency,
    channels: mail_template === undefined ? inOrder(body.channels) : ['email'],
    dedupe_key: body.dedupe_key ?? null,
    expires_at: body.expires_at ?? null,
  }
}

/** What FCM would refuse is refused here, where its sender still listens. */
export function pushFaults({
  title,
  body,
  data,
  channels: named,
}: Pick<NewNotificationBody, 'title' | 'body' | 'data' | 'channels'>): FieldFault[] {
  if (named !== undefined && !named.includes('push')) return []
  const { push } = writeOwnWords('fr', { title: title ?? '', body: body ?? '' })
  const bytes = pushBytes({ ...push, data })
  if (bytes <= maxPushBytes) return []
  const message = `makes a push of ${bytes} bytes; ${maxPushBytes} is the limit of title, text and data together`
  return [{ field: '/data', rule: 'too-large', message }]
}

/** What SendGrid's template cannot do without is missed here, where its sender still listens. */
export function mailTemplateFaults(
  { mail_template, variables = {} }: NewNotificationBody,
  templates: Readonly<Record<string, readonly string[]>>,
): FieldFault[] {
  if (mail_template === undefined) return []
  const missing = missingVariables(templates, mail_template, variables)
  if (missing === null) {
    return [{ field: '/mail_template', rule: 'unknown', message: 'is not declared in SENDGRID_TEMPLATES' }]
  }
  return missing.map(name => ({ field: `/variables/${name}`, rule: 'required', message: 'is needed by the template' }))
}

function writtenBy({ template, mail_template, title, body, category = 'account' }: NewNotificationBody) {
  if (mail_template !== undefined) return { template: mail_template, template_version: 1, category }
  if (template === undefined) return { title: title ?? '', body: body ?? '', category }
  return { template, template_version: templateVersion(template), category: categoryOf[template] }
}

function readerOf(to: NewNotificationBody['to']) {
  const nobody = { user_id: null, to_email: null, to_phone: null, country: null }
  if ('user_id' in to) return { ...nobody, user_id: to.user_id, locale: pickLocale({}) }
  if ('email' in to) return { ...nobody, to_email: to.email, locale: pickLocale({ userLocale: to.locale }) }
  const { phone, country, locale } = to
  const to_phone = toE164(phone, country)?.e164 ?? phone
  return { ...nobody, to_phone, country, locale: pickLocale({ userLocale: locale, country }) }
}

function entityOf({ to, template, booking_id, payment_id }: NewNotificationBody): string | null {
  const field = template === undefined ? 'user_id' : subjectField(template)
  if (field === 'booking_id') return `booking:${booking_id}`
  if (field === 'payment_id') return `payment:${payment_id}`
  return 'user_id' in to ? `user:${to.user_id}` : null
}

function inOrder(named: readonly Channel[] | undefined): Channel[] | null {
  return named === undefined ? null : channels.filter(channel => named.includes(channel))
}
