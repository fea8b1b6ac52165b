import Handlebars from 'handlebars'
import type { Locale } from '../../locale.ts'
import { lastLine } from './mail-layout.ts'
import type { RenderedNotification } from './template.ts'

const labels: Readonly<Record<Locale, string>> = {
  fr: 'Ne plus recevoir ces messages',
  en: 'Stop getting these messages',
}
const colons: Readonly<Record<Locale, string>> = { fr: '\u00a0: ', en: ': ' }

const row = Handlebars.compile(
  '<tr><td style="padding:8px 24px 0"><a href="{{url}}" style="color:#4b5563">{{label}}</a></td></tr>',
  { strict: true, knownHelpersOnly: true },
)

/** The same mail with a link, as the last line of both its parts, to where its reader may have done with such mail. */
export function withUnsubscribeLink(
  { subject, html, text }: RenderedNotification['email'],
  locale: Locale,
  url: string,
): RenderedNotification['email'] {
  const label = labels[locale]
  return {
    subject,
    html: html.replace(lastLine, () => row({ url, label })),
    text: `${text.trimEnd()}\n\n${label}${colons[locale]}${url}\n`,
  }
}
