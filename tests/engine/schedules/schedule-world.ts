import { z } from 'zod'
import type { Catalog } from '../../../queues/catalog.ts'
import { defineJob, type JobContract, type Schedule } from '../../../queues/define-job.ts'
import { connectDatabase, type Database } from '../../../src/db/connect.ts'
import type { DecidedSchedule } from '../../../src/ledger/schedules/decide-due.ts'
import { syncContractSchedules } from '../../../src/ledger/schedules/sync-contracts.ts'
import { tickSchedules } from '../../../src/ledger/schedules/tick.ts'
import { createTestDatabase } from '../../setup/database.ts'

const payload = z.strictObject({ at: z.iso.datetime(), note: z.string().max(100).optional() })

/** What a test changes of a schedule. */
export type SlotSchedule = Partial<Schedule<typeof payload>>

/** A contract whose payload is its slot. */
export function slotContract(
  name: string,
  schedule: 'none' | (SlotSchedule & { readonly cron: string }),
  changes: Partial<JobContract> = {},
): JobContract {
  const contract = defineJob({
    name,
    about: 'A job of the tests whose payload is its slot.',
    version: 1,
    payload,
    result: z.object({}),
    maxPayloadBytes: 1_024,
    durability: 'ledger',
    retry: { attempts: 3, firstDelayMs: 100, maxDelayMs: 1_000, jitter: 0 },
    timeoutMs: 10_000,
    expiresAfterMs: 'never',
    concurrency: { perProcess: 20, everywhere: 'unlimited' },
    perKey: 'none',
    rateLimit: 'none',
    priority: 5,
    tenant: 'api-key',
    schedule:
      schedule === 'none'
        ? 'none'
        : { zone: 'UTC', missed: 'skip', overlap: 'queue', payload: slot => ({ at: slot.toISOString() }), ...schedule },
    unique: 'none',
    retention: { days: 1 },
    open: true,
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Erased, as the catalog erases the real ones.
  return { ...(contract as unknown as JobContract), ...changes }
}

export function catalogOf(...contracts: JobContract[]): Catalog {
  return new Map(contracts.map(contract => [contract.name, contract]))
}

/** One row of `schedule_runs`, times in ISO 8601. */
export interface Run {
  readonly slot: string
  readonly decision: string
  readonly job_id: string | null
  readonly until: string | null
  readonly decided_by: string | null
}

/** A database of the test's own, and the clock in the test's hand. */
export interface ScheduleWorld extends Database {
  /** The release step at an instant. */
  release(catalog: Catalog, at: string): Promise<void>
  /** One pass of a relay at an instant; answers how many schedules it looked at. */
  tick(catalog: Catalog, at: string, onDecided?: (decided: DecidedSchedule) => void): Promise<number>
  /** All that was decided about a schedule, by slot. */
  runs(key: string): Promise<Run[]>
  /** The same as `<time of day> <decision>`, without milliseconds. */
  decisions(key: string): Promise<string[]>
  /** Payload instants of all jobs made for a schedule, in the order they become due. */
  payloads(key: string): Promise<string[]>
  /** Ends every open job of a schedule. */
  endJobs(key: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export async function openScheduleWorld(): Promise<ScheduleWorld> {
  const owned = await createTestDatabase()
  const database = connectDatabase(owned.url, { poolMax: 10 })
  const { run, knex } = database
  const world: ScheduleWorld = {
    ...database,
    release: (catalog, at) => syncContractSchedules(knex, catalog, { now: new Date(at) }),
    tick: (catalog, at, onDecided = () => {}) =>
      tickSchedules(run, knex, catalog, {
        now: new Date(at),
        onDecided,
        onFault: (key, error) => {
          throw new Error(`${key} could not be decided`, { cause: error })
        },
      }),
    async runs(key) {
      const rows = await knex('hbnb_jobs.schedule_runs').where({ schedule_key: key }).orderBy('slot')
      return rows.map(({ slot, decision, job_id, slots_until, decided_by }) => ({
        slot: slot.toISOString(),
        decision,
        job_id,
        until: slots_until?.toISOString() ?? null,
        decided_by,
      }))
    },
    async decisions(key) {
      return (await world.runs(key)).map(({ slot, decision }) => `${slot.slice(11, 19)} ${decision}`)
    },
    async payloads(key) {
      const jobs = await knex('hbnb_jobs.jobs')
        .where({ entity: `schedule:${key}` })
        .orderBy(['run_at', 'id'])
        .select<{ payload: { at: string } }[]>('payload')
      return jobs.map(job => job.payload.at)
    },
    async endJobs(key) {
      await knex.raw(
        `with open as (
           delete from hbnb_jobs.job_live l using hbnb_jobs.jobs j
           where l.id = j.id and j.entity = ? returning l.id)
         insert into hbnb_jobs.job_outcomes (id, outcome, attempts) select id, 'completed', 1 from open`,
        [`schedule:${key}`],
      )
    },
    async [Symbol.asyncDispose]() {
      await database.close()
      await owned.drop()
    },
  }
  return world
}
