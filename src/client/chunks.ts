/** When a chunk is full, or has waited long enough. */
export interface ChunkLimits<T> {
  readonly maxItems: number
  readonly maxBytes: number
  /** A source that pauses this long gets what it has given sent. */
  readonly lingerMs: number
  readonly bytesOf: (item: T) => number
  /** Ends the waiting for a source that gives nothing. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Cuts a stream into chunks. The source is asked for one item at a time, and for none while a chunk is being used; one
 * item that alone is above `maxBytes` is a chunk of its own.
 */
export async function* chunksOf<T>(
  source: AsyncIterator<T>,
  limits: ChunkLimits<T>,
): AsyncGenerator<T[], void, undefined> {
  let chunk: T[] = []
  let bytes = 0
  const taken = () => {
    const full = chunk
    chunk = []
    bytes = 0
    return full
  }
  for (let next = source.next(); ; next = source.next()) {
    if (chunk.length > 0 && !(await comesWithin(next, limits.lingerMs))) yield taken()
    const { done, value } = await unlessAborted(next, limits.signal)
    if (done === true) break
    const size = limits.bytesOf(value)
    if (chunk.length > 0 && bytes + size > limits.maxBytes) yield taken()
    chunk.push(value)
    bytes += size
    if (chunk.length >= limits.maxItems) yield taken()
  }
  if (chunk.length > 0) yield chunk
}

async function comesWithin(next: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(resolve, ms, false)
  })
  try {
    return await Promise.race([next.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

async function unlessAborted<T>(next: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await next
  signal.throwIfAborted()
  let abort: (() => void) | undefined
  const aborted = new Promise<void>(resolve => {
    // Not `resolve` itself, which would be given the event.
    abort = () => resolve()
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    const first = await Promise.race([next.then(value => ({ value })), aborted])
    if (first !== undefined) return first.value
  } finally {
    if (abort) signal.removeEventListener('abort', abort)
  }
  signal.throwIfAborted()
  return await next
}
