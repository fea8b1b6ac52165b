import { setTimeout as delay } from 'node:timers/promises'
import { isDataFault } from '../../src/db/data-fault.ts'
import { isDatabaseAway } from '../../src/db/database-away.ts'
import { statementsIn } from '../../src/db/statement.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { type Ending, type Finish, finishRuns } from '../../src/ledger/outcome.ts'
import type { JobType } from './process.ts'
import type { Runtime } from './runtime.ts'

const firstRetryMs = 100
const longestRetryMs = 2_000

/** A result Postgres will not store (a NUL inside a text): the job must end all the same, and say why. */
const refused: Finish = {
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
 * Commits how a run ended, under its token. While Postgres is away it tries again: the work is done and must not be
 * forgotten. Answers false when the token was no longer current, in which case nothing was written.
 */
export async function writeEnding(claim: Claim, ending: Ending, type: JobType, runtime: Runtime): Promise<boolean> {
  for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
    try {
      return type.onDead && ending.kind === 'finish' && ending.outcome === 'failed'
        ? await writeDeath(claim, ending, type, runtime)
        : await runtime.writeOutcome(claim.id, claim.token, ending)
    } catch (error) {
      if (isDataFault(error) && ending !== refused) return await writeEnding(claim, refused, type, runtime)
      if (!isDatabaseAway(error)) throw error
      runtime.log.warn({ err: error, job: claim.name, id: claim.id }, 'outcome not written yet: Postgres is away')
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
    const payload = contract.payload.strip().safeParse(claim.payload)
    // A payload its own contract refuses means nothing to the domain; the outcome row says so.
    if (payload.success) await onDead?.(payload.data, ending.error?.code ?? 'failed', tx)
    return true
  })
}
