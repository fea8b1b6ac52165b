import notificationsSend from '../../queues/notifications/send.ts'
import { loadCatalog } from '../../queues/catalog.ts'
import type { Role } from '../../src/db/operators.ts'
import { declareJobTypes } from '../../src/ledger/job-types.ts'
import { putSchedule } from '../../src/ledger/schedules/put-schedule.ts'
import { listSettings } from '../../src/ledger/settings.ts'
import { endAs, givenOpen } from './given-job.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { signedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

export const queueName = notificationsSend.name
export const scheduleKey = 'nightly-notice'
export const goodPayload = { user_id: 'user-7', template: 'booking-confirmation', booking_id: '42' } as const

/** One job in each state that buttons are about. */
export interface BoardJobs {
  readonly failed: string
  readonly completed: string
  readonly planned: string
  readonly waiting: string
}

/** A site with people of every role who have Bull Board open. */
export interface BoardWorld {
  readonly site: OperatorSite
  readonly people: Readonly<Record<Role, Visitor>>
  givenJobs(): Promise<BoardJobs>
  /** What the ledger says about these jobs and everything else a button could change, one line each. */
  ledger(jobs: BoardJobs): Promise<string[]>
  /** The audit entries written since the last look, oldest first. */
  newAudit(): Promise<{ actor: string; action: string; target: string; detail: Record<string, unknown> }[]>
  close(): Promise<void>
}

const hourMs = 3_600_000

export async function startBoardWorld(): Promise<BoardWorld> {
  const site = await startOperatorSite()
  const { knex, run } = site.database
  const catalog = await loadCatalog()
  await declareJobTypes(run, catalog)
  await site.backend.check()
  const definition = {
    job: queueName,
    cron: '0 3 * * *',
    zone: 'Europe/Paris',
    missed: 'skip',
    overlap: 'skip',
    payload: goodPayload,
  }
  await putSchedule(knex, catalog, { key: scheduleKey, definition })
  const people = {
    viewer: await signedIn(site, 'viewer'),
    operator: await signedIn(site, 'operator'),
    admin: await signedIn(site, 'admin'),
  }
  for (const visitor of Object.values(people)) await visitor.get('/admin/queues')
  let seen = 0

  return {
    site,
    people,
    async givenJobs() {
      const open = (runAt: Date | null = null) => givenOpen(site.database, notificationsSend, goodPayload, { runAt })
      const [failed, completed] = [await open(), await open()]
      await endAs(site.database, failed, 'failed')
      await endAs(site.database, completed, 'completed')
      return { failed, completed, planned: await open(new Date(Date.now() + hourMs)), waiting: await open() }
    },
    async ledger(jobs) {
      const names = new Map(Object.entries(jobs).map(([name, id]) => [id, name]))
      const rows = await knex('hbnb_jobs.jobs as j')
        .leftJoin('hbnb_jobs.job_live as l', 'l.id', 'j.id')
        .leftJoin('hbnb_jobs.job_outcomes as o', 'o.id', 'j.id')
        .select(
          'j.id',
          'j.payload',
          'o.outcome',
          knex.raw(`l.state || case when l.run_at > now() then ' later' else '' end as live`),
        )
      const settings = await listSettings(run)
      return [
        ...rows.map(
          row => `${names.get(row.id) ?? 'another job'} ${row.outcome ?? row.live} ${JSON.stringify(row.payload)}`,
        ),
        ...settings.map(
          ({ name, pausedAt, ...rest }) =>
            `${name} ${pausedAt ? 'paused' : 'open'} ${rest.pausedBy} ${rest.concurrency} ${rest.rateMax}`,
        ),
        ...(await knex('hbnb_jobs.schedules').select('key', 'cron', 'removed_at')).map(row => JSON.stringify(row)),
        ...(await queueLines(site)),
      ].toSorted()
    },
    async newAudit() {
      const rows = await knex('hbnb_jobs.audit_log').where('id', '>', seen).orderBy('id')
      seen = Number(rows.at(-1)?.id ?? seen)
      return rows
    },
    close: () => site.close(),
  }
}

/** BullMQ's own state of the queue, which nothing here may touch. */
async function queueLines({ backend }: OperatorSite): Promise<string[]> {
  const queue = backend.queue(queueName)
  return [
    `queue counts ${JSON.stringify(await queue.getJobCounts())}`,
    `queue paused ${await queue.isPaused()} ${await queue.getGlobalConcurrency()} ${JSON.stringify(await queue.getGlobalRateLimit())}`,
  ]
}
