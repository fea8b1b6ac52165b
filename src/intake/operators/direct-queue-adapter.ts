import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { z } from 'zod'
import type { JobContract } from '../../../queues/define-job.ts'
import { redactPayload } from '../../observability/redact-payload.ts'
import type { CopyQueue } from '../../queue/backend.ts'

const directData = z.object({ direct: z.looseObject({ payload: z.looseObject({}) }) })

/** The queue of a job type that lives in BullMQ alone (durability `queue`), as BullMQ shows it; read-only for everybody. */
export class DirectQueueAdapter extends BullMQAdapter {
  constructor(queue: CopyQueue, contract: JobContract) {
    super(queue, { readOnlyMode: true, description: contract.about, delimiter: '.' })
    this.setFormatter('data', data => shownData(data, contract))
  }

  override get supportsGlobalRateLimit(): boolean {
    return false
  }
}

/** Whatever is marked or named as personal data stays out. */
function shownData(data: unknown, { payload }: JobContract): Record<string, unknown> {
  const { direct } = directData.parse(data)
  return { ...direct, payload: redactPayload(payload, direct.payload) }
}
