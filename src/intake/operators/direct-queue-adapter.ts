import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { z } from 'zod'
import type { JobContract } from '../../../queues/define-job.ts'
import { redactFields } from '../../observability/redact.ts'
import type { CopyQueue } from '../../queue/backend.ts'

const directData = z.object({ direct: z.looseObject({ payload: z.looseObject({}) }) })

/** The queue of a job type that lives in BullMQ alone (durability `queue`), as BullMQ shows it; read-only for everybody. */
export class DirectQueueAdapter extends BullMQAdapter {
  constructor(queue: CopyQueue, contract: JobContract) {
    super(queue, { readOnlyMode: true, description: contract.about, delimiter: '.' })
    this.setFormatter('data', shownData)
  }

  override get supportsGlobalRateLimit(): boolean {
    return false
  }
}

/** Whatever is named like personal data stays out. */
function shownData(data: unknown): Record<string, unknown> {
  const { direct } = directData.parse(data)
  return { ...direct, payload: redactFields(direct.payload) }
}
