import { gzipSync } from 'node:zlib'
import { exampleOf } from '../../src/intake/openapi/example.ts'
import type { ApiOperation } from './described-api.ts'
import type { Answer, TestIntake } from './intake.ts'

/** A request, before anybody sends it. */
export interface Attempt {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

const examples: Readonly<Record<string, string>> = {
  id: '00000000-0000-7000-8000-000000000000',
  name: 'notifications.send',
  key: 'a-schedule',
  entity: 'booking:42',
  code: 'not-found',
}
/** Of the options that operations cannot do without. */
const optionExamples: Readonly<Record<string, string>> = { name: 'a-sync', version: '1' }
/** More is not sent to see it refused. */
const mostSentBytes = 33_554_432

/** The operation as a caller would first try it, with examples in all places. */
export function firstTry({ method, path, parameters, body }: ApiOperation): Attempt {
  const type = [...(body?.content.keys() ?? [])][0]
  const needed = parameters.filter(one => one.in === 'query' && one.required)
  const options = needed.map(({ name }) => `${name}=${optionExamples[name] ?? 'x'}`)
  return {
    method,
    path: [
      path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(examples[name] ?? 'x')),
      ...(options.length > 0 ? [options.join('&')] : []),
    ].join('?'),
    ...(body && type !== undefined
      ? { headers: { 'content-type': type }, body: JSON.stringify(exampleOf(body.content.get(type))) }
      : {}),
  }
}

/** What any caller of any operation may get wrong; each is refused by all that it concerns. */
export function mistakes(operation: ApiOperation): Attempt[] {
  const good = firstTry(operation)
  const wrong: Attempt[] = [{ ...good, path: `${good.path}${good.path.includes('?') ? '&' : '?'}nonsense=1` }]
  if (operation.path.includes('{')) wrong.push({ ...good, path: operation.path.replace(/\{\w+\}/g, '%ff') })
  if (operation.isKeyed) {
    wrong.push({ ...good, headers: { ...good.headers, authorization: '' } })
    wrong.push({ ...good, headers: { ...good.headers, authorization: 'Bearer of-nobody' } })
  }
  if (operation.parameters.some(({ name }) => name === 'Idempotency-Key')) {
    wrong.push({ ...good, headers: { ...good.headers, 'idempotency-key': 'two words' } })
  }
  const { body } = operation
  if (!body && operation.method !== 'GET') {
    wrong.push({ ...good, headers: { 'content-type': 'application/json' }, body: '{}' })
  }
  if (body) {
    const { headers = {} } = good
    wrong.push(
      { ...good, body: '{' },
      { ...good, body: '{"nobody_knows_this":1}' },
      { ...good, body: '[{"nobody_knows_this":1}]' },
      { ...good, headers: { ...headers, 'content-type': 'text/plain' } },
      { ...good, headers: { ...headers, 'content-encoding': 'compress' } },
      { ...good, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync('{}').subarray(0, 12) },
    )
    if (body.maxBytes <= mostSentBytes) wrong.push({ ...good, body: `"${'x'.repeat(body.maxBytes)}"` })
  }
  return wrong
}

/**
 * Sends it; once more when the connection was cut: on a busy machine a kept-alive connection may end in the instant it is
 * used again. What cuts it every time is a fault and thrown.
 */
export async function sendTo(intake: TestIntake, { method, path, body, headers = {} }: Attempt): Promise<Answer> {
  const send = () => intake.send(method, path, body, { ...headers })
  try {
    return await send()
  } catch {
    return await send()
  }
}
