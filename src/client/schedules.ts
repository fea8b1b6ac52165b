import type { Answers } from './answers.ts'
import { queryOf } from './job-options.ts'
import { read } from './read.ts'
import type { JobName, PayloadOf } from './shapes.ts'
import type { Call, CallOptions, Transport } from './transport.ts'

export type Schedule = Answers['GET /v1/schedules/{key}'][200]

type Definition<N extends JobName> = {
  readonly name: N
  readonly payload: PayloadOf<N>
  /** Five or six fields, seconds first. */
  readonly cron: string
  /** IANA zone in which the cron is read. */
  readonly zone: string
  readonly missed: 'skip' | 'once' | { readonly all: number }
  readonly overlap: 'skip' | 'queue'
}

/** A job that repeats. */
export type ScheduleDefinition = { [N in JobName]: Definition<N> }[JobName]

/** Schedules of the API; those of job types are seen but not changed here. */
export function schedulesOf(transport: Transport) {
  const call = async <T>(
    method: Call['method'],
    path: string,
    repeat: Call['repeat'],
    options?: CallOptions,
  ): Promise<T> => await read(transport, { method, path, repeat }, options)
  return {
    /** All of them, by key; pages are fetched as they are needed. */
    async *list(options?: CallOptions): AsyncGenerator<Schedule, void, undefined> {
      let cursor: string | undefined
      do {
        const path = `/v1/schedules${queryOf({ cursor })}`
        const page = await call<Answers['GET /v1/schedules'][200]>('GET', path, 'safe', options)
        yield* page.schedules
        cursor = page.next_cursor ?? undefined
      } while (cursor !== undefined)
    },
    get: async (key: string, options?: CallOptions): Promise<Schedule> =>
      await call('GET', pathOf(key), 'safe', options),
    /** Makes or changes one; the same definition again changes nothing. */
    async put(key: string, definition: ScheduleDefinition, options?: CallOptions): Promise<Schedule> {
      const body = JSON.stringify(definition)
      return await read(transport, { method: 'PUT', path: pathOf(key), body, repeat: 'safe' }, options)
    },
    async remove(key: string, options?: CallOptions): Promise<void> {
      await call('DELETE', pathOf(key), 'safe', options)
    },
    /** Makes its job now. After a lost answer it is not repeated by itself. */
    run: async (key: string, options?: CallOptions): Promise<Answers['POST /v1/schedules/{key}/run'][202]> =>
      await call('POST', `${pathOf(key)}/run`, 'once', options),
    pause: async (key: string, options?: CallOptions): Promise<Schedule> =>
      await call('POST', `${pathOf(key)}/pause`, 'safe', options),
    resume: async (key: string, options?: CallOptions): Promise<Schedule> =>
      await call('POST', `${pathOf(key)}/resume`, 'safe', options),
    /** The next slots, at most 100. */
    preview: async (
      key: string,
      { count, ...options }: CallOptions & { readonly count?: number } = {},
    ): Promise<Answers['GET /v1/schedules/{key}/preview'][200]> =>
      await call('GET', `${pathOf(key)}/preview${queryOf({ count })}`, 'safe', options),
  }
}

function pathOf(key: string): string {
  return `/v1/schedules/${encodeURIComponent(key)}`
}
