import type { Fact } from './mail-layout.ts'

/** What all messages know of their reader and subject, already in the reader's language. Plain text, one line each. */
export interface MessageView {
  readonly reader: string
  /** Of the place, or '' in messages about none. Strangers choose its length, so it is cut where room is short. */
  readonly title: string
  readonly city: string
  /** What the reader names when they write to us. */
  readonly reference: string | null
  /** Where the button of a mail leads, and the link in an SMS. */
  readonly url: string | null
}

/** What one message says in one language. */
export interface Wording<View extends MessageView> {
  readonly subject: (view: View) => string
  readonly preheader: (view: View) => string
  readonly greeting: (reader: string) => string
  readonly heading: string
  readonly opening: (view: View) => readonly string[]
  readonly facts: (view: View) => readonly Fact[]
  readonly button: string
  readonly closing: string
  readonly because: string
  /** Read in one glance and paid by the segment; link or reference are added where they fit. */
  readonly sms: (view: View) => string
  readonly smsReference: (reference: string) => string
  /** Shown on locked screens: no name of a person. */
  readonly push: { readonly title: string; readonly body: (view: View) => string }
}
