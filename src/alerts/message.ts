import type { Alert } from './alert.ts'

const maxSubjectChars = 150

/** Alerts as one message, for every kind of channel. */
export interface AlertMessage {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly alerts: readonly {
    readonly kind: string
    readonly subject: string | null
    readonly signature: string | null
    readonly text: string
    readonly at: string
    readonly runbook: string
    readonly story: string | null
  }[]
}

/** Puts alerts that were found together into one message; `publicUrl` is where the stories of jobs are. */
export function messageOf(alerts: readonly Alert[], publicUrl: string): AlertMessage {
  const told = alerts.map(({ kind, subject, signature, text, jobId, at }) => ({
    kind,
    subject,
    signature,
    text,
    at: at.toISOString(),
    runbook: `docs/operations/runbook.md#${kind}`,
    story: jobId === null ? null : `${publicUrl}/admin/story/job/${jobId}`,
  }))
  const subjects = [...new Set(told.map(({ kind, subject }) => (subject === null ? kind : `${kind} ${subject}`)))]
  const lines = told.map(({ text, story, runbook }) =>
    [text, ...(story === null ? [] : [`  first job: ${story}`]), `  what to do: ${runbook}`].join('\n'),
  )
  const items = told.map(
    ({ text, story, runbook }) =>
      `<li>${escaped(text)}${story === null ? '' : `<br><a href="${escaped(story)}">first job</a>`}<br>what to do: <code>${escaped(runbook)}</code></li>`,
  )
  return {
    subject: `hbnb-jobs: ${subjects.join(', ')}`.slice(0, maxSubjectChars),
    text: lines.join('\n\n'),
    html: `<ul>${items.join('')}</ul>`,
    alerts: told,
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, sign => entities[sign] ?? sign)
}
