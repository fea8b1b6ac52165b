import { v7 } from 'uuid'
import contract from '../../queues/notifications/send-reminders.ts'
import sendNotification from '../../queues/notifications/send.ts'
import { type Arrival, countArrivals, findArrivals } from '../../src/db/arrivals.ts'
import { firstReminderAt, isReminderDue } from '../../src/domain/notifications/reminder.ts'
import { instantAt } from '../../src/domain/schedules/instant-at.ts'
import { isZone } from '../../src/domain/schedules/zone.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import { type NewJob, newJob } from '../../src/ledger/new-job.ts'
import { process } from '../runtime/process.ts'

const arrivalsPerPage = 500
const dayMs = 86_400_000
/** The day after any zone's today is one of UTC's today and the two days that follow. */
const daysAhead = 2

export default process(contract, async ({ at }, { db, job, ledger, signal, log, progress }) => {
  const now = new Date(at)
  const days = { from: dayOf(now), to: dayOf(new Date(now.getTime() + daysAhead * dayMs)) }
  const total = await countArrivals(db, days)
  let looked = 0
  let made = 0
  let last: Arrival | undefined
  for (;;) {
    signal.throwIfAborted()
    const arrivals = await findArrivals(db, days, arrivalsPerPage, last)
    last = arrivals.at(-1)
    if (last === undefined) return { made }
    for (const { id, zone } of arrivals.filter(arrival => !isZone(arrival.zone))) {
      log.warn('no reminder: the zone of the place is not known', { booking_id: id, zone })
    }
    const due = arrivals.filter(({ check_in, zone }) => isZone(zone) && isReminderDue(check_in, zone, now))
    made += (
      await acceptJobs(
        ledger,
        due.map(arrival => reminder(job.id, arrival)),
      )
    ).size
    looked += arrivals.length
    progress(looked, Math.max(looked, total), 'stays')
  }
})

/** A reminder of one stay. The same booking and check-in make the same job, so it is sent once however often it is found. */
function reminder(parentId: string, arrival: Arrival): NewJob {
  const { id: booking_id, guest_id: user_id, check_in, check_in_time, zone } = arrival
  const payload = { user_id, template: 'check-in-reminder', booking_id } as const
  const day = v7({ msecs: firstReminderAt(check_in), seq: 0, random: new Uint8Array(16) })
  const made = newJob(sendNotification, payload, {
    id: childJobId(day, `check-in-reminder ${booking_id}`),
    entity: `booking:${booking_id}`,
    tags: ['reminder'],
    expiresAt: instantAt(check_in, check_in_time, zone),
  })
  return { ...made, parentId, childKey: booking_id }
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}
