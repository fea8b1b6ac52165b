import { z } from 'zod'
import { Problem, problems } from '../http/problem.ts'
import type { Route } from '../http/route.ts'

/** What a problem's `type` leads to (RFC 9457, 3.1.1). */
export function showProblemRoute(): Route {
  const table: ReadonlyMap<string, { status: number; title: string }> = new Map(Object.entries(problems))
  return {
    method: 'get',
    path: '/problems/{code}',
    operations: {
      '/problems/{code}': {
        id: 'showProblem',
        tag: 'operations',
        summary: 'Say what a problem type means',
        about: 'The `type` of every refusal leads here.',
        scope: null,
        parameters: [],
        body: null,
        answer: {
          status: 200,
          about: 'The problem type.',
          schema: z.object({ type: z.string(), title: z.string(), status: z.int() }),
        },
        problems: ['not-found'],
      },
    },
    handler(request, response) {
      const code = String(request.params['code'])
      const found = table.get(code)
      if (!found) throw new Problem('not-found')
      response.json({ type: `/problems/${code}`, ...found })
    },
  }
}
