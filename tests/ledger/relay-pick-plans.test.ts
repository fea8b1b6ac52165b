import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import type { RunStatement } from '../../src/db/statement.ts'
import { dueQueues, firstLane } from '../../src/ledger/relay/lanes.ts'
import { pickRows, type QueuedRow } from '../../src/ledger/relay/pick.ts'
import { connectWithPinnedPlans } from '../../src/ledger/relay/pinned-plans.ts'
import { sharesOf } from '../../src/ledger/relay/shares.ts'
import { supersedeOlder } from '../../src/ledger/relay/supersede.ts'
import { sweepLostCopies, sweepQueueWholly } from '../../src/ledger/sweep.ts'
import { openQueueBackend, type QueueBackend } from '../../src/queue/backend.ts'
import { migrateQueueSchema } from '../../src/queue/postgres-backend.ts'
import { createTestDatabase } from '../setup/database.ts'
import { readsOf } from './live-reads.ts'

const name = 'test.work'
const rowsLoaded = 50_000
/** More than this of one table in one statement of a pass would be a walk through a lane, not a look at its front. */
const mostRows = 10_000

interface Node {
  readonly type: string
  readonly relation: string | undefined
  /** All rows it read, over all its loops. */
  readonly read: number
}

const planNode = z.looseObject({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().default(0),
  Plans: z.array(z.unknown()).default([]),
})
const plans = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: z.unknown() })]) })])

function nodesOf(plan: unknown): Node[] {
  const node = planNode.parse(plan)
  const read = (node['Actual Rows'] + node['Rows Removed by Filter']) * node['Actual Loops']
  return [{ type: node['Node Type'], relation: node['Relation Name'], read }, ...node.Plans.flatMap(nodesOf)]
}

/** Runs each statement, and once more under EXPLAIN ANALYZE. */
function explaining(run: RunStatement, found: Map<string, Node[]>): RunStatement {
  return async <Row>(statement: { name: string; text: string }, values: readonly unknown[] = []) => {
    const explain = { name: '', text: `explain (analyze, format json) ${statement.text}` }
    const [
      {
        'QUERY PLAN': [{ Plan }],
      },
    ] = plans.parse(await run(explain, values))
    found.set(statement.name, [...(found.get(statement.name) ?? []), ...nodesOf(Plan)])
    return await run<Row>(statement, values)
  }
}

describe.each([{ pinned: true }, { pinned: false }])('a long ledger (pinned: $pinned)', ({ pinned }) => {
  let own: Awaited<ReturnType<typeof createTestDatabase>>
  let database: Database
  let pass: ReturnType<typeof connectWithPinnedPlans>
  let backend: QueueBackend
  beforeAll(async () => {
    own = await createTestDatabase()
    await migrateQueueSchema(own.url)
    database = connectDatabase(own.url)
    pass = pinned ? connectWithPinnedPlans(own.url) : database
    backend = openQueueBackend({ url: own.url, prefix: 'plans' })
    await database.knex.raw('alter table hbnb_jobs.job_live set (autovacuum_enabled = false)')
  })
  afterAll(async () => {
    await backend.close()
    if (pass !== database) await pass.close()
    await database.close()
    await own.drop()
  })

  async function load(lanes: number): Promise<void> {
    await database.knex.raw(
      `with rows as (
         select gen_random_uuid() as id, i, now() - interval '1 hour' + i * interval '1 ms' as run_at from generate_series(1, :rows) as i
       ), facts as (
         insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at)
         select id, :name, 1, '{}', 't', 5, run_at from rows
       )
       insert into hbnb_jobs.job_live (id, name, priority, run_at, lane, unique_key, state, run, changed_at)
       select id, :name, 5, run_at, 't' || (i % :lanes), 'k' || (i % (:rows / 10)),
              (case when i <= 40 then 'queued' else 'accepted' end)::hbnb_jobs.job_state, 1, now() - interval '1 hour'
       from rows`,
      { rows: rowsLoaded, lanes, name },
    )
  }

  async function empty(): Promise<void> {
    await database.knex.raw('truncate hbnb_jobs.job_live, hbnb_jobs.jobs')
  }

  async function passOver(run: RunStatement, laneLimit: number | null): Promise<QueuedRow[]> {
    const [due] = await dueQueues(run, [{ name, from: firstLane, laneLimit }])
    const lanes = due?.lanes ?? []
    await supersedeOlder(run, [{ name, lanes, turn: 0 }])
    const room = { name, total: 200, urgentRoom: 200, newRoom: 20, ordinaryRoom: 180, laneLimit, usualPriority: 5 }
    const rows = await pickRows(run, [room], sharesOf(room, lanes, 0))
    await sweepLostCopies(run, backend)
    await sweepQueueWholly(run, backend, name)
    return rows
  }

  it.each([
    { lanes: 1, laneLimit: null, analysed: false },
    { lanes: 1, laneLimit: 50, analysed: true },
    { lanes: 400, laneLimit: null, analysed: true },
    { lanes: 400, laneLimit: 2, analysed: false },
  ])('looks at the front of $lanes lanes by index (limit $laneLimit, analysed: $analysed)', async given => {
    await empty()
    await load(given.lanes)
    if (given.analysed) await database.knex.raw('analyze hbnb_jobs.job_live')
    const found = new Map<string, Node[]>()
    await passOver(explaining(pass.run, found), given.laneLimit)
    expect([...found.keys()].toSorted()).toEqual([
      'relay-due',
      'relay-pick',
      'relay-supersede',
      'sweep-page',
      'sweep-take-back-lost',
    ])
    for (const [statement, nodes] of found) {
      const live = nodes.filter(({ relation }) => relation === 'job_live')
      expect(live.length, statement).toBeGreaterThan(0)
      expect(
        live.filter(({ type }) => type === 'Seq Scan'),
        statement,
      ).toEqual([])
      if (statement.startsWith('relay-')) {
        expect(
          live.filter(({ read }) => read > mostRows),
          statement,
        ).toEqual([])
      }
    }
  })

  it.runIf(pinned)('keeps to the indexes with plans made while the ledger was empty', async () => {
    await empty()
    await database.knex.raw('vacuum analyze hbnb_jobs.job_live')
    const room = {
      name,
      total: 200,
      urgentRoom: 200,
      newRoom: 20,
      ordinaryRoom: 180,
      laneLimit: null,
      usualPriority: 5,
    }
    const lanes = Array.from({ length: 100 }, (_, lane) => ({ priority: 5, lane: `t${lane}`, hasWaiting: false }))
    const onePass = async () => {
      await dueQueues(pass.run, [{ name, from: firstLane, laneLimit: null }])
      await supersedeOlder(pass.run, [{ name, lanes, turn: 0 }])
      return await pickRows(pass.run, [room], sharesOf(room, lanes, 0))
    }
    for (let passes = 0; passes < 6; passes += 1) await onePass()
    await load(100)
    const before = await readsOf(pass.run)
    await onePass()
    const after = await readsOf(pass.run)
    expect(after.sequential - before.sequential).toBe(0)
    expect(after.byIndex - before.byIndex).toBeLessThan(10 * rowsLoaded)
  })
})
