import { entityPaths } from '../../src/intake/routes/platform/entity-paths.ts'
import { keptAs } from '../../src/mirror/kept-as.ts'
import { entityBodies } from '../support/entity-bodies.ts'
import type { TestIntake } from '../support/intake.ts'
import type { Scenario } from './contract-scenarios.ts'

const json = { 'content-type': 'application/json' }

/** Does something while a table of the read model is a view. */
async function asView(intake: TestIntake, table: string, work: () => Promise<unknown>): Promise<void> {
  const { knex } = intake.database
  await knex.raw(`alter table ${table} rename to of_the_app`)
  await knex.raw(`create view ${table} as select * from platform.of_the_app`)
  await work()
  await knex.raw(`drop view ${table}`)
  await knex.raw(`alter table platform.of_the_app rename to ${table.replace('platform.', '')}`)
}

/** A body of each operation that tells of an entity. */
export const entityTries: Readonly<Record<string, unknown>> = Object.fromEntries(
  entityPaths.map(({ kind, name }) => [`put${name}`, entityBodies[kind]]),
)

const ofKinds = entityPaths.flatMap(({ kind, path, name }): [string, Scenario][] => {
  const { table } = keptAs[kind]
  const body = entityBodies[kind]
  const at = (id: string) => path.replace(/\{\w+\}/, id)
  const put = (id: string, told: unknown) => ({
    method: 'PUT',
    path: at(id),
    headers: json,
    body: JSON.stringify(told),
  })
  return [
    [
      `put${name}`,
      async (_operation, send, intake) => {
        for (const told of [body, body, { ...body, version: 0 }]) await send(put('contract', told))
        const { knex } = intake.database
        const digest = knex.raw(`digest || 'x'`)
        await knex('platform.versions').where({ kind, id: 'contract' }).update({ digest })
        await send(put('contract', body))
        await asView(intake, table, async () => await send(put('contract', body)))
      },
    ],
    [
      `show${name}`,
      async (_operation, send, intake) => {
        await intake.send('PUT', at('shown'), body)
        for (const id of ['shown', 'of-nobody']) await send({ method: 'GET', path: at(id) })
      },
    ],
    [
      `delete${name}`,
      async (_operation, send, intake) => {
        await intake.send('PUT', at('deleted'), body)
        const remove = (id: string, version: number) => ({ method: 'DELETE', path: `${at(id)}?version=${version}` })
        for (const version of [0, 1]) await send(remove('deleted', version))
        await send(remove('two%20words', 1))
        await asView(intake, table, async () => await send(remove('deleted', 2)))
      },
    ],
  ]
})

const devices = (method: string, user: string) => ({
  method,
  path: `/v1/users/${user}/devices/t`,
  ...(method === 'PUT' ? { headers: json, body: '{}' } : {}),
})

/** What the operations of the mirror alone can answer. */
export const platformScenarios: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(ofKinds),
  async putDevice(_operation, send, intake) {
    await intake.send('PUT', '/v1/users/contract', entityBodies.user)
    for (const user of ['contract', 'contract', 'of-nobody', 'two%20words']) await send(devices('PUT', user))
    await asView(intake, 'platform.devices', async () => await send(devices('PUT', 'contract')))
  },
  async removeDevice(_operation, send, intake) {
    for (const user of ['contract', 'two%20words']) await send(devices('DELETE', user))
    await asView(intake, 'platform.devices', async () => await send(devices('DELETE', 'contract')))
  },
  async listDevices(_operation, send, intake) {
    await intake.send('PUT', '/v1/users/contract', entityBodies.user)
    await send({ method: 'GET', path: '/v1/users/contract/devices' })
  },
}
