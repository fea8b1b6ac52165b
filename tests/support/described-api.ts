import { z } from 'zod'
import type { Answer, TestIntake } from './intake.ts'

const mediaType = z.looseObject({
  schema: z.looseObject({}),
  'x-item-schema': z.looseObject({}).optional(),
})
const parameter = z.looseObject({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.looseObject({}) })
const operation = z.looseObject({
  operationId: z.string(),
  description: z.string(),
  security: z.array(z.looseObject({})),
  parameters: z.array(parameter),
  requestBody: z.looseObject({ description: z.string(), content: z.record(z.string(), mediaType) }).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({
      headers: z.record(z.string(), z.unknown()),
      content: z.record(z.string(), mediaType).optional(),
    }),
  ),
})
const description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({
    schemas: z.looseObject({ Problem: z.looseObject({ properties: z.looseObject({}) }) }),
  }),
})
const problemTypes = z.looseObject({
  properties: z.looseObject({ type: z.looseObject({ enum: z.array(z.string()) }) }),
})

/** One operation, as its description alone tells it. */
export interface ApiOperation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly isKeyed: boolean
  /** Undefined when any key will do. */
  readonly scope: string | undefined
  readonly parameters: readonly z.output<typeof parameter>[]
  readonly body: { readonly maxBytes: number; readonly content: ReadonlyMap<string, object> } | undefined
  /** Every way it may answer: `200 application/json`, or the code of a problem. */
  readonly outcomes: ReadonlySet<string>
  /** Throws unless the answer is one of them, in all its parts. Answers which. */
  readonly check: (answer: Answer) => string
}

/** The operations of an intake, read from its own description. */
export async function describedOperations(intake: TestIntake): Promise<ApiOperation[]> {
  const { paths, components } = description.parse((await intake.send('GET', '/openapi.json')).json)
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => asOperation(path, method, told, components.schemas.Problem)),
  )
}

type Told = z.output<typeof operation>
type ProblemSchema = z.output<typeof description>['components']['schemas']['Problem']

function asOperation(path: string, method: string, told: Told, problem: ProblemSchema): ApiOperation {
  const checks = new Map<string, { readonly headers: ReadonlySet<string>; readonly parse: (text: string) => unknown }>()
  for (const [status, { headers, content = {} }] of Object.entries(told.responses)) {
    const names = new Set(Object.keys(headers).map(name => name.toLowerCase()))
    if (status === '204') checks.set(status, { headers: names, parse: text => z.literal('').parse(text) })
    for (const [type, { schema, 'x-item-schema': item }] of Object.entries(content)) {
      if (type === 'application/problem+json') {
        for (const uri of problemTypes.parse(schema).properties.type.enum) {
          const properties = { ...problem.properties, type: { const: uri }, status: { const: Number(status) } }
          checks.set(uri.replace('/problems/', ''), { headers: names, parse: whole({ ...problem, properties }) })
        }
      } else {
        const parse = item ? eachItem(item) : type === 'application/json' ? whole(schema) : (text: string) => text
        checks.set(`${status} ${type}`, { headers: names, parse })
      }
    }
  }
  return {
    id: told.operationId,
    method: method.toUpperCase(),
    path,
    isKeyed: told.security.length > 0,
    scope: /Needs the scope (\S+)\.$/.exec(told.description)?.[1],
    parameters: told.parameters,
    body: told.requestBody && {
      maxBytes: Number(/\d+/.exec(told.requestBody.description)?.[0]),
      content: new Map(
        Object.entries(told.requestBody.content).map(([type, media]) => [type, media['x-item-schema'] ?? media.schema]),
      ),
    },
    outcomes: new Set(checks.keys()),
    check(answer) {
      const label = labelOf(answer)
      const found = checks.get(label)
      if (!found) throw new Error(`${told.operationId} answered ${answer.status} ${label}, which is not described`)
      for (const name of answer.headers.keys()) {
        if (!transport.has(name) && !found.headers.has(name)) {
          throw new Error(`${told.operationId} answered ${label} with ${name}, which is not described`)
        }
      }
      if (!answer.headers.has('x-request-id')) throw new Error('an answer without X-Request-Id')
      found.parse(answer.text)
      return label
    },
  }
}

/** Headers that mean nothing to this API: of HTTP itself, and those that tell browsers what not to do. */
const transport = new Set(
  (
    'connection keep-alive date content-type content-length transfer-encoding etag vary cache-control allow x-accel-buffering ' +
    'content-security-policy cross-origin-opener-policy cross-origin-resource-policy origin-agent-cluster referrer-policy ' +
    'strict-transport-security x-content-type-options x-dns-prefetch-control x-download-options x-frame-options ' +
    'x-permitted-cross-domain-policies x-xss-protection'
  ).split(' '),
)

function labelOf({ status, headers, json }: Answer): string {
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  if (type !== 'application/problem+json') return `${status} ${type}`.trim()
  return z.string().parse(json['type']).replace('/problems/', '')
}

function whole(schema: Record<string, unknown>): (text: string) => unknown {
  const check = schemaOf(schema)
  return text => check.parse(JSON.parse(text))
}

/** Lines of NDJSON, or the data of events. */
function eachItem(schema: Record<string, unknown>): (text: string) => unknown {
  const check = schemaOf(schema)
  return text => {
    const lines = text.includes('data: ')
      ? [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data)
      : text.split('\n')
    for (const line of lines.filter(found => found !== '')) check.parse(JSON.parse(line))
  }
}

function schemaOf(schema: Record<string, unknown>): z.ZodType {
  return z.fromJSONSchema(z.custom<Parameters<typeof z.fromJSONSchema>[0]>().parse(schema))
}
