import { afterAll, beforeAll, expect, it } from 'vitest'
import { rankOf, reachedBy } from '../../../src/domain/events/lives.ts'
import { stateOf } from '../../../src/domain/events/occurrence.ts'
import { type SandboxControl, sandboxControl } from '../../../src/sandbox/control-client.ts'
import { type Sandbox, startSandbox } from '../../../src/sandbox/start-sandbox.ts'
import { randomOf } from '../../chaos/random.ts'
import { type EventWorld, startEventWorld } from './event-world.ts'
import { killWhileWorking, loseOutcomes } from './faults.ts'
import { type Life, lifeOf, type Strand } from './lives.ts'
import { allEnded, begin, outcomeOf, tellInAnyOrder, tellInOrder } from './play.ts'

const livesPerRun = 8
const seed = 20_261_122
const kills = 2
const withinMs = 90_000

let platform: Sandbox
let control: SandboxControl
let world: EventWorld
beforeAll(async () => {
  platform = await startSandbox()
  control = sandboxControl(platform.url)
  world = await startEventWorld({ UPSTREAM_API_URL: `${platform.url}/platform`, UPSTREAM_API_KEY: 'ours' })
  await begin(world, control, livesOf('in-order', true))
  await tellInOrder(world, livesOf('in-order', true))
  await sendAll()
}, withinMs)
afterAll(async () => {
  await world.close()
  await platform.close()
})

/** Of all runs the same lives, under other names. */
function livesOf(run: string, isNumbered: boolean): Life[] {
  const random = randomOf(seed)
  return Array.from({ length: livesPerRun }, (_, index) => lifeOf(random, `${run}-${index}`, { isNumbered }))
}

it('tells in order what all else is held against', async () => {
  const { asked, sent } = await outcomeOf(world, 'in-order')
  expect(asked.length).toBeGreaterThan(livesPerRun)
  for (const provider of ['sendgrid', 'twilio', 'fcm']) {
    expect(sent.filter(one => one.includes(provider)).length).toBeGreaterThan(livesPerRun / 2)
  }
})

it(
  'makes the same of numbered events in any order, again and again, with kills',
  async () => {
    const lives = livesOf('shuffled', true)
    const random = randomOf(seed).stream('shuffled')
    await begin(world, control, lives)
    await world.stopWorkers()
    await tellInAnyOrder(world, lives, random)
    for (let kill = 0; kill < kills; kill += 1) await killWhileWorking(world)
    await world.startWorkers()
    await allEnded(world, 'webhooks.process')
    expect(await loseOutcomes(world, random)).toBeGreaterThan(0)
    await allEnded(world, 'webhooks.process')
    await sendAll()
    expect(await outcomeOf(world, 'shuffled')).toEqual(await outcomeOf(world, 'in-order'))
  },
  withinMs,
)

it(
  'makes of events without numbers the same mirror, nothing twice or too late, and says what it left out',
  async () => {
    const lives = livesOf('by-state', false)
    await begin(world, control, lives)
    await tellInAnyOrder(world, lives, randomOf(seed).stream('by-state'))
    await allEnded(world, 'webhooks.process')
    await sendAll()
    const [found, inOrder] = [await outcomeOf(world, 'by-state'), await outcomeOf(world, 'in-order')]
    expect(found.mirror).toEqual(inOrder.mirror)
    expect(notIn(found.asked, inOrder.asked)).toEqual([])
    expect(notIn(found.sent, inOrder.sent)).toEqual([])
    for (const strand of lives.flatMap(life => life.strands)) await expectAccountOf(strand)
  },
  withinMs,
)

/** Lets the messages go, now that all is known, and waits for the last of them. */
async function sendAll(): Promise<void> {
  await world.letMessagesGo()
  await allEnded(world)
  const outcomes = world.database.knex('hbnb_jobs.job_outcomes')
  expect(await outcomes.whereNotIn('outcome', ['completed', 'skipped']).pluck('error')).toEqual([])
  await world.holdMessages()
}

/** What is in the first list more often than in the second. */
function notIn(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other]
  return list.filter(item => {
    const at = left.indexOf(item)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** Every step has led to messages or was superseded with a reason, and none was made after what forbids it. */
async function expectAccountOf({ entity, events: [first, ...others] }: Strand): Promise<void> {
  const reached = first && reachedBy[first.event]
  if (!reached) return
  const reactions = await world.database.knex('hbnb_jobs.reactions').where({ entity }).orderBy('reacted_at')
  expect(reactions, entity).toHaveLength(1 + others.length)
  for (const { superseded, job_ids } of reactions) {
    if (superseded === null) expect(job_ids.length).toBeGreaterThan(0)
    else expect({ superseded, job_ids }).toEqual({ superseded: expect.stringMatching(/^too late: /), job_ids: [] })
  }
  const made = reactions.filter(({ superseded }) => superseded === null)
  const ranks = made.map(({ step }) => rankOf(reached.life, stateOf(step)))
  expect(ranks, entity).toEqual(ranks.toSorted((a, b) => a - b))
}
