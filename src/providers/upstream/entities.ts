import { z } from 'zod'
import { entityKinds, type EntityOf } from '../../domain/platform/kinds.ts'
import { PermanentError } from '../../errors.ts'
import type { EntitySource, FetchableKind } from '../entity-source.ts'
import type { ProviderCall } from '../provider-call.ts'
import { retryAfterMs } from '../retry-after.ts'
import { translate } from './errors.ts'

/** Far above any entity that its schema takes. */
const maxAnswerBytes = 1_048_576
const paths = { user: 'users', place: 'places', booking: 'bookings', payment: 'payments' } as const

export interface UpstreamOptions {
  /** Without a closing slash. */
  readonly baseUrl: string
  readonly apiKey: string
}

/** The platform's own API: `GET {baseUrl}/bookings/42` answers the entity as JSON, 404 when there is none. */
export function upstreamEntities({ baseUrl, apiKey }: UpstreamOptions): EntitySource {
  return {
    async find<Kind extends FetchableKind>(kind: Kind, id: string, call: ProviderCall) {
      // In a URL these two mean a folder, however they are written.
      if (id === '.' || id === '..') return null
      const answer = await ask(`${baseUrl}/${paths[kind]}/${encodeURIComponent(id)}`, apiKey, call)
      return answer === null ? null : entityIn(answer, kind, id)
    },
  }
}

/** The body of a good answer; null when there is no such entity, or no longer. */
async function ask(url: string, apiKey: string, call: ProviderCall): Promise<string | null> {
  const headers = { Accept: 'application/json', Authorization: `Bearer ${apiKey}` }
  const inTime = AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)])
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: inTime })
    const { status } = response
    if (status === 200) return await bodyOf(response)
    await response.body?.cancel()
    if (status === 404 || status === 410) return null
    const waitMs = retryAfterMs(Object.fromEntries(response.headers), new Date())
    throw translate({ status, retryAfterMs: waitMs, outOfTime: false })
  } catch (error) {
    if (error instanceof TypeError || inTime.aborted) {
      throw translate({ status: null, retryAfterMs: null, outOfTime: inTime.aborted })
    }
    throw error
  }
}

async function bodyOf(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxAnswerBytes) throw new PermanentError('upstream-odd-answer', 'The answer is larger than any entity.')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

const anyObject = z.record(z.string(), z.unknown())

/** Fields we do not know are left out: the platform's API serves others too. Throws naming the fields, never their values. */
function entityIn<Kind extends FetchableKind>(text: string, kind: Kind, id: string): EntityOf<Kind> {
  const told = anyObject.safeParse(parsed(text)).data
  if (!told) throw new PermanentError('upstream-odd-answer', `The answer is no ${kind}: it is no JSON object.`)
  if (told.id !== undefined && told.id !== id) {
    throw new PermanentError('upstream-odd-answer', `The answer is another ${kind} than the one asked for.`)
  }
  const schema = entityKinds[kind]
  const known = Object.fromEntries(Object.entries(told).filter(([name]) => name in schema.shape))
  const { data, error } = schema.safeParse(known)
  if (error) {
    const fields = [...new Set(error.issues.map(({ path }) => path.join('.')))].join(', ')
    throw new PermanentError('upstream-odd-answer', `The answer is no ${kind} as we know it: ${fields}.`)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The kind's own schema has parsed it.
  return data as EntityOf<Kind>
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
