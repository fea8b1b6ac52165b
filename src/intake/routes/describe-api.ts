import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import type { Route } from '../http/route.ts'
import type { Intake } from '../intake.ts'
import { describeRoutes } from '../openapi/document.ts'
import { docsPage, docsPolicy } from '../openapi/page.ts'

const base: Pick<Operation, 'tag' | 'scope' | 'parameters' | 'body' | 'problems'> = {
  tag: 'operations',
  scope: null,
  parameters: [],
  body: null,
  problems: [],
}

/** The description of the API, for programs and for people; it describes itself too. */
export function describeApiRoutes({ config }: Intake, others: readonly Route[]): Route[] {
  const routes: Route[] = [
    ...others,
    {
      method: 'get',
      path: '/openapi.json',
      operations: {
        '/openapi.json': {
          ...base,
          id: 'openapi',
          summary: 'This description',
          about: 'OpenAPI 3.1, made from the schemas that check the requests.',
          answer: { status: 200, about: 'The description.', schema: z.looseObject({ openapi: z.string() }) },
        },
      },
      handler(_request, response) {
        response.json(description)
      },
    },
    {
      method: 'get',
      path: '/docs',
      operations: {
        '/docs': {
          ...base,
          id: 'docs',
          summary: 'This description, to be read',
          about: 'One page to read and to try things out in; it loads nothing from elsewhere.',
          answer: { status: 200, about: 'A page.', schema: 'text/html' },
        },
      },
      handler(_request, response) {
        response.set('content-security-policy', docsPolicy).type('html').send(text)
      },
    },
  ]
  const description = describeRoutes(routes, config.http.publicUrl)
  const text = docsPage(description)
  return routes
}
