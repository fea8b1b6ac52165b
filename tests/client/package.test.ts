import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'
import { installedClient } from './installed-client.ts'

const run = promisify(execFile)
const modules = join(import.meta.dirname, '../../node_modules')

let folder: string
let intake: TestIntake
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hbnb-client-'))
  ;[intake] = await Promise.all([startIntake(), installedClient(folder)])
}, 120_000)
afterAll(async () => {
  await intake.close()
  await rm(folder, { recursive: true })
})

const program = `
import { createClient, JobsProblem } from 'hbnb-jobs-client'
const client = createClient({ url: process.env.HBNB_JOBS_URL, key: process.env.HBNB_JOBS_KEY })
const payload = { user_id: 'u-7', template: 'booking-confirmation', booking_id: '42' }
const job = await client.enqueue('notifications.send', payload)
const refused = await client.enqueue('notifications.send', {}).catch(error => error)
console.log(JSON.stringify({
  node: process.version,
  id: job.id,
  shown: (await client.jobs.get(job)).id,
  refused: refused instanceof JobsProblem && refused.errors.map(({ field }) => field),
}))
`

const printed = z.object({ node: z.string(), id: z.uuid(), shown: z.uuid(), refused: z.array(z.string()) })

/** The Node of this project, and the one of the machine, which may be older. */
async function nodes(): Promise<string[]> {
  const path = (process.env.PATH ?? '').split(delimiter).filter(place => !place.includes('node_modules'))
  const env = { ...process.env, PATH: path.join(delimiter) }
  const found = await run('node', ['-p', 'process.execPath'], { env }).catch(() => undefined)
  return [...new Set([process.execPath, ...(found ? [found.stdout.trim()] : [])])]
}

test('plain JavaScript uses it', async () => {
  await writeFile(join(folder, 'app.mjs'), program)
  for (const node of await nodes()) {
    const env = { HBNB_JOBS_URL: intake.url, HBNB_JOBS_KEY: testKey }
    const { stdout, stderr } = await run(node, ['app.mjs'], { cwd: folder, env })
    const { id, shown, refused } = printed.parse(JSON.parse(stdout))
    expect(shown).toBe(id)
    expect(refused.toSorted()).toEqual(['/template', '/user_id'])
    expect(stderr).toBe('')
  }
})

const typed = `
import { createClient, type EndedJob } from 'hbnb-jobs-client'
const client = createClient({ url: 'http://127.0.0.1', key: 'k' })
export async function send(user_id: string): Promise<EndedJob<'notifications.send'>> {
  const payload = { user_id, template: 'booking-confirmation', booking_id: '42' } as const
  return await client.wait(await client.enqueue('notifications.send', payload))
}
// @ts-expect-error -- There is no such job type.
await client.enqueue('notifications.sent', {})
`

// Both sources of fetch and its friends; library types are checked too.
test.each([
  ['the DOM', { lib: ['es2022', 'dom'], types: [] }],
  ['@types/node', { lib: ['es2022'], types: ['node'] }],
])('strict TypeScript uses it with the types of %s', async (_, options) => {
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true })
  for (const types of ['@types/node', 'undici-types']) {
    await symlink(join(modules, types), join(folder, 'node_modules', types)).catch(() => {})
  }
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    ...options,
  }
  await writeFile(join(folder, 'app.mts'), typed)
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.mts'] }))
  const compiling = run(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', folder])
  await expect(compiling.catch((error: { stdout?: string }) => error.stdout)).resolves.toMatchObject({ stdout: '' })
})

test('it brings nothing else, and its page and licence with it', async () => {
  const place = join(folder, 'node_modules/hbnb-jobs-client')
  const manifest = JSON.parse(await readFile(join(place, 'package.json'), 'utf8'))
  expect(Object.keys(manifest)).not.toContain('dependencies')
  expect(await readFile(join(place, 'README.md'), 'utf8')).toContain('# ')
  expect(await readFile(join(place, 'LICENSE'), 'utf8')).toContain('MIT')
})
