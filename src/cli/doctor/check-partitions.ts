import { dayMs, listWeeks } from '../../ledger/partitions.ts'
import { type Check, finder } from './finding.ts'

/** Four weeks are made ahead; the relay looks every ten minutes. */
const leastAheadMs = 7 * dayMs

const { bad, warning } = finder('partitions')

/** Whether the weeks to come have their partitions: without, jobs fall into the default one, which is slower. */
export const checkPartitions: Check = async ({ knex, now }) => {
  const until = Math.max(0, ...(await listWeeks(knex)).map(({ toMs }) => toMs))
  const cure = 'npm run migrate; a running relay keeps four weeks ahead'
  if (until <= now()) return [bad('there is no partition for the running week', cure)]
  if (until < now() + leastAheadMs) return [warning('there is no partition for next week', cure)]
  return []
}
