import type { Knex } from 'knex'
import contract from '../../queues/notifications/request-reviews.ts'
import sendNotification from '../../queues/notifications/send.ts'
import { countDepartures, type Departure, findDepartures } from '../../src/db/departures.ts'
import { noteAsked } from '../../src/db/review-requests.ts'
import { statementsIn } from '../../src/db/statement.ts'
import { askingDays, isReviewDue } from '../../src/domain/notifications/review-request.ts'
import { isZone } from '../../src/domain/schedules/zone.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import { type NewJob, newJob } from '../../src/ledger/new-job.ts'
import { process } from '../runtime/process.ts'

const departuresPerPage = 500
const dayMs = 86_400_000

export default process(contract, async ({ at }, { db, job, transaction, signal, log, progress }) => {
  const now = new Date(at)
  // A place may be a day behind UTC, or a day ahead of it.
  const days = { from: dayBefore(now, askingDays + 1), to: dayBefore(now, 0) }
  const total = await countDepartures(db, days)
  let looked = 0
  let asked = 0
  let last: Departure | undefined
  for (;;) {
    signal.throwIfAborted()
    const departures = await findDepartures(db, days, departuresPerPage, last)
    last = departures.at(-1)
    if (last === undefined) return { asked }
    for (const { id, zone } of departures.filter(departure => !isZone(departure.zone))) {
      log.warn('no review is asked for: the zone of the place is not known', { booking_id: id, zone })
    }
    const due = departures.filter(({ check_out, zone }) => isZone(zone) && isReviewDue(check_out, zone, now))
    if (due.length > 0) asked += await transaction(tx => ask(tx, job.id, due))
    looked += departures.length
    progress(looked, Math.max(looked, total), 'stays')
  }
})

/** Once for each stay: the event that it is completed asks as well, before us or after us. */
async function ask(tx: Knex.Transaction, jobId: string, departures: readonly Departure[]): Promise<number> {
  const notAsked = await noteAsked(
    tx,
    departures.map(({ id }) => id),
  )
  const requests = departures.filter(({ id }) => notAsked.has(id)).map(departure => request(jobId, departure))
  return (await acceptJobs(statementsIn(tx), requests)).size
}

function request(parentId: string, { id: booking_id, guest_id: user_id }: Departure): NewJob {
  const payload = { user_id, template: 'stay-completed', booking_id } as const
  const about = { entity: `booking:${booking_id}`, tags: ['review'] }
  const id = childJobId(parentId, booking_id)
  return { ...newJob(sendNotification, payload, { ...about, id }), parentId, childKey: booking_id }
}

function dayBefore(instant: Date, days: number): string {
  return new Date(instant.getTime() - days * dayMs).toISOString().slice(0, 10)
}
