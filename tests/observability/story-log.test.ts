import { expect, it } from 'vitest'
import type { StoryMoment } from '../../src/ledger/story.ts'
import { storyLog } from '../../src/intake/pages/story-log.ts'

const jobId = '0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e'
const accepted: StoryMoment = { atMs: 0, lane: 'jobs', kind: 'accepted', jobId, parentId: null, name: 'email.send' }

it('shows what jobs said with time, job and level, and nothing of it as markup', () => {
  const said = [
    { jobId, at: '2026-11-22T08:00:00.123Z', level: 'info', message: 'looking <script>' },
    { jobId, at: '2026-11-22T08:00:01.000Z', level: 'error', message: 'not found' },
  ] as const
  const { markup } = storyLog(said, [accepted])
  expect(markup).toContain('08:00:00.123</time></td><td>email.send</td><td>looking &lt;script&gt;')
  expect(markup).toContain('<tr class="t-bad">')
  expect(markup).toContain('<b>error</b> not found')
})

it('takes no room when nothing was said', () => {
  expect(storyLog([], [accepted]).markup).toBe('')
})
