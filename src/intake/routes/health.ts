import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { Problem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import type { Intake } from '../intake.ts'

const checkTimeoutMs = 2_000
const pingStatement = { name: 'ping', text: 'select 1' }

/** Whether the process lives. Does nothing else, so that a database that is away restarts nobody. */
export function healthRoute(): Route {
  return {
    method: 'get',
    path: '/healthz',
    operations: {
      '/healthz': {
        id: 'health',
        tag: 'operations',
        summary: 'Is the process alive?',
        about: 'Answers without asking anything else.',
        scope: null,
        parameters: [],
        body: null,
        answer: { status: 200, about: 'Alive.', schema: z.object({ status: z.literal('ok') }) },
        problems: [],
      },
    },
    handler(_request, response) {
      response.json({ status: 'ok' })
    },
  }
}

/** Whether requests can be served: Postgres and the queue's store answer. */
export function readyRoute({ run, backend }: Intake): Route {
  return {
    method: 'get',
    path: '/readyz',
    operations: {
      '/readyz': {
        id: 'readiness',
        tag: 'operations',
        summary: 'Can the process serve?',
        about: 'Asks Postgres and the store of the queues; names what is missing.',
        scope: null,
        parameters: [],
        body: null,
        answer: { status: 200, about: 'Ready.', schema: z.object({ status: z.literal('ready') }) },
        problems: ['not-ready'],
      },
    },
    async handler(_request, response) {
      const [postgres, queue] = await Promise.all([answers(() => run(pingStatement)), answers(() => backend.check())])
      const missing = [...(postgres ? [] : ['postgres']), ...(queue ? [] : ['queue'])]
      if (missing.length > 0) throw new Problem('not-ready', { missing })
      response.json({ status: 'ready' })
    },
  }
}

/** Whether a check passes in time. The reason of a failure stays inside: it may name hosts. */
async function answers(check: () => Promise<unknown>): Promise<boolean> {
  const stop = new AbortController()
  const tooLate = delay(checkTimeoutMs, false, { signal: stop.signal, ref: false }).catch(() => false)
  const passed = check().then(
    () => true,
    () => false,
  )
  const answer = await Promise.race([passed, tooLate])
  stop.abort()
  return answer
}
