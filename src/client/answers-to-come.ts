import type { Answers as Described } from './answers.ts'
import type { Job, JobState } from './shapes.ts'

/** Answers of operations that the description does not have yet. */
interface ToCome {
  'POST /v1/jobs/{name}': {
    readonly 200: {
      readonly dry_run: true
      readonly name: string
      readonly payload: unknown
      readonly options: Readonly<Record<string, unknown>>
      readonly durability: 'ledger' | 'queue'
    }
  }
  'GET /v1/jobs': {
    readonly 200: {
      readonly jobs: readonly {
        readonly id: string
        readonly name: string
        readonly state: JobState
        readonly attempts: number
        readonly accepted_at: string
        readonly run_at: string
        readonly finished_at: string | null
        readonly entity: string | null
        readonly tags: readonly string[]
        readonly error: Job['error']
        readonly reason: string | null
        readonly tenant: string
        readonly batch: string | null
        readonly links: { readonly self: string }
      }[]
      readonly next_cursor: string | null
    }
  }
  'POST /v1/jobs/{id}/cancel': {
    readonly 200: { readonly id: string; readonly state: 'cancelled' }
    readonly 202: { readonly id: string; readonly state: 'active'; readonly cancel_requested: true }
  }
  'POST /v1/jobs/{id}/retry': { readonly 202: { readonly id: string; readonly state: 'waiting' } }
  'POST /v1/batches': {
    readonly 201: { readonly id: string; readonly state: 'open'; readonly links: { readonly self: string } }
  }
  'GET /v1/batches/{id}': {
    readonly 200: {
      readonly id: string
      readonly state: 'open' | 'closed' | 'done'
      readonly about: string | null
      readonly entity: string | null
      readonly total: number
      readonly open: number
      readonly completed: number
      readonly skipped: number
      readonly failed: number
      readonly cancelled: number
      readonly progress: number
      readonly created_at: string
      readonly closed_at: string | null
      readonly done_at: string | null
      readonly when_done: { readonly name: string; readonly job_id: string | null } | null
    }
  }
  'GET /v1/stories/{entity}': {
    readonly 200: {
      readonly entity: string
      readonly summary: string
      readonly moments: readonly Readonly<Record<string, unknown>>[]
    }
  }
  'GET /v1/schedules': { readonly 200: { readonly schedules: readonly Readonly<Record<string, unknown>>[] } }
  'GET /v1/schedules/{key}': { readonly 200: Readonly<Record<string, unknown>> & { readonly key: string } }
  'POST /v1/schedules/{key}/run': { readonly 202: { readonly id: string } }
  'GET /v1/schedules/{key}/preview': { readonly 200: Readonly<Record<string, unknown>> }
  'GET /v1/keys/self': {
    readonly 200: {
      readonly id: string
      readonly name: string
      readonly tenant: string
      readonly scopes: readonly string[]
      readonly test: boolean
      readonly expires_at: string | null
      readonly rate_limit: unknown
    }
  }
}

export type Answers = Described & ToCome
