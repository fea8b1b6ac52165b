import { type OutcomeRow, outcomeOf } from '../outcome-table.ts'

/** What an answer that is no entity, or no answer, of the platform's API means. Asking changes nothing there, so it may be repeated. */
export const upstreamTable: readonly OutcomeRow[] = [
  {
    when: ({ status, outOfTime }) => status === null && outOfTime,
    outcome: 'temporary',
    code: 'upstream-timeout',
    sentence: 'The API of the platform did not answer in time.',
  },
  {
    when: ({ status }) => status === null,
    outcome: 'temporary',
    code: 'upstream-unreachable',
    sentence: 'The API of the platform could not be reached, or the connection broke.',
  },
  {
    when: ({ status }) => status === 401 || status === 403,
    outcome: 'config',
    code: 'upstream-key-refused',
    sentence: 'The API of the platform refused UPSTREAM_API_KEY.',
  },
  {
    // Followed, a redirect would take the key along to wherever it leads.
    when: ({ status }) => status !== null && status < 400,
    outcome: 'config',
    code: 'upstream-wrong-address',
    sentence: 'UPSTREAM_API_URL does not answer with an entity.',
  },
  {
    when: ({ status }) => status === 429,
    outcome: 'busy',
    code: 'upstream-busy',
    sentence: 'The API of the platform asks us to ask more slowly.',
  },
  {
    when: ({ status }) => status === 408 || (status !== null && status >= 500),
    outcome: 'temporary',
    code: 'upstream-unavailable',
    sentence: 'The API of the platform is not available.',
  },
  {
    when: () => true,
    outcome: 'permanent',
    code: 'upstream-refused',
    sentence: 'The API of the platform refused the question.',
  },
]

/** Why there is no entity: the answer's status (null when there was none), and how long to wait. */
export interface NoEntity {
  readonly status: number | null
  readonly retryAfterMs: number | null
  readonly outOfTime: boolean
}

/** The outcome of a question that got no entity. */
export function translate(failure: NoEntity): Error {
  return outcomeOf(upstreamTable, { ...failure, vendorCode: null, mayHaveBeenSent: true })
}
