import type { Catalog } from '../../../queues/catalog.ts'
import { nextSlots } from '../../domain/schedules/slots.ts'
import { zonedIso } from '../../domain/schedules/zone.ts'
import type { RunStatement } from '../../db/statement.ts'
import { contractFor, readDefinition } from './check-definition.ts'
import { readCron } from './read-cron.ts'
import { type HeldSchedule, missedPolicy, type Owned, scheduleColumns } from './schedule-row.ts'
import { ScheduleRefused } from './schedule-refused.ts'
import { slotPayload } from './slot-job.ts'

/** A schedule for people: what it is, when it is due next, how the last slot went. Times are UTC, ISO 8601. */
export interface ShownSchedule {
  readonly key: string
  readonly job: string
  readonly source: 'contract' | 'api'
  readonly cron: string
  readonly zone: string
  readonly missed: 'skip' | 'once' | { readonly all: number }
  readonly overlap: 'skip' | 'queue'
  readonly tenant: string
  readonly paused_at: string | null
  readonly paused_by: string | null
  /** Null while paused, and when the cron names no day that will come. */
  readonly next_slot: string | null
  readonly overlap_skips: number
  readonly last: { readonly slot: string; readonly decision: string; readonly job_id: string | null } | null
}

const maxListed = 1_000

const listStatement = {
  name: 'schedules-list',
  text: `
    select ${scheduleColumns}, now() as now, l.slot as "lastSlot", l.decision as "lastDecision", l.job_id as "lastJobId"
    from hbnb_jobs.schedules s
    left join lateral (
      select slot, decision, job_id from hbnb_jobs.schedule_runs r
      where r.schedule_key = s.key order by slot desc limit 1) l on true
    where s.removed_at is null and s.key > $1 and ($2::text is null or s.key = $2) and ($3::text is null or s.tenant = $3)
    order by s.key limit ${maxListed}`,
}

interface ListedRow extends HeldSchedule {
  readonly lastSlot: Date | null
  readonly lastDecision: string
  readonly lastJobId: string | null
}

/** Schedules that are not removed, by key, at most 1,000; go on after the last key. `key` asks for one alone. */
export async function listSchedules(
  run: RunStatement,
  { key, tenant, after = '' }: { readonly key?: string; readonly tenant?: string; readonly after?: string } = {},
): Promise<ShownSchedule[]> {
  const rows = await run<ListedRow>(listStatement, [after, key ?? null, tenant ?? null])
  return rows.map(shown)
}

function shown(row: ListedRow): ShownSchedule {
  const { cron, zone, now, pausedAt, lastSlot } = row
  const [next] = pausedAt === null ? nextSlots(readCron(cron), zone, now.getTime(), 1) : []
  return {
    key: row.key,
    job: row.jobName,
    source: row.source,
    cron,
    zone,
    missed: missedPolicy(row),
    overlap: row.overlap,
    tenant: row.tenant,
    paused_at: pausedAt?.toISOString() ?? null,
    paused_by: row.pausedBy,
    next_slot: next === undefined ? null : new Date(next).toISOString(),
    overlap_skips: row.overlapSkips,
    last: lastSlot && { slot: lastSlot.toISOString(), decision: row.lastDecision, job_id: row.lastJobId },
  }
}

/** One coming slot: as an instant, as the zone's clock shows it, and what its job will carry. */
export interface PreviewedSlot {
  readonly slot: string
  readonly local: string
  readonly payload: unknown
}

export const maxPreviewedSlots = 100

/**
 * The next `count` slots (at most 100) of a schedule there is, or of one that somebody means to make; pauses are ignored.
 * Undefined when there is no such schedule. Throws {@link ScheduleRefused} as `putSchedule` would.
 */
export async function previewSchedule(
  run: RunStatement,
  catalog: Catalog,
  of: ({ readonly key: string } & Owned) | { readonly definition: unknown },
  count: number,
  { now }: { readonly now?: Date } = {},
): Promise<PreviewedSlot[] | undefined> {
  const recipe = 'key' in of ? await existing(run, catalog, of) : proposed(catalog, of.definition)
  if (!recipe) return undefined
  const { schedule, contract } = recipe
  const after = (now ?? (await databaseNow(run))).getTime()
  const slots = nextSlots(readCron(schedule.cron), schedule.zone, after, Math.min(count, maxPreviewedSlots))
  return slots.map(slot => ({
    slot: new Date(slot).toISOString(),
    local: zonedIso(schedule.zone, slot),
    payload: slotPayload(schedule, contract, new Date(slot)),
  }))
}

const oneStatement = {
  name: 'schedule-one',
  text: `select ${scheduleColumns} from hbnb_jobs.schedules s where s.key = $1 and s.removed_at is null and ($2::text is null or s.tenant = $2)`,
}

async function existing(run: RunStatement, catalog: Catalog, { key, tenant }: { readonly key: string } & Owned) {
  const [schedule] = await run<HeldSchedule>(oneStatement, [key, tenant ?? null])
  if (!schedule) return undefined
  const contract = catalog.get(schedule.jobName)
  if (!contract) throw new ScheduleRefused('unknown-job', `there is no job type ${schedule.jobName}`)
  return { schedule, contract }
}

function proposed(catalog: Catalog, asked: unknown) {
  const definition = readDefinition(asked)
  const key = 'proposed'
  const { cron, zone, payload } = definition
  const schedule = { key, source: 'api', cron, zone, payload, tenant: '' } as const
  return { schedule, contract: contractFor(catalog, key, definition) }
}

async function databaseNow(run: RunStatement): Promise<Date> {
  const [row] = await run<{ now: Date }>({ name: 'now', text: 'select now() as now' })
  return row?.now ?? new Date()
}
