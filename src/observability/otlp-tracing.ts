import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type SpanContext,
  diag,
  DiagLogLevel,
} from '@opentelemetry/api'
import { setTimeout as delay } from 'node:timers/promises'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { throttled } from './throttled.ts'
import { isTraceparent, type Tracer } from './tracing.ts'

const exportEveryMs = 1_000
const exportTimeoutMs = 10_000
/** Spans beyond these are dropped: traces must never cost the jobs their memory. */
const maxQueuedSpans = 8_192
const maxSpansPerExport = 512
const complainEveryMs = 60_000
const stopWithinMs = 3_000

const kinds = {
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
} as const

/** Spans to a collector, as OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp). */
export function otlpTracer(
  {
    url,
    headers,
    ratio,
  }: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly ratio: number },
  processName: string,
  log: Logger,
): Tracer {
  const complain = throttled(complainEveryMs, count => log.warn({ count }, 'traces were not taken by their collector'))
  diag.setLogger(
    { error: complain, warn: nothing, info: nothing, debug: nothing, verbose: nothing },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  )
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `hbnb-jobs-${processName}`,
      'service.namespace': 'hbnb-jobs',
      'service.instance.id': String(process.pid),
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: exportTimeoutMs }),
        scheduledDelayMillis: exportEveryMs,
        maxQueueSize: maxQueuedSpans,
        maxExportBatchSize: maxSpansPerExport,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  })
  const tracer = provider.getTracer('hbnb-jobs')
  return {
    begin({ name, place, parent, attributes }) {
      const span = tracer.startSpan(name, { kind: kinds[place], attributes: { ...attributes } }, contextOf(parent))
      return {
        traceparent: traceparentOf(span.spanContext()),
        end({ name: lastName, attributes: more, fault } = {}) {
          if (lastName !== undefined) span.updateName(lastName)
          if (more) span.setAttributes({ ...more })
          if (fault !== undefined) {
            span.setAttribute('error.type', fault)
            span.setStatus({ code: SpanStatusCode.ERROR })
          }
          span.end()
        },
      }
    },
    async stop() {
      const stopped = provider.shutdown().catch(complain)
      // A collector that is away must not keep the process from ending.
      await Promise.race([stopped, delay(stopWithinMs, undefined, { ref: false })])
    },
  }
}

function nothing(): void {}

function contextOf(traceparent: string | null): Context {
  if (traceparent === null || !isTraceparent(traceparent)) return ROOT_CONTEXT
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-')
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true })
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
