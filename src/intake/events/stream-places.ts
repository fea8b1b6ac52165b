import { Problem } from '../http/problem.ts'

/** How many event streams may be open at once. */
export interface StreamLimits {
  readonly perProcess: number
  readonly perKey: number
}

export const streamLimits: StreamLimits = { perProcess: 1_000, perKey: 250 }
const retryAfterSeconds = 5

/** Takes a place for a stream of one caller; answers how to leave it. Throws too-many-streams. */
export type TakeStreamPlace = (caller: string) => () => void

export function streamPlaces({ perProcess, perKey }: StreamLimits): TakeStreamPlace {
  const taken = new Map<string, number>()
  let all = 0
  return caller => {
    const own = taken.get(caller) ?? 0
    if (own >= perKey) throw tooMany('key', perKey)
    if (all >= perProcess) throw tooMany('process', perProcess)
    taken.set(caller, own + 1)
    all += 1
    let left = false
    return () => {
      if (left) return
      left = true
      all -= 1
      const rest = (taken.get(caller) ?? 1) - 1
      if (rest === 0) taken.delete(caller)
      else taken.set(caller, rest)
    }
  }
}

function tooMany(of: 'key' | 'process', limit: number): Problem {
  const detail = `${limit} streams are open for this ${of}: close some, or ask GET /v1/jobs/{id} now and then`
  return new Problem('too-many-streams', { detail, of, limit }, { 'retry-after': String(retryAfterSeconds) })
}
