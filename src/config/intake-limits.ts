import type { z } from 'zod'
import { variable, wholeNumber } from './values.ts'

const maxWaitingJobs = 100_000_000
const maxWaitingMinutes = 525_600
const maxWaitingMb = 1_000_000
const maxHttpRequests = 100_000
const minHttpMb = 16
const maxHttpMb = 65_536
const msPerMinute = 60_000
const bytesPerMb = 1_048_576

/** How much the intake takes in before it says later. */
export const intakeLimitVariables = {
  WAITING_MAX_JOBS: variable(wholeNumber(1, maxWaitingJobs).default(1_000_000), {
    about: 'a queue with so many due jobs takes no more over HTTP: 429',
    expected: `a whole number from 1 to ${maxWaitingJobs}`,
    example: '1000000',
  }),
  WAITING_MAX_MINUTES: variable(wholeNumber(1, maxWaitingMinutes).default(1_440), {
    about: 'a queue whose oldest due job has waited so long takes no more over HTTP: 429',
    expected: `a whole number from 1 to ${maxWaitingMinutes}`,
    example: '1440',
  }),
  WAITING_MAX_MB: variable(wholeNumber(1, maxWaitingMb).default(4_096), {
    about: 'a queue with so many MiB of payloads waiting takes no more over HTTP: 429',
    expected: `a whole number from 1 to ${maxWaitingMb}`,
    example: '4096',
  }),
  HTTP_MAX_REQUESTS: variable(wholeNumber(1, maxHttpRequests).default(2_000), {
    about: 'requests that make jobs which one intake works on at once, and as many webhooks; more are answered 503',
    expected: `a whole number from 1 to ${maxHttpRequests}`,
    example: '2000',
  }),
  HTTP_MAX_MB: variable(wholeNumber(minHttpMb, maxHttpMb).default(256), {
    about: 'MiB of bodies one intake holds at once, and as much again of webhooks; more are answered 503',
    expected: `a whole number from ${minHttpMb} to ${maxHttpMb}`,
    example: '256',
  }),
}

type Limits = { readonly [Name in keyof typeof intakeLimitVariables]: z.output<(typeof intakeLimitVariables)[Name]> }

/** These variables as settings. */
export function intakeLimits(env: Limits) {
  return {
    /** How much may wait in one queue before the intake refuses more. */
    waiting: {
      maxJobs: env.WAITING_MAX_JOBS,
      maxAgeMs: env.WAITING_MAX_MINUTES * msPerMinute,
      maxBytes: env.WAITING_MAX_MB * bytesPerMb,
    },
    /** How much one intake works on at once. */
    admission: { maxRequests: env.HTTP_MAX_REQUESTS, maxBytes: env.HTTP_MAX_MB * bytesPerMb },
  }
}
