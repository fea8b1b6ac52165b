import { afterAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { mailSender, pushSender, smsSender } from '../providers/senders.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const call = { timeoutMs: 10_000, signal: new AbortController().signal }
const HOSTILE = `"><script>alert('x')</script>&amp;`

async function outbox(query: Record<string, string> = {}): Promise<{ page: string; policy: string }> {
  const response = await fetch(`${sandbox.url}/outbox?${new URLSearchParams(query).toString()}`)
  expect(response.status).toBe(200)
  return { page: await response.text(), policy: response.headers.get('content-security-policy') ?? '' }
}

describe('the outbox', () => {
  it('says that nothing was sent', async () => {
    expect((await outbox()).page).toContain('Nothing was sent yet.')
  })

  it('shows mail, SMS and push with an anchor each, and counts asked and sent', async () => {
    const ids = [
      await mailSender(sandbox.url).send('claire@example.test', 'hello-mail', call),
      await smsSender(sandbox.url).send('+33612345678', 'forêt', call),
      await pushSender(sandbox.url).send('device-1', 'hello-push', call),
    ]
    await smsSender(sandbox.url)
      .send('+15005550001', 'x', call)
      .catch(() => undefined)
    const { page } = await outbox()
    for (const { id } of ids) expect(page).toContain(`id="${id}"`)
    expect(page).toContain('1 segment, UCS-2, 5 units')
    expect(page).toContain('SMS<b>2 asked / 1 sent</b>')
    expect(page).toContain('Mail<b>1 asked / 1 sent</b>')
  })

  it('shows one recipient only, when asked', async () => {
    const { page } = await outbox({ recipient: 'claire@example.test' })
    expect(page).toContain('hello-mail')
    expect(page).not.toContain('hello-push')
    expect(page).toContain('Outbox (1)')
  })

  it('escapes all that was sent, and lets nothing run or load', async () => {
    await mailSender(sandbox.url).send('hostile@example.test', HOSTILE, call)
    await smsSender(sandbox.url).send('+33699999999', HOSTILE, call)
    await pushSender(sandbox.url).send(HOSTILE, HOSTILE, call)
    for (const recipient of ['', HOSTILE]) {
      const { page, policy } = await outbox(recipient === '' ? {} : { recipient })
      expect(page).not.toContain('<script')
      expect(page).not.toMatch(/(src|href)="(https?:)?\/\//)
      expect(policy).toContain("default-src 'none'")
    }
    const { page } = await outbox({ recipient: 'hostile@example.test' })
    expect(page).toContain('<iframe sandbox ')
  })
})
