import type { Knex } from 'knex'
import sendNotification from '../../queues/notifications/send.ts'
import { statementsIn } from '../../src/db/statement.ts'
import { cancelJob } from '../../src/ledger/cancel.ts'

const reminderTag = 'reminder'
const reminderTemplate = 'check-in-reminder'

/** Cancels the reminders about a booking that have not started yet; those under way look at the booking themselves. */
export async function cancelReminders(tx: Knex.Transaction, bookingId: string): Promise<number> {
  const waiting = await tx('hbnb_jobs.jobs as j')
    .join('hbnb_jobs.job_live as l', 'l.id', 'j.id')
    .where({ 'j.entity': `booking:${bookingId}`, 'j.name': sendNotification.name })
    .whereIn('l.state', ['accepted', 'queued'])
    .whereRaw(`(j.tags @> array[?] or j.payload ->> 'template' = ?)`, [reminderTag, reminderTemplate])
    .orderBy('j.id')
    .pluck<string[]>('j.id')
  const run = statementsIn(tx)
  let cancelled = 0
  for (const id of waiting) {
    if ((await cancelJob(run, id, { reason: 'the booking was cancelled' })) === 'cancelled') cancelled += 1
  }
  return cancelled
}
