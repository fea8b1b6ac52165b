import { Problem } from '../http/problem.ts'

/** How much one process works on at once. */
export interface AdmissionLimits {
  readonly maxRequests: number
  readonly maxBytes: number
}

/** Lets a request in that may hold so many bytes; the answer ends its stay. Throws overloaded. */
export type Admit = (bytes: number) => () => void

const retryAfterSeconds = 2

/** A process that is full says so at once, so that a balancer can try another one. */
export function admission({ maxRequests, maxBytes }: AdmissionLimits): Admit {
  let requests = 0
  let held = 0
  return bytes => {
    if (requests >= maxRequests || (held > 0 && held + bytes > maxBytes)) {
      throw new Problem(
        'overloaded',
        { detail: 'this process has too much in hand; nothing was taken' },
        { 'retry-after': String(retryAfterSeconds) },
      )
    }
    requests += 1
    held += bytes
    let left = false
    return () => {
      if (left) return
      left = true
      requests -= 1
      held -= bytes
    }
  }
}
