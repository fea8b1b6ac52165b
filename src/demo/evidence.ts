/** One thing the demo claims, with what was counted. */
export interface Evidence {
  readonly what: string
  readonly asked?: number
  readonly sent?: number
  /** What was seen, in words and measured figures. */
  readonly seen: string
  readonly ok: boolean
}

const columns = ['', 'what', 'asked', 'sent', 'seen'] as const

/** The evidence as an aligned table for people. */
export function evidenceTable(rows: readonly Evidence[]): string {
  const cells = rows.map(({ ok, what, asked, sent, seen }) => [ok ? '✓' : '✗', what, count(asked), count(sent), seen])
  const widths = columns.map((title, index) => Math.max(title.length, ...cells.map(row => (row[index] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(columns), line(widths.map(width => '─'.repeat(width))), ...cells.map(line)].join('\n')
}

/** The demo's closing line. */
export function closingLine(rows: readonly Evidence[]): string {
  const passed = rows.filter(({ ok }) => ok).length
  return `demo: ${passed} passed, ${rows.length - passed} failed`
}

function count(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}
