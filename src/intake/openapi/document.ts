import type { z } from 'zod'
import { jsonSchemaOf } from '../http/json-schema.ts'
import type { Operation, OperationAnswer, Parameter } from '../http/operation.ts'
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
  readonly requestBody?: { readonly required: true; readonly description: string; readonly content: Content }
  readonly responses: Readonly<Record<string, DescribedAnswer>>
}

/** `x-item-schema` is of one line of NDJSON, or of the data of one event. */
interface MediaType {
  readonly schema: object
  readonly 'x-item-schema'?: object
}

type Content = Readonly<Record<string, MediaType>>

interface DescribedHeader {
  readonly description: string
  readonly schema: object
}

interface DescribedAnswer {
  readonly description: string
  readonly headers: Readonly<Record<string, DescribedHeader>>
  readonly content?: Content
}

/** The OpenAPI 3.1 description of the API. */
export interface Description {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>
  readonly components: object
}

/**
 * Describes routes from the same table that mounts them. Beside its own problems every operation may answer
 * invalid-option and internal-error; with a key those of keys and their limits; with a value in its path or a body bad-request.
 */
export function describeRoutes(routes: readonly Route[], publicUrl: string): Description {
  const paths: Record<string, Record<string, DescribedOperation>> = {}
  for (const { method, operations } of routes) {
    for (const [path, operation] of Object.entries(operations)) {
      paths[path] = { ...paths[path], [method]: describe(path, method, operation) }
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

function describe(path: string, method: Route['method'], operation: Operation): DescribedOperation {
  const { id, tag, summary, about, scope, parameters, body, answer, otherAnswers = [] } = operation
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathParameter(name))
  return {
    operationId: id,
    summary,
    description: scope === null || scope === 'any' ? about : `${about} Needs the scope ${scope}.`,
    tags: [tag],
    security: scope === null ? [] : [{ apiKey: [] }],
    parameters: [...inPath, ...parameters.map(describeParameter)],
    ...(body === null ? {} : { requestBody: describeBody(body) }),
    responses: {
      ...describeAnswers([answer, ...otherAnswers], scope !== null),
      ...describeProblems(problemsOf(path, method, operation), scope !== null),
    },
  }
}

/** What an operation may refuse with: its own problems and those that come with a key, a path or a body. */
function problemsOf(path: string, method: Route['method'], { scope, problems: own }: Operation): ProblemCode[] {
  const codes: ProblemCode[] = ['invalid-option', ...own, 'internal-error']
  if (path.includes('{') || method !== 'get') codes.push('bad-request')
  if (scope !== null) codes.push('no-api-key', 'bad-api-key', 'rate-limited', 'database-away')
  if (scope !== null && scope !== 'any') codes.push('scope-missing')
  if (scope === 'jobs:write' || scope === 'schedules:write') codes.push('sandbox-absent')
  return [...new Set(codes)]
}

function describeBody({ schema, maxBytes, mediaType, others = [] }: NonNullable<Operation['body']>) {
  const main = mediaType?.endsWith('ndjson') ? linesOf(schema, 'input') : { schema: jsonSchemaOf(schema, 'input') }
  const lines = others.map(other => [other.mediaType, linesOf(other.schema, 'input')] as const)
  return {
    required: true as const,
    description: `At most ${maxBytes} bytes.`,
    content: { [mediaType ?? 'application/json']: main, ...Object.fromEntries(lines) },
  }
}

function describeAnswers(answers: readonly OperationAnswer[], isKeyed: boolean): Record<string, DescribedAnswer> {
  const byStatus = Map.groupBy(answers, ({ status }) => status)
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => {
      const own = same
        .flatMap(({ headers = [] }) => headers)
        .map(({ name, about }) => [name, textHeader(about)] as const)
      return [
        status,
        {
          description: same.map(({ about }) => about).join(' Or: '),
          headers: { ...headersOf(isKeyed), ...Object.fromEntries(own) },
          ...(same.some(({ schema }) => schema !== null) ? { content: contentOf(same) } : {}),
        },
      ]
    }),
  )
}

function contentOf(answers: readonly OperationAnswer[]): Content {
  return Object.fromEntries(
    answers.flatMap(({ schema, mediaType }): [string, MediaType][] => {
      if (schema === null) return []
      if (typeof schema === 'string') return [[schema, { schema: { type: 'string' } }]]
      if (mediaType !== undefined) return [[mediaType, linesOf(schema, 'output')]]
      return [['application/json', { schema: jsonSchemaOf(schema, 'output') }]]
    }),
  )
}

/** OpenAPI 3.1 has no word for the items of a stream; 3.2 calls it itemSchema. */
function linesOf(schema: z.ZodType, io: 'input' | 'output'): MediaType {
  return { schema: { type: 'string' }, 'x-item-schema': jsonSchemaOf(schema, io) }
}

const pathWords: Readonly<Record<string, string>> = {
  id: 'Its id, a UUID.',
  name: 'The name of a job type.',
  key: 'The key of a schedule.',
  sync: 'The name of a sync.',
  user: 'The id of a user, as the platform has it.',
  place: 'The id of a place, as the platform has it.',
  amenity: 'The id of an amenity, as the platform has it.',
  booking: 'The id of a booking, as the platform has it.',
  payment: 'The id of a payment, as the platform has it.',
  token: 'The token of a device (Firebase Cloud Messaging).',
  entity: 'What it is about, such as booking:42.',
  code: 'The last part of the type of a problem.',
}

function pathParameter(name: string) {
  return { name, in: 'path', required: true, description: pathWords[name] ?? '', schema: { type: 'string' } }
}

function describeParameter({ name, in: place, about, schema, required = false }: Parameter) {
  return { name, in: place, required, description: about, schema: jsonSchemaOf(schema, 'input') }
}

function describeProblems(codes: readonly ProblemCode[], isKeyed: boolean): Record<string, DescribedAnswer> {
  const byStatus = Map.groupBy(codes, code => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: same.map(code => `${problems[code].title} (${code}).`).join(' '),
        headers: { ...headersOf(isKeyed), ...problemHeaders[status] },
        content: {
          'application/problem+json': {
            schema: {
              allOf: [{ $ref: '#/components/schemas/Problem' }],
              properties: { type: { enum: same.map(code => `/problems/${code}`) } },
            },
          },
        },
      },
    ]),
  )
}

function textHeader(description: string): DescribedHeader {
  return { description, schema: { type: 'string' } }
}

function headersOf(isKeyed: boolean): Record<string, DescribedHeader> {
  return isKeyed ? { ...everyAnswer, ...keyedAnswer } : everyAnswer
}

const everyAnswer = { 'X-Request-Id': textHeader('The id of the request in our log: yours, if you sent a UUID.') }
const keyedAnswer = {
  'RateLimit-Policy': textHeader('The limit of the key: "key";q=<requests>;w=<seconds>. Under a known key only.'),
  RateLimit: textHeader('What is left of it: "key";r=<requests>;t=<seconds until it is whole>.'),
}
const retryAfter = { 'Retry-After': textHeader('Seconds to wait; not with every problem of this status.') }
const problemHeaders: Readonly<Record<number, Record<string, DescribedHeader>>> = {
  401: { 'WWW-Authenticate': textHeader('How to ask (RFC 6750); not for signatures.') },
  403: { 'WWW-Authenticate': textHeader('The scope that is missing (RFC 6750).') },
  409: retryAfter,
  429: retryAfter,
  503: retryAfter,
}
