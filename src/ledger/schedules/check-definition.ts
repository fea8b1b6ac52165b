import type { Catalog } from '../../../queues/catalog.ts'
import type { JobContract } from '../../../queues/define-job.ts'
import { type ScheduleDefinition, scheduleDefinition } from '../../domain/schedules/definition.ts'
import { InvalidPayload } from '../new-job.ts'
import { InvalidCron, readCron } from './read-cron.ts'
import { ScheduleRefused } from './schedule-refused.ts'
import { slotJob } from './slot-job.ts'

/** A slot to try a payload on: templates and contracts must fit every slot alike. */
const sampleSlot = new Date('2026-03-29T01:00:00.000Z')

/** Parses what a caller sent, cron included. Throws {@link ScheduleRefused} naming each field. */
export function readDefinition(definition: unknown): ScheduleDefinition {
  const parsed = scheduleDefinition.safeParse(definition)
  if (!parsed.success) {
    throw new ScheduleRefused('invalid-definition', 'the schedule is not valid', parsed.error.issues)
  }
  try {
    readCron(parsed.data.cron)
  } catch (error) {
    if (!(error instanceof InvalidCron)) throw error
    throw new ScheduleRefused('invalid-definition', error.message, [{ path: ['cron'], message: error.message }])
  }
  return parsed.data
}

/**
 * The contract an API-made schedule may use: known, open, and taking the payload.
 * Throws {@link ScheduleRefused}, its issues below `payload` when that does not fit.
 */
export function contractFor(catalog: Catalog, key: string, definition: ScheduleDefinition): JobContract {
  const { job, zone, payload } = definition
  const contract = catalog.get(job)
  if (!contract) throw new ScheduleRefused('unknown-job', `there is no job type ${job}`)
  if (!contract.open) throw new ScheduleRefused('closed-job', `${job} is not open to callers`)
  const recipe = { key, source: 'api', payload, zone, tenant: '' } as const
  try {
    const bytes = Buffer.byteLength(JSON.stringify(slotJob(recipe, contract, sampleSlot).payload))
    if (bytes > contract.maxPayloadBytes) {
      const message = `has ${bytes} bytes, ${job} takes ${contract.maxPayloadBytes}`
      throw new ScheduleRefused('invalid-definition', `the payload ${message}`, [{ path: ['payload'], message }])
    }
  } catch (error) {
    if (!(error instanceof InvalidPayload)) throw error
    const issues = error.issues.map(({ path, message }) => ({ path: ['payload', ...path], message }))
    throw new ScheduleRefused('invalid-definition', error.message, issues)
  }
  return contract
}

/** A contract's schedule as a definition, checked like a caller's. Throws naming the contract. */
export function definitionOf(contract: JobContract): ScheduleDefinition | undefined {
  if (contract.schedule === 'none') return undefined
  const { cron, zone, missed, overlap, payload } = contract.schedule
  try {
    return readDefinition({ job: contract.name, cron, zone, missed, overlap, payload: payload(sampleSlot) })
  } catch (error) {
    const issues = error instanceof ScheduleRefused ? error.issues : []
    const said = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new Error(`the schedule of contract ${contract.name} cannot be used: ${said}`, { cause: error })
  }
}
