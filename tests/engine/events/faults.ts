import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type NodeProcess, startNode } from '../../../src/demo/node-process.ts'
import type { Random } from '../../chaos/random.ts'
import type { EventWorld } from './event-world.ts'

const lookEveryMs = 5
const root = join(import.meta.dirname, '../../..')

/** Starts a worker of events in a process of its own, and kills it with SIGKILL in the middle of some of them. */
export async function killWhileWorking(world: EventWorld): Promise<void> {
  const worker = await startWorker(world)
  const { knex } = world.database
  const running = () =>
    knex('hbnb_jobs.job_live as l')
      .join('hbnb_jobs.processes as p', 'p.id', 'l.owner')
      .where({ 'l.state': 'running', 'p.pid': worker.pid })
  try {
    // Held still for the look, so that what is seen running is running when it dies.
    for (;;) {
      process.kill(worker.pid, 'SIGSTOP')
      if ((await running().first('l.id')) !== undefined) break
      process.kill(worker.pid, 'SIGCONT')
      await delay(lookEveryMs)
    }
  } finally {
    await worker.kill()
  }
  // Nobody waits here for its heartbeats to be missed.
  await knex('hbnb_jobs.processes')
    .where({ pid: worker.pid })
    .update({ beat_at: new Date(Date.now() - 60_000) })
}

async function startWorker({ config, database }: EventWorld): Promise<NodeProcess> {
  const { rows } = await database.knex.raw('select current_database() as name')
  return await startNode({
    name: 'a worker of events',
    entry: join(root, 'workers/main.ts'),
    args: ['webhooks'],
    env: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      DATABASE_URL: config.database.url,
      QUEUE_URL: config.queue.url,
      QUEUE_PREFIX: config.queue.prefix,
      ...(config.upstream
        ? { UPSTREAM_API_URL: config.upstream.baseUrl, UPSTREAM_API_KEY: config.upstream.apiKey }
        : {}),
    },
    ready: /workers started/,
    logFile: join(tmpdir(), `hbnb-jobs-test-${rows[0].name}`, 'worker.log'),
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
