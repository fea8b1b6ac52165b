import type { Answers } from './answers.ts'
import { read } from './read.ts'
import type { JobName, PayloadOf } from './shapes.ts'
import type { CallOptions, Transport } from './transport.ts'

export type OpenBatch = Answers['POST /v1/batches'][201]
export type Batch = Answers['GET /v1/batches/{id}'][200]

export interface NewBatch {
  /** Made once, when the batch is closed and all its jobs have ended. */
  readonly whenDone?: { [N in JobName]: { readonly name: N; readonly payload: PayloadOf<N> } }[JobName] | undefined
  readonly entity?: string | undefined
  /** For people: what this is. */
  readonly about?: string | undefined
}

/** Jobs that are counted together: open a batch, make jobs with its id as `batch`, close it. */
export function batchesOf(transport: Transport) {
  return {
    async open({ whenDone, entity, about }: NewBatch = {}, options?: CallOptions): Promise<OpenBatch> {
      const body = JSON.stringify({ when_done: whenDone, entity, about })
      const idempotencyKey = crypto.randomUUID()
      const call = { method: 'POST', path: '/v1/batches', body, repeat: 'safe', idempotencyKey } as const
      return await read(transport, call, options)
    },
    /** No more jobs are taken. Closing twice is closing once. */
    close: async (id: string, options?: CallOptions): Promise<Batch> =>
      await read(transport, { method: 'POST', path: `${pathOf(id)}/close`, repeat: 'safe' }, options),
    get: async (id: string, options?: CallOptions): Promise<Batch> =>
      await read(transport, { method: 'GET', path: pathOf(id), repeat: 'safe' }, options),
  }
}

function pathOf(id: string): string {
  return `/v1/batches/${encodeURIComponent(id)}`
}
