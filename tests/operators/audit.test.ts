import { afterAll, beforeAll, expect, test } from 'vitest'
import { maxAuditRows, newestAudit, writeAudit } from '../../src/ledger/audit.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { signedIn } from './signed-in.ts'

let site: OperatorSite
beforeAll(async () => {
  site = await startOperatorSite()
})
afterAll(() => site.close())

const entry = { actor: 'ada@hbnb.example', action: 'queue.pause', origin: 'https://jobs.test', detail: {} }
const write = (target: string, more = {}) => writeAudit(site.database.run, { ...entry, target, ...more })

test('shows the newest entries first, and says what was refused and why', async () => {
  await write('queue:email.send')
  await write('job:0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', {
    action: 'job.retry',
    detail: { refused: 403, because: 'Not yours to do: <b>' },
  })
  const { status, text } = await (await signedIn(site)).get('/admin/audit')
  expect(status).toBe(200)
  expect(text.indexOf('job.retry')).toBeLessThan(text.indexOf('queue.pause'))
  expect(text).toContain('<b>refused</b> Not yours to do: &lt;b&gt;')
  expect(text).toContain('href="/admin/story/job/0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e"')
})

test('shows one target alone', async () => {
  const visitor = await signedIn(site)
  const { text } = await visitor.get('/admin/audit?target=queue%3Aemail.send')
  expect(text).toContain('queue.pause')
  expect(text).not.toContain('job.retry')
  expect((await visitor.get('/admin/audit?target=queue:none')).text).toContain('Nothing of this target.')
  expect((await visitor.get('/admin/audit?target=%00')).status).toBe(200)
  expect((await visitor.get('/admin/audit?target=%22%3E%3Cscript%3E')).text).not.toContain('"><script>')
})

test('is bounded', async () => {
  for (let index = 0; index <= maxAuditRows; index += 1) await write('queue:sms.send', { detail: { index } })
  const rows = await newestAudit(site.database.run, 'queue:sms.send')
  expect([rows.length, rows[0]?.detail]).toEqual([maxAuditRows, { index: maxAuditRows }])
  expect(await newestAudit(site.database.run, null)).toHaveLength(maxAuditRows)
})
