const newline = 0x0a

/** One line of a stream, without its end; undefined: it was longer than allowed, and was passed over. */
export interface Line {
  /** Counted from 1; blank lines count. */
  readonly number: number
  readonly bytes: Buffer | undefined
}

/** Cuts a stream of bytes into lines, holding one line at most. */
export function lineCutter(maxLineBytes: number): {
  readonly cut: (chunk: Buffer) => Line[]
  /** What stands behind the last line end. */
  readonly rest: () => Line[]
} {
  let held: Buffer[] = []
  let heldBytes = 0
  let isTooLong = false
  let number = 0

  function keep(part: Buffer): void {
    heldBytes += part.length
    if (heldBytes > maxLineBytes) {
      isTooLong = true
      held = []
    } else if (part.length > 0) held.push(part)
  }
  function take(): Line {
    number += 1
    const [only] = held
    const bytes = isTooLong ? undefined : held.length === 1 && only ? only : Buffer.concat(held)
    held = []
    heldBytes = 0
    isTooLong = false
    return { number, bytes }
  }

  return {
    cut(chunk) {
      const lines: Line[] = []
      let from = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        keep(chunk.subarray(from, end))
        lines.push(take())
        from = end + 1
      }
      keep(chunk.subarray(from))
      return lines
    },
    rest: () => (heldBytes > 0 ? [take()] : []),
  }
}
