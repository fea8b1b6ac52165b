import { z } from 'zod'
import type { SandboxControl } from '../../../src/sandbox/control-client.ts'
import type { Random } from '../../chaos/random.ts'
import { deliverEvent, type EventBody } from '../../support/deliver-event.ts'
import { until } from '../../support/until.ts'
import type { EventWorld } from './event-world.ts'
import type { Life } from './lives.ts'

const repeatChance = 0.3

interface Delivery {
  readonly body: EventBody
  readonly eventId: string
  readonly scheme: 'standard' | 'legacy'
}

/** Lets the platform know what it would know, and the mirror the hosts it knows beforehand. */
export async function begin(world: EventWorld, platform: SandboxControl, lives: readonly Life[]): Promise<void> {
  for (const { path, id, entity } of lives.flatMap(life => life.platform))
    await platform.platformKnows(path, id, entity)
  const hosts = lives.flatMap(({ host }) => host ?? [])
  await world.database.knex('platform.users').insert(
    hosts.map(({ id }) => ({
      id,
      version: 1,
      first_name: 'Nour',
      last_name: '',
      locale: 'en',
      email: `${id}@example.test`,
    })),
  )
}

/** Each event once, in its order, the next one when the last was dealt with. */
export async function tellInOrder(world: EventWorld, lives: readonly Life[]): Promise<void> {
  await Promise.all(
    lives.map(async ({ events }) => {
      for (const event of events) await world.react(event)
    }),
  )
}

/** All events of all lives in any order, many of them again: the same, under another id, by the weaker scheme. */
export async function tellInAnyOrder(world: EventWorld, lives: readonly Life[], random: Random): Promise<void> {
  const events = lives.flatMap(life => life.events)
  const deliveries = events.flatMap((body, index): Delivery[] => {
    const first: Delivery = { body, eventId: `${random.int(0, 1e9)}-${index}`, scheme: 'standard' }
    const twins: Delivery[] = [
      first,
      { ...first, eventId: `again-${first.eventId}` },
      { ...first, eventId: `sha256:${first.eventId}`, scheme: 'legacy' },
    ]
    return [first, ...twins.filter(() => random.chance(repeatChance))]
  })
  for (const { body, ...how } of shuffled(deliveries, random)) await deliverEvent(world, body, how)
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map(item => ({ item, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/** Waits until the jobs of a type, or all jobs, have ended. Says what is still open when they do not. */
export async function allEnded(world: EventWorld, name?: string): Promise<void> {
  const live = world.database.knex('hbnb_jobs.job_live').where(name === undefined ? {} : { name })
  const none = async () => (await live.clone().first('id')) === undefined
  await until(`all ${name ?? 'jobs'} have ended`, none, 60_000).catch(async (cause: unknown) => {
    const open = await live.clone().select('name', 'state', 'attempts', 'last_error').limit(5)
    throw new Error(`some jobs did not end, such as ${JSON.stringify(open)}`, { cause })
  })
}

const sends = z.array(z.object({ provider_id: z.string(), template: z.string(), user_id: z.string() }))

/** What a run has led to, without its name: the mirror, what was asked for, and what people got. */
export async function outcomeOf(world: EventWorld, run: string) {
  const { knex } = world.database
  const nameless = (value: unknown): string => JSON.stringify(value).replaceAll(run, 'RUN')
  const ofRun = `%${run}%`

  const mirror: string[] = []
  for (const table of ['users', 'places', 'bookings', 'payments']) {
    const rows = await knex(`platform.${table}`).where('id', 'like', ofRun).orderBy('id')
    mirror.push(...rows.map(row => nameless({ ...row, synced_at: null })))
  }
  const notifications = await knex('hbnb_jobs.jobs')
    .where({ name: 'notifications.send' })
    .where('entity', 'like', ofRun)
    .select('entity', 'payload')
  const asked = notifications.map(({ entity, payload }) =>
    nameless(`${entity}: ${payload.template} to ${payload.user_id}`),
  )
  const recorded = await knex('hbnb_jobs.effects as e')
    .join('hbnb_jobs.deliveries as d', 'd.job_id', 'e.job_id')
    .join('hbnb_jobs.notifications as n', 'n.id', 'd.notification_id')
    .where('n.user_id', 'like', ofRun)
    .select('e.provider_id', 'n.template', 'n.user_id')
  const sendOf = new Map(sends.parse(recorded).map(send => [send.provider_id, send]))
  const sent = (await world.control.effects()).flatMap(({ provider, id, content }) => {
    const send = sendOf.get(id)
    // What is unread when a push leaves depends on what left before it.
    const text = content.kind === 'mail' ? [content.subject, content.text] : { ...content, badge: null }
    return send ? nameless([provider, send.user_id, send.template, text]) : []
  })
  return { mirror, asked: asked.toSorted(), sent: sent.toSorted() }
}
