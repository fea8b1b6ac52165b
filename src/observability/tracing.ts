import { AsyncLocalStorage } from 'node:async_hooks'
import type { Logger } from 'pino'

/** Who asks whom: OpenTelemetry's kinds of span. */
type SpanPlace = 'server' | 'internal' | 'producer' | 'consumer' | 'client'

/** What a span is; names and ids only, never a payload, an address or a text that was sent. */
export interface SpanStart {
  readonly name: string
  readonly place: SpanPlace
  /** W3C trace context of what led to it (https://www.w3.org/TR/trace-context/); null begins a new trace. */
  readonly parent: string | null
  readonly attributes: Readonly<Record<string, string | number>>
}

export interface SpanEnd {
  /** Where the name is known only at the end, such as the route of a request. */
  readonly name?: string
  readonly attributes?: Readonly<Record<string, string | number>>
  /** A code, never a message: it marks the span as failed. */
  readonly fault?: string
}

/** A piece of work that takes time. */
export interface Span {
  /** For what this leads to; while no traces are made, the parent's own. */
  readonly traceparent: string | null
  readonly end: (end?: SpanEnd) => void
}

/** What makes spans where traces are wanted (otlp-tracing.ts). */
export interface Tracer {
  readonly begin: (start: SpanStart) => Span
  readonly stop: () => Promise<void>
}

/** One for the process, like its log's destination: spans begin where no composition root reaches. */
let tracer: Tracer | undefined

const current = new AsyncLocalStorage<string>()

function nothing(): void {}

/**
 * Makes traces from now on, if an endpoint is set; nothing of OpenTelemetry is loaded otherwise. Answers how to send what
 * is left and stop.
 */
export async function startTracing(
  settings: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly ratio: number } | null,
  processName: string,
  log: Logger,
): Promise<() => Promise<void>> {
  if (settings === null) return async () => {}
  const { otlpTracer } = await import('./otlp-tracing.ts')
  const own = otlpTracer(settings, processName, log)
  tracer = own
  return async () => {
    if (tracer === own) tracer = undefined
    await own.stop()
  }
}

/** Begins a span; nearly free while no traces are made. */
export function beginSpan(start: SpanStart): Span {
  return tracer ? tracer.begin(start) : { traceparent: start.parent, end: nothing }
}

/** Runs work whose jobs and spans belong to a trace without being handed it, such as the answer to a request. */
export function inTrace<T>(traceparent: string | null, work: () => T): T {
  return traceparent === null ? work() : current.run(traceparent, work)
}

/** The trace that the work under way belongs to; null outside {@link inTrace}. */
export function currentTrace(): string | null {
  return current.getStore() ?? null
}

/** `00-<32 hex>-<16 hex>-<2 hex>`, as callers send and jobs keep it. */
export function isTraceparent(text: string): boolean {
  return /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(text)
}
