import type { Request } from 'express'
import type { z } from 'zod'
import { platformId } from '../../../domain/platform/parts.ts'
import { MirrorIsView } from '../../../mirror/expect-tables.ts'
import type { Authorize } from '../../auth/authorize.ts'
import { fieldFaults } from '../../http/pointer.ts'
import { Problem } from '../../http/problem.ts'
import { harmlessAgain, storing } from '../../http/storing.ts'
import type { StrictJson } from '../../http/strict-json.ts'

/** Lets callers change the mirror who may. What everybody reads is not changed by a test: throws live-only for test keys. */
export async function authorizeWrite(authorize: Authorize, request: Request): Promise<void> {
  const caller = await authorize(request, 'platform:write')
  if (caller.test) throw new Problem('live-only', { detail: 'tell the mirror with a live key' })
}

/** An id of the platform in the path of a request that writes. Throws invalid-entity. */
export function expectId(request: Request, parameter: string): string {
  return expectInPath(request, parameter, platformId)
}

/** A parameter of the path by its schema. Throws invalid-entity, which names it. */
export function expectInPath(request: Request, parameter: string, schema: z.ZodType<string>): string {
  const { data, error } = schema.safeParse(request.params[parameter])
  if (data !== undefined) return data
  const errors = (error?.issues ?? []).map(({ code, message }) => ({ field: parameter, rule: asRule(code), message }))
  throw new Problem('invalid-entity', { errors })
}

/** What a body is by its schema. Throws invalid-entity, which names each field. */
export function expectEntity<Schema extends z.ZodType>(schema: Schema, body: StrictJson): z.output<Schema> {
  const parsed = schema.safeParse(body.value)
  if (parsed.success && body.faults.length === 0) return parsed.data
  throw new Problem('invalid-entity', {
    errors: [...body.faults, ...fieldFaults(parsed.error?.issues ?? [], body.value)],
  })
}

/** Runs what writes to the mirror. Throws mirror-is-a-view. */
export async function writing<T>(write: () => Promise<T>): Promise<T> {
  return await storing(harmlessAgain, write).catch((error: unknown) => {
    if (!(error instanceof MirrorIsView)) throw error
    throw new Problem('mirror-is-a-view', { detail: `${error.message}: change its own tables instead` })
  })
}

function asRule(code: string): string {
  return code.replaceAll('_', '-')
}
