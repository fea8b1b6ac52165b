import Handlebars from 'handlebars'
import { type Locale, languageTags } from '../../locale.ts'

/** A line of the table in a mail: what, and its value. */
export interface Fact {
  readonly label: string
  readonly value: string
}

/** What a mail says, in plain text. The layout alone escapes, so no sentence is ever escaped twice or not at all. */
export interface MailContent {
  readonly subject: string
  /** Shown by mailboxes beside the subject, not in the opened mail. */
  readonly preheader: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  readonly facts: readonly Fact[]
  /** `url` is http(s). */
  readonly button: { readonly label: string; readonly url: string } | null
  readonly closing: string
  /** Why the reader gets this mail; in small print. */
  readonly because: string
}

/** Where the small print of a mail goes on, in its HTML; escaped text cannot hold it. */
export const lastLine = '<!-- last line -->'

// Tables and inline styles because mail programs know little else; nothing is loaded from outside. Outlook for Windows draws
// with Word, which knows neither max-width nor the padding of links: it gets a table of 600 pixels, and a button in a cell.
const html = `<!doctype html>
<html lang="{{language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="x-apple-disable-message-reformatting">
<meta name="color-scheme" content="light">
<title>{{subject}}</title>
</head>
<body style="margin:0;padding:0;background:#f3f4f6;color:#1f2937">
<div style="display:none;max-height:0;overflow:hidden">{{preheader}}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6">
<tr><td align="center" style="padding:24px 8px">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border:1px solid #e5e7eb;border-radius:8px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#1f2937;text-align:left">
<tr><td style="padding:20px 24px;border-bottom:3px solid #0f766e;font-size:18px;font-weight:bold;color:#0f766e">HBNB</td></tr>
<tr><td style="padding:28px 24px 8px">
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25;color:#111827">{{heading}}</h1>
{{#each paragraphs}}
<p style="margin:0 0 16px;overflow-wrap:anywhere">{{this}}</p>
{{/each}}
</td></tr>
{{#if facts}}
<tr><td style="padding:0 24px 16px">
<table width="100%" cellpadding="0" cellspacing="0" style="border-top:1px solid #e5e7eb">
{{#each facts}}
<tr>
<th scope="row" align="left" valign="top" style="padding:10px 16px 10px 0;border-bottom:1px solid #e5e7eb;font-weight:normal;color:#4b5563;white-space:nowrap">{{label}}</th>
<td align="left" valign="top" width="100%" style="padding:10px 0;border-bottom:1px solid #e5e7eb;font-weight:bold;overflow-wrap:anywhere">{{value}}</td>
</tr>
{{/each}}
</table>
</td></tr>
{{/if}}
{{#if button}}
<tr><td style="padding:8px 24px 16px">
<table role="presentation" cellpadding="0" cellspacing="0"><tr>
<td bgcolor="#0f766e" style="border-radius:6px;mso-padding-alt:12px 24px"><a href="{{button.url}}" style="display:inline-block;padding:12px 24px;color:#ffffff;font-weight:bold;text-decoration:none">{{button.label}}</a></td>
</tr></table>
</td></tr>
{{/if}}
<tr><td style="padding:8px 24px 28px"><p style="margin:0">{{closing}}</p></td></tr>
</table>
<!--[if mso]></td></tr><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;font-family:Arial,Helvetica,sans-serif;font-size:12px;line-height:1.5;color:#4b5563;text-align:left">
<tr><td style="padding:16px 24px 0">{{because}}</td></tr>
${lastLine}
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`

const text = `{{heading}}

{{#each paragraphs}}
{{this}}

{{/each}}
{{#if facts}}
{{#each facts}}
{{label}}{{@root.colon}}{{value}}
{{/each}}

{{/if}}
{{#if button}}
{{button.label}}{{@root.colon}}{{button.url}}

{{/if}}
{{closing}}

{{because}}
`

// Strict: a variable nobody passed is an error here and never a hole in somebody's mail.
const options = { strict: true, knownHelpersOnly: true }
const writeHtml = Handlebars.compile(html, options)
const writeText = Handlebars.compile(text, { ...options, noEscape: true })

const colons: Readonly<Record<Locale, string>> = { fr: '\u00a0: ', en: ': ' }

/** The same content as an HTML page and as plain text. */
export function layMail(locale: Locale, content: MailContent): { subject: string; html: string; text: string } {
  const context = { ...content, language: languageTags[locale], colon: colons[locale] }
  return { subject: content.subject, html: writeHtml(context), text: writeText(context) }
}
