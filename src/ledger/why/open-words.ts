import type { JobContract } from '../../../queues/define-job.ts'
import { durationWords } from '../duration-words.ts'
import { instant } from '../instant.ts'
import type { JobFacts } from './job-facts.ts'

type Live = NonNullable<JobFacts['live']>

/** A heartbeat is due every 3 s; a silence this long is worth a word. */
const silenceMs = 6_000

/** What a job that has not ended waits for, or does. `heldForMs`: its provider's budget is held for so long. */
export function openWords(facts: JobFacts, live: Live, contract: JobContract | undefined, heldForMs: number): string[] {
  if (live.state === 'running') return runningWords(facts, live)
  if (live.state === 'parked') return parkedWords(facts, live)
  const words = [...lastAttempt(facts), ...suspicion(live)]
  if (live.cancel_requested) words.push('Somebody asked to cancel it.')
  if (live.due_in_ms > 0 && live.state === 'accepted') {
    return [...words, `It waits for its time: it is due in ${durationWords(live.due_in_ms)}.`, ...pauseWords(facts)]
  }
  const reasons = blockers(facts, live, contract, heldForMs)
  return [...words, ...(reasons.length > 0 ? reasons : [patience(facts, live)])]
}

function runningWords({ attempts }: JobFacts, live: Live): string[] {
  const { owner } = live
  const where = owner === null ? '' : ` in process ${owner.id} (pid ${owner.pid} on ${owner.host})`
  const words = [`It runs now, attempt ${attempts + 1}, for ${durationWords(live.in_state_ms)}${where}.`]
  if (live.cancel_requested) words.push('It was asked to stop: it ends when it next looks, or when its send is known.')
  if (owner !== null && owner.silent_ms > silenceMs) {
    words.push(
      `That process has been silent for ${durationWords(owner.silent_ms)}: after 10 s its jobs are taken back.`,
    )
  }
  return words
}

function parkedWords({ effects, open_children }: JobFacts, live: Live): string[] {
  const look = live.due_in_ms > 0 ? ` It looks again in ${durationWords(live.due_in_ms)}.` : ''
  const unknown = effects.filter(({ state, closed }) => state === 'unknown' && !closed)
  const words = unknown.map(
    ({ key, provider, at }) =>
      `It is parked: it is not known whether ${provider} took "${key}" (no answer since ${instant(at)}). It is not repeated blindly.${look}`,
  )
  if (effects.some(({ state }) => state === 'sending')) words.push('It is parked: an earlier run may still be sending.')
  if (open_children > 0) words.push(`It is parked until its children have ended: ${open_children} are open.`)
  return words.length > 0 ? words : [`It is parked.${look}`]
}

function lastAttempt({ attempts, error, next_attempt_at }: JobFacts): string[] {
  if (error === null) return []
  const next = next_attempt_at === null ? '' : ` The next try is at ${instant(next_attempt_at)}.`
  return [
    `${attempts > 0 ? `${attempts} attempt(s) did not succeed; the last` : 'The last run'} ended with: ${error.message}.${next}`,
  ]
}

function suspicion({ suspect, crashes }: Live): string[] {
  if (!suspect) return []
  return [
    `A process died while it ran${crashes > 0 ? ` (${crashes} time(s) while alone)` : ''}: it runs next in a process of its own.`,
  ]
}

function pauseWords({ paused, name }: JobFacts): string[] {
  if (paused === null) return []
  const why = paused.reason === null ? '' : `: ${paused.reason}`
  return [`${name} is paused since ${instant(paused.at)} by ${paused.by}${why}. "resume ${name}" lets it go on.`]
}

function blockers(facts: JobFacts, live: Live, contract: JobContract | undefined, heldForMs: number): string[] {
  const words = pauseWords(facts)
  if (heldForMs > 0) words.push(`Its provider said wait: nothing is sent for another ${durationWords(heldForMs)}.`)
  if (live.newer_id !== null)
    words.push(`A newer job of the same key waits (${live.newer_id}): this one ends as superseded.`)
  if (contract === undefined) words.push(`This release has no job type ${facts.name}: nothing here can run it.`)
  if (
    contract &&
    contract.perKey !== 'none' &&
    live.state === 'accepted' &&
    live.lane_in_flight >= contract.perKey.maxInFlight
  ) {
    const by = contract.perKey.by.join(', ')
    words.push(`Its key (${by}) has ${live.lane_in_flight} in flight, and ${contract.perKey.maxInFlight} is the limit.`)
  }
  if (live.state === 'accepted' && facts.relays === 0)
    words.push('No relay is alive to hand it out: start one with "npm run relay".')
  if (facts.workers === 0) words.push('No worker is alive to run it: start one with "npm run worker".')
  return words
}

function patience({ name, workers }: JobFacts, live: Live): string {
  const waited = durationWords(Math.max(0, -live.due_in_ms))
  const ahead =
    live.ahead > 0 ? `, ${live.ahead >= 1_000 ? 'over a thousand' : live.ahead} of ${name} are due before it` : ''
  return `It is due since ${waited}${ahead}; ${workers} worker process(es) are alive. Its turn comes.`
}
