import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addressSha256, suppress } from '../../../src/db/suppressions.ts'
import { newJobId } from '../../../src/ledger/job-id.ts'
import { notificationStanding } from '../../../src/ledger/notification-standing.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

const people = 2_000
/** One request each: few of the people have any. */
const devices = 150
/** Ids and addresses of people rise together. */
const idOf = (n: number) => `person-${String(n).padStart(5, '0')}`

let world: World
beforeEach(async () => {
  world = await startWorld()
  await world.database.knex.raw(
    `insert into platform.users (id, version, first_name, last_name, email, country, zone)
     select 'person-' || lpad(n::text, 5, '0'), 1, 'Zoé', 'Durand', 'person-' || lpad(n::text, 5, '0') || '@example.test', 'FR',
       'Europe/Paris'
     from generate_series(0, ? - 1) n`,
    [people],
  )
  await world.database.knex.raw(
    `insert into platform.devices (token, user_id) select 'token-' || id, id from platform.users order by id limit ?`,
    [devices],
  )
  await world.database.knex.raw(
    `insert into platform.preferences (id, version, notifications)
     select id, 1, '{"news": {"push": true, "email": true}}' from platform.users`,
  )
})
afterEach(() => world.close())

async function givenBroadcast(choices: Record<string, unknown> = {}): Promise<string> {
  const id = newJobId()
  await world.database.knex('hbnb_jobs.broadcasts').insert({
    id,
    title: 'L’été à Arcachon',
    body: 'Venez à la fête\u202f!',
    locale: 'fr',
    category: 'news',
    channels: ['push', 'email'],
    ...choices,
  })
  return id
}
const begin = async (id: string) =>
  await world.accept(world.contract('notifications.broadcast'), { broadcast_id: id }, { id })
const deliveries = async (where: Record<string, unknown>) =>
  await world.database
    .knex('hbnb_jobs.deliveries as d')
    .join('hbnb_jobs.notifications as n', 'n.id', 'd.notification_id')
    .where(where)
    .select('d.channel', 'd.decision', 'd.reason')
    .orderBy('d.channel')

describe('notifications.broadcast', () => {
  it('tells two thousand people on both channels with two calls to SendGrid, also when it runs twice', async () => {
    const id = await begin(await givenBroadcast())
    const told = { outcome: 'completed', result: { people, mails: people, pushes: devices } }
    expect(await world.ended(id)).toMatchObject(told)
    const counts = await world.control.counts()
    expect(counts.sendgrid).toMatchObject({ requests: 2, sent: people })
    expect(counts.fcm).toMatchObject({ sent: devices })

    const { knex } = world.database
    await knex('hbnb_jobs.job_outcomes').where({ id }).delete()
    await knex.raw(
      `insert into hbnb_jobs.job_live (id, name, priority, run_at, run, token)
       select id, name, priority, now(), 1000, 1000 from hbnb_jobs.jobs where id = ?`,
      [id],
    )
    expect(await world.ended(id)).toMatchObject(told)
    expect(await world.control.counts()).toEqual(counts)
    expect(await knex('hbnb_jobs.effects').whereNot({ state: 'accepted' })).toEqual([])
  })

  it('leaves out whoever has not asked for it, and keeps why', async () => {
    const { knex } = world.database
    await knex('platform.preferences')
      .where({ id: idOf(0) })
      .delete()
    await suppress(knex, [
      {
        channel: 'email',
        addressSha256: addressSha256('email', `${idOf(1)}@example.test`),
        reason: 'bounced',
        source: 'test',
      },
    ])
    await knex('platform.users')
      .where({ id: idOf(2) })
      .update({ email: 'nobody' })
    const id = await begin(await givenBroadcast({ user_ids: [idOf(0), idOf(1), idOf(2), idOf(3), 'stranger'] }))
    expect(await world.ended(id)).toMatchObject({ result: { people: 4, mails: 2, pushes: 3 } })
    expect(await deliveries({ 'n.user_id': idOf(0) })).toEqual([
      { channel: 'email', decision: 'suppress', reason: 'not-opted-in' },
      { channel: 'push', decision: 'suppress', reason: 'not-opted-in' },
    ])
    const faulty = await knex('hbnb_jobs.notifications')
      .where({ user_id: idOf(2) })
      .first()
    const standing = await notificationStanding(world.database.run, faulty)
    expect(standing.deliveries.map(({ state }) => state)).toEqual(['sent', 'failed'])
    expect(await deliveries({ 'n.user_id': idOf(1) })).toMatchObject([{ reason: 'bounced' }, { decision: 'send' }])
    const { sendgrid, fcm } = await world.control.counts()
    expect(sendgrid.recipients).toEqual({ [`${idOf(3)}@example.test`]: 1 })
    expect(fcm.recipients).toEqual(Object.fromEntries([1, 2, 3].map(n => [`token-${idOf(n)}`, 1])))
  })

  it('gives each reader a link of their own to leave', async () => {
    await world.ended(await begin(await givenBroadcast({ user_ids: [idOf(0), idOf(1)], channels: ['email'] })))
    const links = await Promise.all(
      [0, 1].map(async n => {
        const [mail] = await world.control.effects({ recipient: `${idOf(n)}@example.test` })
        if (mail?.content.kind !== 'mail') throw new Error('no mail')
        const link = /^<(.+)>$/.exec(mail.content.headers['List-Unsubscribe'] ?? '')?.[1] ?? ''
        expect(mail.content.html).toContain(`<a href="${link}"`)
        expect(mail.content).toMatchObject({ subject: 'L’été à Arcachon', from: expect.any(String) })
        return link
      }),
    )
    expect(new Set(links)).toHaveLength(2)
  })

  it('goes on where its cursor stands, and tells nobody of whom it knows that they were told', async () => {
    const id = await begin(await givenBroadcast({ walked_to: idOf(people - 11), people: people - 10 }))
    expect(await world.ended(id)).toMatchObject({ result: { people, mails: 10, pushes: 0 } })
    expect((await world.control.counts()).sendgrid).toMatchObject({ requests: 1, sent: 10 })
  })

  it('goes on with the chunk at which it broke off, and tells nobody twice', async () => {
    // A sequence keeps what it has counted when its transaction is undone.
    await world.database.knex.raw(`
      create sequence hbnb_jobs.broken;
      create function hbnb_jobs.break_once() returns trigger language plpgsql as $$ begin
        if new.people = ${people} and nextval('hbnb_jobs.broken') = 1 then raise exception 'broken off'; end if;
        return new;
      end $$;
      create trigger break_once before update on hbnb_jobs.broadcasts for each row execute function hbnb_jobs.break_once();
    `)
    const id = await begin(await givenBroadcast({ channels: ['email'] }))
    expect(await world.ended(id)).toMatchObject({
      outcome: 'completed',
      attempts: 2,
      result: { people, mails: people },
    })
    const { sendgrid } = await world.control.counts()
    expect(sendgrid).toMatchObject({ requests: 2, sent: people })
    expect(Object.keys(sendgrid.recipients)).toHaveLength(people)
  })

  it('decides nobody any more once it is cancelled', async () => {
    const id = await begin(await givenBroadcast({ cancelled_at: new Date() }))
    expect(await world.ended(id)).toMatchObject({ outcome: 'skipped', reason: 'cancelled' })
    expect((await world.control.counts()).sendgrid.requests).toBe(0)
  })

  it('waits for the morning of whoever sleeps, with one more call for all of them', async () => {
    const { knex } = world.database
    await knex('platform.preferences')
      .whereIn('id', [idOf(0), idOf(1)])
      .update({
        quiet_from: knex.raw(`(now() at time zone 'Europe/Paris' - interval '1 hour')::time`),
        quiet_to: knex.raw(`(now() at time zone 'Europe/Paris' + interval '1 hour')::time`),
      })
    await begin(await givenBroadcast({ user_ids: [0, 1, 2].map(idOf), channels: ['email'] }))
    await until('the one who is awake is told', async () => (await world.control.counts()).sendgrid.sent === 1)
    expect(await deliveries({ 'd.decision': 'defer' })).toHaveLength(2)
    expect(await knex('hbnb_jobs.jobs').where({ name: 'email.send-batch' })).toHaveLength(2)
  })
})
