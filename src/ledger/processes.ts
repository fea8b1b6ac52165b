import { hostname } from 'node:os'
import type { RunStatement } from '../db/statement.ts'

const heartbeatEveryMs = 3_000
/** A heartbeat older than this, without farewell, is a crash. */
export const crashedAfterMs = 10_000

const registerStatement = {
  name: 'process-register',
  text: `insert into hbnb_jobs.processes (kind, host, pid) values ($1, $2, $3) returning id`,
}
const beatStatement = {
  name: 'process-beat',
  text: `update hbnb_jobs.processes set beat_at = now() where id = $1 and ended_at is null returning draining_at is not null as "isDraining"`,
}
const drainStatement = {
  name: 'process-drain',
  text: `update hbnb_jobs.processes set draining_at = coalesce(draining_at, now()), beat_at = now() where id = $1`,
}
const endStatement = { name: 'process-end', text: `update hbnb_jobs.processes set ended_at = now() where id = $1` }

/** One running process of ours in the registry. */
export interface RegisteredProcess {
  /** Changes when others took this process for dead and it had to register anew. */
  readonly id: number
  /** Says that a shutdown has begun; heartbeats go on. */
  drain(): Promise<void>
  /** Says farewell: whatever this process still owned is taken back at once. */
  end(): Promise<void>
}

/** What happens with each heartbeat besides the beat itself. */
export interface BeatHooks {
  /** Hears of beats that Postgres did not take. */
  readonly onMissed: (error: unknown) => void
  readonly onBeat?: () => Promise<void>
  /** Somebody else marked this process as draining: it is to end as at SIGTERM. Told once. */
  readonly onDrainAsked?: () => void
}

/** Registers this process and beats until `end`. */
export async function registerProcess(
  run: RunStatement,
  kind: 'worker' | 'relay' | 'intake',
  { onMissed, onBeat, onDrainAsked }: BeatHooks,
): Promise<RegisteredProcess> {
  const register = async (): Promise<number> => {
    const [row] = await run<{ id: number }>(registerStatement, [kind, hostname(), process.pid])
    if (!row) throw new Error('registering this process answered no row')
    return row.id
  }
  let id = await register()
  let isDraining = false
  const beat = async () => {
    // Taken for dead (Postgres was away, we were frozen): what we owned was taken back, what we claim now must not be.
    const [beaten] = await run<{ isDraining: boolean }>(beatStatement, [id])
    if (!beaten) id = await register()
    else if (beaten.isDraining && !isDraining) {
      isDraining = true
      onDrainAsked?.()
    }
    await onBeat?.()
  }
  const timer = setInterval(() => void beat().catch(onMissed), heartbeatEveryMs)
  return {
    get id() {
      return id
    },
    drain: async () => {
      isDraining = true
      await run(drainStatement, [id])
    },
    end: async () => {
      clearInterval(timer)
      await run(endStatement, [id])
    },
  }
}
