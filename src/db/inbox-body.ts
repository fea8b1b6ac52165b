import { z } from 'zod'
import { eventsOfSource } from '../domain/events/hbnb-events.ts'
import { keptSmsReply } from '../domain/events/sms-reply.ts'
import { keptSmsCallback } from '../domain/events/sms-status.ts'
import { keptStripeEvent } from '../domain/events/stripe-event.ts'
import { keptMailEvent } from '../domain/mail-event.ts'
import { fieldNames, markedFields } from '../observability/redact-payload.ts'
import { redactFields } from '../observability/redact.ts'
import type { InboxSource } from './inbox-job.ts'

/** What the bodies of a source are made of. */
const bodySchemas: Readonly<Record<InboxSource, z.ZodType>> = {
  ...eventsOfSource,
  sendgrid: keptMailEvent,
  twilio: z.union([keptSmsCallback, keptSmsReply]),
  stripe: keptStripeEvent,
}

const redacted = '[redacted]'
const maxDepth = 6
const maxEntries = 100
/** Longer names are cut: one of a body's whole length would be minutes in the patterns below. */
const maxNameChars = 100

const mailAddress = /[^\s@<>()"',;:]+@[^\s@<>()"',;:]+/g
const phoneNumber = /\+\d[\d ().-]{6,}\d/g

interface Names {
  readonly known: ReadonlySet<string>
  readonly marked: ReadonlySet<string>
}

const namesOf = new Map<InboxSource, Names>()

/**
 * The body of an event as people may see it: values only of fields that its source is known to have, without those that
 * are personal data (`pii`) or named like it, and without addresses and phone numbers wherever they stand.
 */
export function shownBody(source: InboxSource, body: unknown): unknown {
  const schema = bodySchemas[source]
  const names = namesOf.get(source) ?? { known: fieldNames(schema), marked: markedFields(schema) }
  namesOf.set(source, names)
  return shown('', body, names, 0)
}

function shown(name: string, value: unknown, names: Names, depth: number): unknown {
  if (value === null || typeof value === 'boolean') return value
  if (names.marked.has(name) || depth > maxDepth) return redacted
  if (Array.isArray(value)) return value.slice(0, maxEntries).map(item => shown(name, item, names, depth + 1))
  if (typeof value === 'object') {
    const members = Object.entries(value).slice(0, maxEntries)
    return Object.fromEntries(
      members.map(([member, part]) => [shownName(member), shown(member, part, names, depth + 1)]),
    )
  }
  if (!names.known.has(name)) return redacted
  const [kept] = Object.values(redactFields({ [name]: value }))
  return typeof kept === 'string' ? withoutContacts(kept) : kept
}

function shownName(name: string): string {
  return withoutContacts(name.slice(0, maxNameChars).toWellFormed())
}

function withoutContacts(text: string): string {
  return text.replace(mailAddress, redacted).replace(phoneNumber, redacted)
}
