import type { Locale } from '../../locale.ts'
import { clip } from '../one-line.ts'
import { fitSms } from '../sms-text.ts'
import { layMail } from './mail-layout.ts'
import type { RenderedNotification } from './template.ts'
import type { MessageView, Wording } from './wording.ts'

/** Longer subjects are cut by mailboxes anyway, and a header line may not pass 998 bytes (RFC 5322, 2.1.1). */
const maxSubjectTitleChars = 80
const maxPushTitleChars = 60
const maxPushCityChars = 60
const maxSmsCityChars = 40

/** One message on every channel. */
export function writeMessage<View extends MessageView>(
  locale: Locale,
  wording: Wording<View>,
  view: View,
): RenderedNotification {
  const pushView = { ...view, title: clip(view.title, maxPushTitleChars), city: clip(view.city, maxPushCityChars) }
  return {
    email: layMail(locale, {
      subject: wording.subject({ ...view, title: clip(view.title, maxSubjectTitleChars) }),
      preheader: wording.preheader(view),
      heading: wording.heading,
      paragraphs: [wording.greeting(view.reader), ...wording.opening(view)],
      facts: wording.facts(view),
      button: view.url === null ? null : { label: wording.button, url: view.url },
      closing: wording.closing,
      because: wording.because,
    }),
    sms: { body: smsBody(wording, view) },
    push: { title: wording.push.title, body: wording.push.body(pushView) },
  }
}

/** The reference is worth more than a full title, the link less than a second segment. */
function smsBody<View extends MessageView>(wording: Wording<View>, view: View): string {
  const city = clip(view.city, maxSmsCityChars)
  const { url, reference } = view
  const short = (title: string) => wording.sms({ ...view, city, title })
  const withLink = (title: string) => `${short(title)} ${url}`
  const withReference = (title: string) => `${short(title)} ${wording.smsReference(reference ?? '')}`
  const fuller = [...(url === null ? [] : [withLink]), ...(reference === null ? [] : [withReference])]
  return fitSms(view.title, [...fuller, short])
}
