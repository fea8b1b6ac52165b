import type { Route } from '../http/route.ts'
import type { Intake } from '../intake.ts'

/** Everything measured here and in the ledger, for Prometheus. */
export function metricsRoute({ registry }: Intake): Route {
  return {
    method: 'get',
    path: '/metrics',
    operations: {
      '/metrics': {
        id: 'metrics',
        tag: 'operations',
        summary: 'Metrics for Prometheus',
        about: 'This process, its requests, and the ledger: depths, ages, effects, processes. No personal data.',
        scope: null,
        parameters: [],
        body: null,
        answer: { status: 200, about: 'Prometheus text format.', schema: 'text/plain' },
        problems: [],
      },
    },
    async handler(_request, response) {
      response.type(registry.contentType).send(await registry.metrics())
    },
  }
}
