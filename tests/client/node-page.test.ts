import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { developmentSecrets } from '../../src/config/defaults.ts'
import { testKey } from '../support/intake.ts'
import { givenSqlCaller, type SqlCaller } from '../ledger/sql-caller.ts'
import { installedClient } from './installed-client.ts'
import { startWaitingWorld, startWithinMs, type WaitingWorld } from './waiting-world.ts'

const root = join(import.meta.dirname, '../..')

let folder: string
let here: WaitingWorld
let caller: SqlCaller
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hbnb-node-page-'))
  await installedClient(folder)
  for (const name of ['pg', 'knex']) await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  here = await startWaitingWorld()
  caller = await givenSqlCaller(here.world.config.database.url)
}, startWithinMs)
afterAll(async () => {
  await caller.close()
  await here.close()
  await rm(folder, { recursive: true })
})

test(
  'docs/upstream/node.md runs from top to bottom',
  async () => {
    const { knex } = here.world.database
    for (const id of ['42', '43', '44']) await here.stay(id)
    await knex.raw("create table bookings as select '42' as id, 'pending' as status")
    await knex.raw('grant select, update on bookings to public')
    const page = await readFile(join(root, 'docs/upstream/node.md'), 'utf8')
    const snippets = [...page.matchAll(/^```js\n(?<code>[\s\S]*?)^```$/gm)].map(({ groups }) => groups?.['code'] ?? '')
    expect(snippets.length).toBeGreaterThan(9)
    await writeFile(join(folder, 'app.mjs'), snippets.join('\n'))

    const { user, password, host, port, database } = caller.client
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['app.mjs'], {
      cwd: folder,
      env: {
        HBNB_JOBS_URL: here.intakeUrl,
        HBNB_JOBS_KEY: testKey,
        WEBHOOK_SECRET: developmentSecrets.WEBHOOK_SECRET,
        DATABASE_URL: `postgres://${user}:${password}@${host}:${port}/${database}`,
      },
    })
    const said = stdout.split('\n')
    expect(stderr).toBe('')
    expect(said[0]).toMatch(/^[0-9a-f-]{36} waiting$/)
    expect(said).toEqual(
      expect.arrayContaining([
        'true true',
        expect.stringMatching(/^\{ .*email: 'send'.* \}$/),
        'end completed',
        'cancelled',
        'stored',
        'accepted',
        expect.stringMatching(/^invalid-payload \[/),
        '3',
      ]),
    )
    expect(await knex('platform.users').where({ id: 'guest-42' }).pluck('email')).toEqual(['camille@example.org'])
    expect(await knex('hbnb_jobs.webhook_inbox').pluck('entity')).toEqual(['booking:45'])
    expect(await knex('bookings')).toEqual([{ id: '42', status: 'confirmed' }])
    const made = await knex('hbnb_jobs.jobs').where({ name: 'notifications.send' }).select('id', 'entity', 'batch_id')
    // Once alone, once under a key, one for later, three in the batch, two by SQL.
    expect(made).toHaveLength(8)
    expect(said).toContain(made.filter(({ entity }) => entity === 'booking:42').at(-1)?.id)
    expect(made.filter(({ batch_id }) => batch_id !== null)).toHaveLength(3)
  },
  startWithinMs,
)
