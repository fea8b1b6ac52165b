import { afterEach, describe, expect, it } from 'vitest'
import { type RelayWorld, startRelayWorld, type Waiting } from './relay-world.ts'

let world: RelayWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const rows = (count: number, of: (index: number) => Waiting = () => ({})) =>
  Array.from({ length: count }, (_, i) => of(i))

describe('a limit per key', () => {
  const limited = { perKey: { by: ['n'], maxInFlight: 1 } } as const

  it('may be lowered below what is in flight', async () => {
    world = await startRelayWorld(limited)
    const inFlight = await world.accept(rows(3))
    await world.database.knex('hbnb_jobs.job_live').whereIn('id', inFlight).update({ state: 'running', run: 1 })
    await world.accept(rows(2))
    expect(await world.relay.pass()).toBe(0)
    const [other] = await world.accept([{ n: 1 }])
    expect(await world.relay.pass()).toBe(1)
    expect(await world.queued()).toMatchObject([{ id: other }])
  })

  it('holds for all priorities together, the more urgent first', async () => {
    world = await startRelayWorld(limited)
    const [usual, urgent] = await world.accept([{}, { priority: 3 }])
    expect(await world.relay.pass()).toBe(1)
    expect(await world.queued()).toMatchObject([{ id: urgent }])
    expect(await world.relay.pass()).toBe(0)
    await world.serve(1)
    expect(await world.relay.pass()).toBe(1)
    expect(await world.queued()).toMatchObject([{ id: usual }])
  })

  it('counts jobs in flight behind many that wait', async () => {
    world = await startRelayWorld(limited)
    const [running] = await world.accept([{}])
    await world.database.knex('hbnb_jobs.job_live').where({ id: running }).update({ state: 'running', run: 1 })
    const long = Date.now() - 86_400_000
    await world.accept(rows(200, index => ({ runAt: new Date(long + index) })))
    expect(await world.relay.pass()).toBe(0)
  })
})

describe('the room of a queue', () => {
  it('is filled by one lane when no other has anything', async () => {
    world = await startRelayWorld()
    await world.accept(rows(1_000))
    await world.relay.pass()
    expect(await world.queued()).toHaveLength(90)
  })

  it('is divided between more lanes than it has places', async () => {
    world = await startRelayWorld()
    await world.accept(rows(700, index => ({ tenant: `t${index % 350}` })))
    await world.relay.pass()
    const lanes = (await world.queued()).map(({ lane }) => lane)
    expect(lanes).toHaveLength(90)
    expect(new Set(lanes).size).toBe(90)
  })

  it('is not taken by jobs that wait for a retry', async () => {
    world = await startRelayWorld()
    const failing = await world.accept(rows(300, () => ({ n: 13 })))
    const queue = world.backend.queue(world.contract.name)
    await queue.addBulk(
      failing.map(id => ({
        name: queue.name,
        data: { id, run: 1, traceparent: null },
        opts: { jobId: `${id}.1`, delay: 20_000 },
      })),
    )
    await world.database.knex('hbnb_jobs.job_live').whereIn('id', failing).update({ state: 'queued', run: 1 })
    const healthy = await world.accept(rows(50))
    expect(await world.relay.pass()).toBe(50)
    expect(await world.serve(50)).toEqual(healthy)
  })
})

describe('the order in a queue', () => {
  it('is that of arrival over many passes, also when the contract is an urgent one', async () => {
    world = await startRelayWorld({ priority: 3 })
    const accepted: string[] = []
    for (let pass = 0; pass < 5; pass += 1) {
      accepted.push(...(await world.accept(rows(12))))
      await world.relay.pass()
    }
    const served: string[] = []
    while (served.length < accepted.length) served.push(...(await world.serve(5)))
    expect(served).toEqual(accepted)
  })

  it('lets urgent rows go ahead, those that came first first, however late the others come', async () => {
    world = await startRelayWorld()
    const usual = await world.accept(rows(50))
    await world.relay.pass()
    const served: string[] = []
    const urgent: string[] = []
    for (let pass = 0; pass < 10; pass += 1) {
      urgent.push(...(await world.accept(rows(3, () => ({ priority: 1 })))))
      await world.relay.pass()
      served.push(...(await world.serve(2)))
    }
    while (served.length < usual.length + urgent.length) {
      await world.relay.pass()
      served.push(...(await world.serve(2)))
    }
    expect(served.toSorted()).toEqual([...usual, ...urgent].toSorted())
    const isUrgent = new Set(urgent)
    expect(served.filter(id => isUrgent.has(id))).toEqual(urgent)
    expect(served.indexOf(urgent.at(8) ?? '')).toBeLessThan(30)
  })

  it('lets a lane with nothing in flight go ahead', async () => {
    world = await startRelayWorld()
    await world.accept(rows(200, () => ({ tenant: 'busy' })))
    await world.relay.pass()
    await world.serve(20)
    const [small] = await world.accept([{ tenant: 'small' }])
    await world.relay.pass()
    expect(await world.serve(1)).toEqual([small])
  })

  it('lets a lane go ahead whose jobs in flight have all been started', async () => {
    world = await startRelayWorld()
    await world.accept(rows(200, () => ({ tenant: 'busy' })))
    await world.relay.pass()
    await world.serve(20)
    const started = await world.accept(rows(2, () => ({ tenant: 'small' })))
    await world.database.knex('hbnb_jobs.job_live').whereIn('id', started).update({ state: 'running', run: 1 })
    const [next] = await world.accept([{ tenant: 'small' }])
    await world.relay.pass()
    expect(await world.serve(1)).toEqual([next])
    const [after, last] = await world.accept([{ tenant: 'small' }, { tenant: 'small' }])
    await world.relay.pass()
    expect(await world.serve(2)).toEqual([after, last])
  })

  it('lets no lane go before jobs of its own that wait', async () => {
    world = await startRelayWorld()
    await world.accept(rows(200, () => ({ tenant: 'busy' })))
    await world.relay.pass()
    await world.serve(40)
    const [first] = await world.accept([{ tenant: 'small' }])
    await world.relay.pass()
    await world.accept([{ tenant: 'small' }])
    await world.relay.pass()
    expect(await world.serve(1)).toEqual([first])
  })

  it('begins with the first lane again where none is behind the last that was looked at', async () => {
    world = await startRelayWorld()
    await world.accept(rows(500, index => ({ tenant: `t${String(index).padStart(3, '0')}` })))
    expect(await world.relay.pass()).toBeGreaterThan(0)
    let moved = 0
    for (let passes = 0; passes < 3; passes += 1) {
      await world.serve(100)
      moved += await world.relay.pass()
    }
    expect(moved).toBeGreaterThan(0)
  })

  it('does not let new lanes without end go before one that waits', async () => {
    world = await startRelayWorld()
    const waiting = await world.accept(rows(80, () => ({ tenant: 'busy' })))
    await world.relay.pass()
    const served = new Set<string>()
    for (let round = 0; round < 80; round += 1) {
      await world.accept(rows(2, index => ({ tenant: `new ${round} ${index}` })))
      await world.relay.pass()
      for (const id of await world.serve(2)) served.add(id)
    }
    expect(waiting.filter(id => !served.has(id))).toEqual([])
  })
})

describe('a unique key', () => {
  const unique = { unique: { by: ['n'] } } as const

  it('lets only the newest in, among many of many keys, and nothing beside one in flight', async () => {
    world = await startRelayWorld(unique)
    const ids = await world.accept(rows(2_400, index => ({ n: index % 4 })))
    const newest = ids.slice(-4)
    const seen = new Set<string>()
    for (let pass = 0; pass < 8; pass += 1) {
      await world.relay.pass()
      for (const { id } of await world.queued()) seen.add(id)
    }
    expect([...seen].toSorted()).toEqual(newest.toSorted())
    await world.accept(rows(4, index => ({ n: index })))
    expect(await world.relay.pass()).toBe(0)
    const ended = await world.database.knex('hbnb_jobs.job_outcomes').where({ outcome: 'skipped' }).count('* as count')
    expect(ended).toEqual([{ count: '2396' }])
  })

  it('passes over keys in flight in one lane', async () => {
    world = await startRelayWorld(unique)
    await world.accept(rows(60, index => ({ n: index })))
    await world.relay.pass()
    await world.accept(rows(60, index => ({ n: index })))
    const [free] = await world.accept([{ n: 1_000 }])
    expect(await world.relay.pass()).toBe(1)
    expect((await world.queued()).map(({ id }) => id)).toContain(free)
  })
})
