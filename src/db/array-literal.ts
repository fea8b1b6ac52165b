/** Texts as one Postgres array literal: for columns of arrays, because unnest would flatten an array of arrays. */
export function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map(text => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`
}
