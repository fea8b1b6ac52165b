import { z } from 'zod'

/** One server-sent event as it arrived. */
export interface ArrivedEvent {
  readonly id: number
  readonly event: string
  readonly data: Record<string, unknown>
}

/** An open event stream. */
export interface EventStream {
  readonly status: number
  readonly headers: Headers
  /** The next event; undefined when the stream has ended. */
  next(): Promise<ArrivedEvent | undefined>
  /** All events until the stream ends. */
  rest(): Promise<ArrivedEvent[]>
  /** Comments so far. */
  readonly comments: readonly string[]
  close(): Promise<void>
}

/** Opens a stream and parses it as the HTML standard says (9.2.6), as far as we write it. */
export async function openEvents(url: string, headers: Record<string, string>): Promise<EventStream> {
  const stop = new AbortController()
  const response = await fetch(url, { headers, signal: stop.signal })
  const comments: string[] = []
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''

  async function block(): Promise<string | undefined> {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const found = text.slice(0, end)
        text = text.slice(end + 2)
        return found
      }
      const chunk = await reader?.read()
      if (chunk === undefined || chunk.done) return undefined
      text += chunk.value
    }
  }

  async function next(): Promise<ArrivedEvent | undefined> {
    for (let found = await block(); found !== undefined; found = await block()) {
      const fields = new Map<string, string>()
      for (const line of found.split('\n')) {
        if (line.startsWith(':')) comments.push(line.slice(1).trim())
        else fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim())
      }
      const data = fields.get('data')
      if (data === undefined) continue
      return {
        id: Number(fields.get('id')),
        event: fields.get('event') ?? 'message',
        data: z.record(z.string(), z.unknown()).parse(JSON.parse(data)),
      }
    }
    return undefined
  }

  return {
    status: response.status,
    headers: response.headers,
    comments,
    next,
    async rest() {
      const events: ArrivedEvent[] = []
      for (let event = await next(); event; event = await next()) events.push(event)
      return events
    },
    async close() {
      stop.abort()
      await reader?.cancel().catch(() => {})
    },
  }
}
