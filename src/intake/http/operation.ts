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

/** A header of an answer, beside those that every answer has. */
export interface AnswerHeader {
  readonly name: string
  readonly about: string
}

/** One way an operation succeeds. */
export interface OperationAnswer {
  readonly status: 200 | 201 | 202 | 204
  readonly about: string
  /** A schema of JSON; or the media type of a text; null: no content. */
  readonly schema: z.ZodType | string | null
  /** What `schema` is sent as, where that is not application/json: of NDJSON and event streams it describes one line or event's data. */
  readonly mediaType?: string
  readonly headers?: readonly AnswerHeader[]
}

/** What one operation takes and answers, for the OpenAPI document. */
export interface Operation {
  readonly id: string
  readonly tag:
    | 'jobs'
    | 'batches'
    | 'mirror'
    | 'stories'
    | 'schedules'
    | 'keys'
    | 'notifications'
    | 'webhooks'
    | 'inbox'
    | 'operations'
  readonly summary: string
  readonly about: string
  /** The scope its API key needs; any: every key will do; null: no key. */
  readonly scope: Scope | 'any' | null
  readonly parameters: readonly Parameter[]
  /** The JSON body it takes, and other media types whose schema describes one line; null: none. */
  readonly body: {
    readonly schema: z.ZodType
    readonly maxBytes: number
    /** What alone it is sent as, where that is not application/json: of NDJSON `schema` describes one line, of a form its fields. */
    readonly mediaType?: string
    readonly others?: readonly { readonly mediaType: string; readonly schema: z.ZodType }[]
  } | null
  readonly answer: OperationAnswer
  /** Further ways to succeed; those of one status are told by their media type. */
  readonly otherAnswers?: readonly OperationAnswer[]
  /** What it refuses with, beside what all operations may: see `describeRoutes`. */
  readonly problems: readonly ProblemCode[]
}
