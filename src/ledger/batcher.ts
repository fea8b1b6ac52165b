/** Bounds of a micro-batcher: a batch leaves as soon as a slot is free, so batches grow only under load. */
export interface BatchLimits {
  readonly maxItems: number
  readonly maxInFlight: number
  /** With so many in flight only full batches leave, so that single calls join each other. Default: `maxInFlight`. */
  readonly maxPartialInFlight?: number
}

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Joins calls made at about the same time into one `flush`, which answers in the order of its items.
 * `isOneItemsFault(error)`: the batch was refused because of its content, so each item is tried alone and only
 * the guilty one fails.
 */
export function batcher<Item, Answer>(
  { maxItems, maxInFlight, maxPartialInFlight = maxInFlight }: BatchLimits,
  flush: (items: Item[]) => Promise<Answer[]>,
  isOneItemsFault: (error: unknown) => boolean = () => false,
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = []
  let inFlight = 0
  let scheduled = false

  async function send(batch: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await flush(batch.map(({ item }) => item))
      if (answers.length !== batch.length) throw new Error(`a batch of ${batch.length} got ${answers.length} answers`)
      answers.forEach((answer, index) => batch[index]?.resolve(answer))
    } catch (error) {
      if (batch.length > 1 && isOneItemsFault(error)) {
        for (const one of batch) await send([one])
      } else {
        for (const { reject } of batch) reject(error)
      }
    }
  }

  function pump(): void {
    scheduled = false
    while (waiting.length > 0 && inFlight < (waiting.length < maxItems ? maxPartialInFlight : maxInFlight)) {
      inFlight += 1
      void send(waiting.splice(0, maxItems)).finally(() => {
        inFlight -= 1
        pump()
      })
    }
  }

  return item =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!scheduled) {
        scheduled = true
        // After the current I/O events, so that requests read together are written together.
        setImmediate(pump)
      }
    })
}
