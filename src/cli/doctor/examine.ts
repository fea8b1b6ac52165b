import { isDatabaseAway } from '../../db/database-away.ts'
import { checkPartitions } from './check-partitions.ts'
import { checkPauses } from './check-pauses.ts'
import { checkPostgres } from './check-postgres.ts'
import { checkProcesses } from './check-processes.ts'
import { checkRedis } from './check-redis.ts'
import { checkRelease } from './check-release.ts'
import { checkSchedules } from './check-schedules.ts'
import { checkStuck } from './check-stuck.ts'
import { type Finding, finder, type Patient } from './finding.ts'

/** What needs our tables. */
const ledgerChecks = [checkProcesses, checkStuck, checkPauses, checkSchedules, checkPartitions]

/** Looks at everything, what is bad first. What cannot be looked at is a finding, and what depends on it is left out. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const found = [...(await checkRedis(patient)), ...(await examineLedger(patient))]
  return found.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

async function examineLedger(patient: Patient): Promise<Finding[]> {
  try {
    const found = [...(await checkPostgres(patient)), ...(await checkRelease(patient))]
    if (found.some(({ check, severity }) => check === 'migrations' && severity === 'bad')) return found
    for (const check of ledgerChecks) found.push(...(await check(patient)))
    return found
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
    const { bad } = finder('postgres')
    return [
      bad('Postgres does not answer: nothing is accepted and nothing is run', 'start it, or correct DATABASE_URL'),
    ]
  }
}
