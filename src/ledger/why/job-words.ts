import type { JobContract } from '../../../queues/define-job.ts'
import { instant } from '../instant.ts'
import { reasonWords } from '../reason-words.ts'
import type { JobFacts } from './job-facts.ts'
import { openWords } from './open-words.ts'

/** Why a job was, or was not (yet), done, in sentences. `heldForMs`: its provider's budget is held for so long. */
export function jobWords(facts: JobFacts, contract: JobContract | undefined, heldForMs: number): string[] {
  const words = facts.live === null ? endWords(facts) : openWords(facts, facts.live, contract, heldForMs)
  return [...words, ...effectWords(facts), ...actWords(facts)]
}

function endWords({ id, state, finished_at, attempts, reason, error }: JobFacts): string[] {
  const at = instant(finished_at)
  const detail =
    error === null
      ? (reason ?? 'no reason was given')
      : `${error.message}${error.code === null ? '' : ` (${error.code})`}`
  if (state === 'completed')
    return [`It was done at ${at}, at attempt ${attempts}.${reason === null ? '' : ` ${capital(reason)}.`}`]
  if (state === 'skipped')
    return [`There was nothing to do at ${at}: ${error === null ? reasonWords(reason) : detail}.`]
  if (state === 'cancelled') return [`It was cancelled at ${at}: ${detail}. "retry ${id}" lets it begin anew.`]
  if (state === 'quarantined') {
    return [
      `It is quarantined since ${at}: three processes died while they ran it alone. "retry ${id}" tries once more.`,
    ]
  }
  return [`It failed at ${at} after ${attempts} attempt(s): ${detail}. "retry ${id}" lets it begin anew.`]
}

function effectWords({ effects }: JobFacts): string[] {
  return effects.flatMap(({ key, provider, state, provider_id, closed, at, error }) => {
    if (state === 'accepted')
      return [`${provider} took "${key}" at ${instant(at)} as ${provider_id ?? 'an id it did not tell'}.`]
    if (state === 'rejected')
      return [`${provider} refused "${key}" at ${instant(at)}: ${error?.message ?? 'no reason given'}.`]
    if (state === 'unknown' && closed)
      return [`Whether ${provider} took "${key}" was never learned: by policy it is not repeated.`]
    return []
  })
}

function actWords({ acts }: JobFacts): string[] {
  return acts.map(({ action, actor, at }) => `${actor} did ${action} at ${instant(at)}.`)
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
