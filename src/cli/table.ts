/** Rows of cells below their heads, aligned by spaces; figures to the right. A row is one line, whatever its texts hold. */
export function table(heads: readonly string[], given: readonly (readonly (string | number)[])[]): string {
  const rows = given.map(cells =>
    cells.map(cell => (typeof cell === 'string' ? cell.replaceAll(/\s*[\n\r]\s*/g, ' ') : cell)),
  )
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map(row => String(row[column] ?? '').length)),
  )
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [line(heads.map(head => head.toUpperCase())), ...rows.map(line)].join('\n')
}
