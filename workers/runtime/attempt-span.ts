import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { beginSpan } from '../../src/observability/tracing.ts'

/** An attempt's span: `traced` is the claim as its processor sees it, so that children and provider calls belong to it. */
export function beginAttempt(claim: Claim): { readonly traced: Claim; readonly endSpan: (ending: Ending) => void } {
  const { id, name, attempts, traceparent } = claim
  const span = beginSpan({
    name: `attempt ${name}`,
    place: 'consumer',
    parent: traceparent,
    // https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
    attributes: {
      'messaging.system': 'hbnb-jobs',
      'messaging.operation.type': 'process',
      'messaging.destination.name': name,
      'messaging.message.id': id,
      'hbnb_jobs.attempt': attempts + 1,
    },
  })
  return {
    traced: span.traceparent === traceparent ? claim : { ...claim, traceparent: span.traceparent },
    endSpan(ending) {
      const outcome = ending.kind === 'finish' ? ending.outcome : ending.ending
      const fault = ending.error === null ? {} : { fault: ending.error.code ?? ending.error.name }
      span.end({ attributes: { 'hbnb_jobs.outcome': outcome }, ...fault })
    },
  }
}
