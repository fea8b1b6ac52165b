import { jsonSchemaOf } from '../http/json-schema.ts'
import type { Operation, Parameter } from '../http/operation.ts'
import { type ProblemCode, problems } from '../http/problem.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { Route } from '../http/route.ts'

const apiVersion = '1.0.0'

/** One operation as OpenAPI 3.1 has it, as far as we write it. */
export interface DescribedOperation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters: readonly { name: string; in: string; required: boolean; description: string; schema: object }[]
  readonly requestBody?: { required: true; description: string; content: Record<string, { schema: object }> }
  readonly responses: Readonly<Record<string, { description: string; content: Record<string, { schema: object }> }>>
}

/** The OpenAPI 3.1 description of the API. */
export interface Description {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>
  readonly components: object
}

/** Describes routes from the same table that mounts them. */
export function describeRoutes(routes: readonly Route[], publicUrl: string): Description {
  const paths: Record<string, Record<string, DescribedOperation>> = {}
  for (const { method, operations } of routes) {
    for (const [path, operation] of Object.entries(operations)) {
      paths[path] = { ...paths[path], [method]: describe(path, operation) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'hbnb-jobs',
      version: apiVersion,
      description:
        'Background jobs of the HBNB platform. What is answered 202 is committed and not lost. Refusals are ' +
        'application/problem+json (RFC 9457); every answer carries an X-Request-Id.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: hbnb_…' } },
      schemas: { Problem: jsonSchemaOf(problemSchema, 'output') },
    },
  }
}

function describe(path: string, operation: Operation): DescribedOperation {
  const { id, tag, summary, about, scope, parameters, body, answer } = operation
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathParameter(name))
  return {
    operationId: id,
    summary,
    description: scope === null ? about : `${about} Needs the scope ${scope}.`,
    tags: [tag],
    security: scope === null ? [] : [{ apiKey: [] }],
    parameters: [...inPath, ...parameters.map(describeParameter)],
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: true as const,
            description: `At most ${body.maxBytes} bytes.`,
            content: { 'application/json': { schema: jsonSchemaOf(body.schema, 'input') } },
          },
        }),
    responses: {
      [answer.status]: { description: answer.about, content: contentOf(answer.schema) },
      ...describeProblems([...operation.problems, 'internal-error']),
    },
  }
}

function contentOf(schema: Operation['answer']['schema']): Record<string, { schema: object }> {
  if (typeof schema === 'string') return { [schema]: { schema: { type: 'string' } } }
  return { 'application/json': { schema: jsonSchemaOf(schema, 'output') } }
}

function pathParameter(name: string) {
  return { name, in: 'path', required: true, description: '', schema: { type: 'string' } }
}

function describeParameter({ name, in: place, about, schema, required = false }: Parameter) {
  return { name, in: place, required, description: about, schema: jsonSchemaOf(schema, 'input') }
}

function describeProblems(codes: readonly ProblemCode[]): DescribedOperation['responses'] {
  const byStatus = Map.groupBy(codes, code => problems[code].status)
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      { description: same.map(code => `${problems[code].title} (${code}).`).join(' '), content },
    ]),
  )
}
