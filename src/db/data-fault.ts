/** SQLSTATE classes 22 (data exception) and 23 (integrity): the content of some row, not the database's health. */
export function isDataFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^2[23]/.test(code)
}
