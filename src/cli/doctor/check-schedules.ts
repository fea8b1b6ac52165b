import { isZone } from '../../domain/schedules/zone.ts'
import { InvalidCron, readCron } from '../../ledger/schedules/read-cron.ts'
import { type Check, type Finding, finder } from './finding.ts'

/** Relays look five times a second; a schedule that could not be decided is set aside for a minute. */
const overdueMs = 180_000
const manySkips = 3

const { bad, warning } = finder('schedules')

const schedulesStatement = {
  name: 'doctor-schedules',
  text: `
    select s.key, s.job_name as job, s.source, s.cron, s.zone, s.overlap_skips as "overlapSkips",
           s.paused_at is null and s.look_at < now() - $1 * interval '1 ms' as "isOverdue",
           (select r.decision from hbnb_jobs.schedule_runs r where r.schedule_key = s.key order by r.slot desc limit 1) as last
    from hbnb_jobs.schedules s where s.removed_at is null order by s.key`,
}

interface Row {
  readonly key: string
  readonly job: string
  readonly source: 'contract' | 'api'
  readonly cron: string
  readonly zone: string
  readonly overlapSkips: number
  readonly isOverdue: boolean
  readonly last: string | null
}

/** Schedules that cannot be read, whose time has passed undecided, or that never get to run. */
export const checkSchedules: Check = async ({ run, catalog }) => {
  const rows = await run<Row>(schedulesStatement, [overdueMs])
  return rows.flatMap(row => {
    const pause = `npm run jobs -- schedules pause ${row.key}`
    if (!catalog.has(row.job))
      return [
        bad(
          `the schedule ${row.key} makes jobs of ${row.job}, which this release does not have`,
          `npm run jobs -- schedules rm ${row.key}`,
        ),
      ]
    const broken = brokenClock(row)
    if (broken !== undefined) return [bad(`the schedule ${row.key} cannot be read: ${broken}`, cureOfBroken(row))]
    const found: Finding[] = []
    if (row.isOverdue)
      found.push(
        bad(
          `the schedule ${row.key} is overdue: no relay has decided its last slot`,
          'npm run relay, and look at its log',
        ),
      )
    if (row.last === 'refused')
      found.push(
        bad(
          `the last slot of ${row.key} was refused: its payload does not fit ${row.job}`,
          `npm run jobs -- schedules preview ${row.key}`,
        ),
      )
    if (row.overlapSkips >= manySkips)
      found.push(
        warning(
          `${row.overlapSkips} slots in a row of ${row.key} met an unfinished run and were skipped`,
          `give it more time between slots, or: ${pause}`,
        ),
      )
    return found
  })
}

/** What cannot be read cannot be changed either: its last slots would have to be decided first. */
function cureOfBroken({ key, job, source }: Row): string {
  if (source === 'contract') return `correct the schedule of the contract ${job}, and: npm run migrate`
  const put = `npm run jobs -- schedules put ${key} --job ${job} --cron … --zone …`
  return `npm run jobs -- schedules rm ${key}, then ${put}`
}

function brokenClock({ cron, zone }: Row): string | undefined {
  if (!isZone(zone)) return `${zone} is no time zone`
  try {
    readCron(cron)
    return undefined
  } catch (error) {
    if (error instanceof InvalidCron) return error.message
    throw error
  }
}
