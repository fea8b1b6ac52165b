import { expect, test } from 'vitest'
import { type KeptDelivery, standingOf } from '../../../src/domain/notifications/delivery-state.ts'

const usual: KeptDelivery = {
  decision: 'send',
  reason: null,
  jobState: 'completed',
  jobReason: null,
  effects: ['accepted'],
  providerStatus: null,
}

// biome-ignore format: a table reads best with one case per line
const table: readonly (readonly [string, Partial<KeptDelivery>, string])[] = [
  ['not decided for', { decision: 'suppress', reason: 'bounced', jobState: null, effects: [] }, 'suppressed false bounced'],
  ['put off', { decision: 'defer', reason: 'quiet-hours', jobState: 'scheduled', effects: [] }, 'deferred null quiet-hours'],
  ['put off and due', { decision: 'defer', reason: 'quiet-hours', jobState: 'waiting', effects: [] }, 'waiting null'],
  ['not begun', { jobState: 'waiting', effects: [] }, 'waiting null'],
  ['tried again', { jobState: 'retrying', effects: ['reserved'] }, 'waiting null'],
  ['taken', {}, 'sent true'],
  ['taken before its process died', { jobState: 'active' }, 'sent true'],
  ['taken, though its job was skipped on the next look', { jobState: 'skipped', jobReason: 'expired' }, 'sent true'],
  ['taken for one device of two', { effects: ['rejected', 'accepted'] }, 'sent true'],
  ['taken, and older than what the ledger keeps', { jobState: null }, 'sent true'],
  ['delivered', { providerStatus: 'delivered' }, 'delivered true'],
  ['opened', { providerStatus: 'open' }, 'delivered true'],
  ['come back', { providerStatus: 'bounce' }, 'failed false'],
  ['not on any phone', { providerStatus: 'undelivered' }, 'failed false'],
  ['in doubt', { jobState: 'parked', effects: ['unknown'] }, 'unknown null'],
  ['in doubt for good', { effects: ['unknown'] }, 'unknown null'],
  ['refused', { jobState: 'failed', effects: ['rejected'] }, 'failed false'],
  ['refused by every device', { effects: ['rejected', 'rejected'] }, 'failed false'],
  ['not sent in the end', { jobState: 'skipped', jobReason: 'read-already', effects: [] }, 'skipped false read-already'],
  ['about what has changed', { jobState: 'skipped', jobReason: 'it was paid meanwhile', effects: [] }, 'skipped false moot'],
  ['taken back', { jobState: 'cancelled', jobReason: 'its sender has taken it back', effects: [] }, 'cancelled false cancelled'],
  ['quarantined', { jobState: 'quarantined', effects: [] }, 'failed false'],
  ['forgotten', { jobState: null, effects: [] }, 'unknown null'],
]

test.each(table)('%s', (_, kept, expected) => {
  const { state, isSent, reason } = standingOf({ ...usual, ...kept })
  expect(
    [state, isSent, reason]
      .filter((word, index) => index < 2 || word !== null)
      .map(String)
      .join(' '),
  ).toBe(expected)
})
