/** Text of strangers on one line: controls and line breaks become blanks, invisible direction marks vanish. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\p{Cf}--[\u200c\u200d]]/gv, '')
    .replace(/[ \t]+/g, ' ')
    .trim()
}

/** At most `maxChars` UTF-16 units, cut between visible characters and marked with `mark` where it was cut. */
export function clip(text: string, maxChars: number, mark = '…'): string {
  if (text.length <= maxChars) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (kept.length + segment.length + mark.length > maxChars) break
    kept += segment
  }
  return kept.trimEnd() + mark
}
