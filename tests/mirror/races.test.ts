import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsIn } from '../../src/db/statement.ts'
import { deviceTokensOf } from '../../src/db/users.ts'
import { deleteEntity } from '../../src/mirror/delete-entity.ts'
import type { Told } from '../../src/mirror/told.ts'
import { writeEntities } from '../../src/mirror/write-entities.ts'
import { until } from '../support/until.ts'
import { booking, place, startMirror, tell, user } from './mirror-world.ts'

let mirror: Awaited<ReturnType<typeof startMirror>>
beforeAll(async () => {
  mirror = await startMirror()
})
afterAll(async () => await mirror.close())

/** Resolves once exactly this many connections to the test's database wait for a lock. */
async function waiting(count: number): Promise<void> {
  await until(`${count} to wait for a lock`, async () => {
    const { rows } = await mirror.knex.raw<{ rows: unknown[] }>(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows.length === count
  })
}

/** A transaction that has told, and has not committed yet. */
async function holding(...told: Told[]): Promise<Knex.Transaction> {
  const tx = await mirror.knex.transaction()
  await writeEntities(statementsIn(tx), told)
  return tx
}

const nameOf = async (id: string): Promise<unknown> => {
  const row = await mirror.knex('platform.users').where({ id }).first<{ first_name: string } | undefined>('first_name')
  return row?.first_name
}

describe.each(['unknown', 'known'])('of two writers at once, of a person who was %s', before => {
  let id: string
  let count = 0
  async function given(): Promise<void> {
    count += 1
    id = `${before}-${count}`
    if (before === 'known') await mirror.tell(user(id, 1))
  }

  test.each([
    [2, 3, 'stored'],
    [3, 2, 'outdated'],
    [3, 3, 'version-reused'],
  ])('the newer one stays: %i commits before %i', async (first, second, written) => {
    await given()
    const earlier = await holding(user(id, first, { first_name: `v${first}` }))
    const later = mirror.tell(user(id, second, { first_name: second === first ? 'else' : `v${second}` }))
    await waiting(1)
    await earlier.commit()
    expect(await later).toEqual([written])
    expect(await nameOf(id)).toBe('v3')
  })

  test('one that is rolled back has told nothing', async () => {
    await given()
    const earlier = await holding(user(id, 3))
    const later = mirror.tell(user(id, 2, { first_name: 'v2' }))
    await waiting(1)
    await earlier.rollback()
    expect(await later).toEqual(['stored'])
    expect(await nameOf(id)).toBe('v2')
  })
})

describe('a deletion', () => {
  test('that comes while the person is written takes what was written', async () => {
    const earlier = await holding(user('written', 2))
    const deletion = deleteEntity(mirror.knex, 'user', 'written', 3)
    await waiting(1)
    await earlier.commit()
    expect(await deletion).toEqual({ deleted: 'deleted', knownVersion: 3 })
    expect(await nameOf('written')).toBeUndefined()
  })

  test('is outdated by a newer version that is just being written', async () => {
    const earlier = await holding(user('renewed', 4, { first_name: 'v4' }))
    const deletion = deleteEntity(mirror.knex, 'user', 'renewed', 3)
    await waiting(1)
    await earlier.commit()
    expect(await deletion).toEqual({ deleted: 'outdated', knownVersion: 4 })
    expect(await nameOf('renewed')).toBe('v4')
  })

  test.each([
    [2, 'outdated', undefined],
    [3, 'outdated', undefined],
    [4, 'stored', 'v4'],
  ])('under way at version 3, and version %i is told: %s', async (version, written, name) => {
    const id = `deleted-${version}`
    await mirror.tell(user(id, 1))
    // Whoever reads the row for a moment stops the deletion between its two statements.
    const reader = await mirror.knex.transaction()
    await reader('platform.users').where({ id }).forUpdate().first('id')
    const deletion = deleteEntity(mirror.knex, 'user', id, 3)
    await waiting(1)
    const telling = mirror.tell(user(id, version, { first_name: `v${version}` }))
    await waiting(2)
    await reader.commit()
    expect([await deletion, await telling]).toEqual([{ deleted: 'deleted', knownVersion: 3 }, [written]])
    expect(await nameOf(id)).toBe(name)
  })
})

describe('many at once', () => {
  const writers = 6
  const rounds = 8
  const entities = 40

  test('in any order wait for nobody for ever', async () => {
    const ids = Array.from({ length: entities }, (_, index) => `crowd-${index}`)
    const work = Array.from({ length: writers }, async (_, writer) => {
      for (let round = 1; round <= rounds; round += 1) {
        const told = ids.flatMap(id => {
          const tokens = [`token-${(ids.indexOf(id) + writer) % entities}`, `token-${(ids.indexOf(id) * 7) % entities}`]
          return [booking(id, round), user(id, round * writers + writer, { fcm_tokens: tokens }), place(id, round)]
        })
        await tell(mirror.knex, writer % 2 === 0 ? told : told.toReversed())
        if (writer === 0) await deleteEntity(mirror.knex, 'user', `crowd-${round}`, round * writers)
      }
    })
    await Promise.all(work)
    const { rows } = await mirror.knex.raw<{ rows: unknown[] }>(
      `select from platform.versions where kind = 'user' and id like 'crowd-%' and version = ? and digest is not null`,
      [rounds * writers + writers - 1],
    )
    expect(rows).toHaveLength(entities)
    const owned = await Promise.all(ids.map(async id => await deviceTokensOf(mirror.knex, id)))
    expect(owned.flat().toSorted()).toEqual([...new Set(owned.flat())].toSorted())
  })

  test('may name the same devices, which belong to one of them each in the end', async () => {
    const tokens = Array.from({ length: 100 }, (_, index) => `phone-${index}`)
    const work = Array.from({ length: writers }, async (_, writer) => {
      for (let round = 1; round <= rounds; round += 1) {
        // Each writer has a person of its own, so that nobody waits for the row of a person first.
        const named = tokens.filter((_token, index) => (index + writer + round) % 3 > 0)
        const fcm_tokens = writer % 2 === 0 ? named : named.toReversed()
        await mirror.tell(user(`names-${writer}`, round, { fcm_tokens }))
        if (writer === 0) await deleteEntity(mirror.knex, 'user', 'names-1', round)
      }
    })
    await Promise.all(work)
    const owned = await Promise.all(
      Array.from({ length: writers }, async (_, writer) => await deviceTokensOf(mirror.knex, `names-${writer}`)),
    )
    expect(owned.flat().toSorted()).toEqual([...new Set(owned.flat())].toSorted())
    expect(owned.flat().length).toBeGreaterThan(tokens.length / 2)
  })

  test('leave what the highest version says, a deletion or not', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `end-${index}`)
    const versions = Array.from({ length: 12 }, (_, index) => index + 1)
    const steps = ids.flatMap((id, index) =>
      versions.map(version => ({ id, version, gone: (version + index) % 3 === 0 })),
    )
    const shuffled = steps.toSorted((a, b) => ((a.version * 7 + a.id.length) % 5) - ((b.version * 7 + b.id.length) % 5))
    await Promise.all(
      shuffled.map(async ({ id, version, gone }) =>
        gone
          ? await deleteEntity(mirror.knex, 'user', id, version)
          : await mirror.tell(user(id, version, { first_name: `v${version}` })),
      ),
    )
    const names = await Promise.all(ids.map(nameOf))
    expect(names).toEqual(ids.map((_, index) => ((12 + index) % 3 === 0 ? undefined : 'v12')))
  })
})
