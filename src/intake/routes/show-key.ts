import { z } from 'zod'
import { windowSeconds } from '../auth/rate-limit.ts'
import type { Route } from '../http/route.ts'
import type { Intake } from '../intake.ts'

const shownKey = z.object({
  id: z.string(),
  name: z.string(),
  tenant: z.string().describe('whose jobs it makes and sees; of a test key, a tenant beside the real one'),
  scopes: z.array(z.string()),
  test: z.boolean().describe('whatever its jobs send goes to the sandbox'),
  expires_at: z.iso.datetime().nullable(),
  rate_limit: z.object({ requests: z.int(), window_seconds: z.int() }),
})

/** Who the caller is, and what it may do. */
export function showKeyRoute({ config, authorize }: Intake): Route {
  return {
    method: 'get',
    path: '/v1/keys/self',
    operations: {
      '/v1/keys/self': {
        id: 'showKey',
        tag: 'keys',
        summary: 'Show the API key that asks',
        about: 'What it may do, for whom, until when and how often. Needs no scope.',
        scope: 'any',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'The key, without the key.', schema: shownKey },
        problems: [],
      },
    },
    async handler(request, response) {
      const { keyId, name, tenant, scopes, test, expiresAt, requestsPerMinute } = await authorize(request, 'any')
      const requests = requestsPerMinute ?? config.limits.apiKeyRequestsPerMinute
      response.json({
        id: keyId,
        name,
        tenant,
        scopes,
        test,
        expires_at: expiresAt?.toISOString() ?? null,
        rate_limit: { requests, window_seconds: windowSeconds },
      })
    },
  }
}
