/** How much is gathered for one write. */
export interface BatchBounds {
  readonly maxItems: number
  /** A batch that has reached it takes no more. */
  readonly maxBytes: number
}

/** Writes what is added in its order, one batch after the other: what comes while one is written makes up the next. */
export interface WritesInTurn<T> {
  readonly add: (item: T, bytes: number) => void
  /** Writes what there is, unless a write is under way: then it follows that. */
  readonly begin: () => void
  readonly isFull: () => boolean
  /** Waits until there is room for more. */
  readonly untilRoom: () => Promise<void>
  /** Writes all that is left, and waits for it. */
  readonly finish: () => Promise<void>
}

/** `write` must not reject. It is called as soon as its batch is closed, in one go with the last `add`. */
export function writesInTurn<T>(
  write: (batch: readonly T[]) => Promise<void>,
  { maxItems, maxBytes }: BatchBounds,
): WritesInTurn<T> {
  let batch: T[] = []
  let bytes = 0
  let underWay: Promise<void> | undefined

  function begin(): void {
    if (underWay || batch.length === 0) return
    const items = batch
    batch = []
    bytes = 0
    underWay = follow(write(items))
  }
  async function follow(writing: Promise<void>): Promise<void> {
    await writing
    underWay = undefined
    begin()
  }
  const isFull = () => batch.length >= maxItems || bytes >= maxBytes

  return {
    isFull,
    add(item, itemBytes) {
      batch.push(item)
      bytes += itemBytes
    },
    begin,
    async untilRoom() {
      while (isFull()) {
        begin()
        await underWay
      }
    },
    async finish() {
      begin()
      for (let writing = underWay; writing; writing = underWay) await writing
    },
  }
}
