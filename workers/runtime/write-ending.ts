import { setTimeout as delay } from 'node:timers/promises'
import { isDataFault } from '../../src/db/data-fault.ts'
import { isDatabaseAway } from '../../src/db/database-away.ts'
import { statementsIn } from '../../src/db/statement.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { type Ending, type Finish, finishRuns } from '../../src/ledger/outcome.ts'
import type { JobType } from './process.ts'
import type { Runtime } from './runtime.ts'
import { tolerant } from './tolerant.ts'

const firstRetryMs = 100
const longestRetryMs = 5_000
/** A domain whose `onDead` fails so often is told by the alert instead; its job must not stay open for ever. */
const maxDeathNotices = 5

const deaths = new Set(['failed', 'quarantined'])

/** A result Postgres will not store (a NUL inside a text): the job must end all the same, and say why. */
const unstorable: Finish = {
  kind: 'finish',
  outcome: 'failed',
  result: null,
  reason: null,
  error: {
    name: 'PermanentError',
    code: 'unstorable-result',
    message: 'the result holds text the ledger cannot store',
  },
}

/**
 * Commits how a run ended, under its token. Whatever stands in the way, it tries again until the process ends: the work
 * is done and must not be forgotten. Answers false when the token was no longer current, in which case nothing was written.
 */
export async function writeEnding(claim: Claim, ending: Ending, type: JobType, runtime: Runtime): Promise<boolean> {
  const { log } = runtime
  const about = { job: claim.name, id: claim.id }
  let wanted = ending
  let deathNotices = 0
  for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
    const isDeath = type.onDead !== undefined && wanted.kind === 'finish' && deaths.has(wanted.outcome)
    const tellsDomain = isDeath && deathNotices < maxDeathNotices
    try {
      if (tellsDomain && wanted.kind === 'finish') return await writeDeath(claim, wanted, type, runtime)
      return await runtime.writeOutcome(claim.id, claim.token, wanted)
    } catch (error) {
      if (tellsDomain && !isDatabaseAway(error)) {
        deathNotices += 1
        log.error({ err: error, ...about, tries: deathNotices }, 'onDead failed')
      } else if (isDataFault(error)) {
        log.error({ err: error, ...about }, 'Postgres refused what this run wanted to keep')
        wanted = wanted.kind === 'finish' ? unstorable : { ...wanted, error: null }
      } else {
        log.warn({ err: error, ...about }, 'outcome not written yet')
      }
      await delay(waitMs)
    }
  }
}

/** `failed` and what the domain does about it commit together. */
async function writeDeath(
  claim: Claim,
  ending: Finish,
  { contract, onDead }: JobType,
  { knex }: Runtime,
): Promise<boolean> {
  return await knex.transaction(async tx => {
    const written = await finishRuns(statementsIn(tx), [{ id: claim.id, token: claim.token, ending }])
    if (written.size === 0) return false
    const payload = tolerant(contract).safeParse(claim.payload)
    // A payload its own contract refuses means nothing to the domain; the outcome row says so.
    if (payload.success) await onDead?.(payload.data, ending.error?.code ?? 'failed', tx)
    return true
  })
}
