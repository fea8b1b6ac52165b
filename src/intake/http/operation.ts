import type { z } from 'zod'
import type { Scope } from '../../db/api-keys.ts'
import type { ProblemCode } from './problem.ts'

/** A query option or header of an operation; path parameters are read off the path. */
export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'header'
  readonly about: string
  readonly schema: z.ZodType
  readonly required?: boolean
}

/** What one operation takes and answers, for the OpenAPI document. */
export interface Operation {
  readonly id: string
  readonly tag: 'jobs' | 'webhooks' | 'operations'
  readonly summary: string
  readonly about: string
  /** The scope its API key needs; null: no key. */
  readonly scope: Scope | null
  readonly parameters: readonly Parameter[]
  /** The JSON body it takes; null: none. */
  readonly body: { readonly schema: z.ZodType; readonly maxBytes: number } | null
  readonly answer: {
    readonly status: 200 | 202
    readonly about: string
    /** A schema of JSON, or the media type of anything else. */
    readonly schema: z.ZodType | string
  }
  readonly problems: readonly ProblemCode[]
}
