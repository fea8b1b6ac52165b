import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCatalog } from '../../queues/catalog.ts'
import { syncContractSchedules } from '../../src/ledger/schedules/sync-contracts.ts'
import { startWorld, type World } from '../support/world.ts'
import { until } from '../support/until.ts'
import { commandLine } from './command-line.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
  await syncContractSchedules(world.database.knex, await loadCatalog())
})
afterAll(() => world.close())

test('the real processes are well; without workers it is said so', async () => {
  const jobs = commandLine(world.config.database.url)
  expect(await jobs('doctor')).toMatchObject({ code: 0, out: 'All is well.\n', complaint: '' })
  expect((await jobs('top')).out).toMatch(/PROCESS +KIND.*\n *\d+ +relay .*\n *\d+ +worker /)
  await world.stopWorkers()
  await until('it is noticed', async () =>
    (await jobs('doctor')).out.startsWith('BAD  processes: no worker is alive\n'),
  )
})
