import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NodeProcess, startNode } from '../../../src/demo/node-process.ts'
import type { Random } from '../../chaos/random.ts'
import { until } from '../../support/until.ts'
import type { EventWorld } from './event-world.ts'

const root = join(import.meta.dirname, '../../..')

/** Starts a worker of events in a process of its own, and kills it with SIGKILL in the middle of some of them. */
export async function killWhileWorking(world: EventWorld): Promise<void> {
  const { knex } = world.database
  const logs = await mkdtemp(join(tmpdir(), 'hbnb-jobs-test-'))
  const { pid, kill } = await startWorker(world, join(logs, 'worker.log'))
  const running = knex('hbnb_jobs.job_live as l')
    .join('hbnb_jobs.processes as p', 'p.id', 'l.owner')
    .where({ 'l.state': 'running', 'p.pid': pid })
  try {
    await until('it is in the middle of an event', async () => {
      // Held still for the look, so that what is seen running is running when it dies.
      process.kill(pid, 'SIGSTOP')
      if ((await running.clone().first('l.id')) !== undefined) return true
      process.kill(pid, 'SIGCONT')
      return false
    })
  } finally {
    await kill()
    await rm(logs, { recursive: true })
  }
  // Nobody waits here for its heartbeats to be missed.
  await knex('hbnb_jobs.processes')
    .where({ pid })
    .update({ beat_at: new Date(Date.now() - 60_000) })
}

async function startWorker(
  { config: { database, queue, upstream } }: EventWorld,
  logFile: string,
): Promise<NodeProcess> {
  return await startNode({
    name: 'a worker of events',
    entry: join(root, 'workers/main.ts'),
    args: ['webhooks'],
    env: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      DATABASE_URL: database.url,
      QUEUE_URL: queue.url,
      QUEUE_PREFIX: queue.prefix,
      ...(upstream ? { UPSTREAM_API_URL: upstream.baseUrl, UPSTREAM_API_KEY: upstream.apiKey } : {}),
    },
    ready: /workers started/,
    logFile,
  })
}

/** Lets some jobs run again that have ended, as if the commit of their outcome had been lost. Answers how many. */
export async function loseOutcomes({ database }: EventWorld, random: Random): Promise<number> {
  return await database.knex.transaction(async tx => {
    const ended = await tx('hbnb_jobs.job_outcomes as o')
      .join('hbnb_jobs.jobs as j', 'j.id', 'o.id')
      .where({ 'j.name': 'webhooks.process' })
      .orderBy('j.id')
      .pluck('j.id')
    const lost = ended.filter(() => random.chance(0.2))
    await tx('hbnb_jobs.job_outcomes').whereIn('id', lost).delete()
    // A run number no copy in the queue has had.
    await tx.raw(
      `insert into hbnb_jobs.job_live (id, name, priority, run_at, run, token)
       select id, name, priority, now(), 1000, 1000 from hbnb_jobs.jobs where id = any(?)`,
      [lost],
    )
    return lost.length
  })
}
