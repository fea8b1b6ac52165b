import type { Locale } from '../locale.ts'
import { clip, oneLine } from './one-line.ts'
import { toGsm } from './sms-text.ts'
import { english } from './templates/english.ts'
import { french } from './templates/french.ts'
import { layMail } from './templates/mail-layout.ts'
import type { RenderedNotification } from './templates/template.ts'

/** Longer subjects are cut by mailboxes anyway, and a header line may not pass 998 bytes (RFC 5322, 2.1.1). */
const maxSubjectChars = 150
const maxPreheaderChars = 140
/** Locked screens show less than this. */
const maxPushTitleChars = 100
const maxPushBodyChars = 500

const because: Readonly<Record<Locale, string>> = {
  fr: 'Vous recevez ce message parce que vous utilisez HBNB.',
  en: 'You receive this message because you use HBNB.',
}
const closings: Readonly<Record<Locale, string>> = { fr: french.closing, en: english.closing }

/** What somebody else has written, with a title and a text; a blank line in it begins a paragraph of a mail. */
export function writeOwnWords(
  locale: Locale,
  { title, body }: { readonly title: string; readonly body: string },
): RenderedNotification {
  const heading = oneLine(title)
  return {
    email: layMail(locale, {
      subject: clip(heading, maxSubjectChars),
      preheader: clip(oneLine(body), maxPreheaderChars),
      heading,
      paragraphs: paragraphsOf(body),
      facts: [],
      button: null,
      closing: closings[locale],
      because: because[locale],
    }),
    // The text alone, as the guide has it: what is said twice is paid twice.
    sms: { body: toGsm(body) },
    push: { title: clip(heading, maxPushTitleChars), body: clip(oneLine(body), maxPushBodyChars) },
  }
}

function paragraphsOf(body: string): string[] {
  return body
    .split(/\n\s*\n/)
    .map(oneLine)
    .filter(paragraph => paragraph !== '')
}
