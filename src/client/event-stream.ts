/** One event of a `text/event-stream`. */
export interface StreamedEvent {
  /** The last id seen so far; empty before the first. */
  readonly id: string
  readonly event: string
  readonly data: string
}

/** No event of the service comes near this. */
const maxEventChars = 1_048_576

/**
 * Reads a text/event-stream (HTML Living Standard, 9.2.6) as it arrives; comments only call `onBytes`.
 * An event that the end of the stream cuts off is dropped, as the standard says.
 */
export async function* readEventStream(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: () => void = () => {},
): AsyncGenerator<StreamedEvent> {
  let id = ''
  let event = ''
  let data: string[] = []
  for await (const line of linesOf(bytes, /\r\n|\n|\r(?!$)/, onBytes)) {
    if (line === '') {
      if (data.length > 0) yield { id, event: event || 'message', data: data.join('\n') }
      event = ''
      data = []
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    if (field === 'event') event = value
    if (field === 'id' && !value.includes('\0')) id = value
  }
}

/** Lines of a UTF-8 stream; the last one too when nothing ends it. Throws on one that is far too long. */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  end: RegExp = /\r?\n/,
  onBytes: () => void = () => {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of bytes) {
    onBytes()
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split(end)
    rest = lines.pop() ?? ''
    if (rest.length > maxEventChars) throw new RangeError(`a line of more than ${maxEventChars} characters`)
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield* rest.split(end)
}

/** The bytes of an answer as they come. */
export function bodyOf({ body }: Response): AsyncIterable<Uint8Array> {
  if (body === null) throw new Error('the answer has no body')
  return body
}
