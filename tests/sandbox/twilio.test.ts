import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())

describe('Twilio on the wire', () => {
  const path = `${sandbox.url}/twilio/2010-04-01/Accounts/AC1/Messages.json`
  const Authorization = `Basic ${Buffer.from('AC1:token').toString('base64')}`
  const post = (fields: Record<string, string>) =>
    fetch(path, { method: 'POST', headers: { Authorization }, body: new URLSearchParams(fields) })

  it('answers 201 with a queued message and its segments', async () => {
    const response = await post({ To: '+33612345678', From: 'HBNB', Body: 'ê'.repeat(71) })
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      num_segments: '2',
      date_sent: null,
      to: '+33612345678',
    })
  })

  it('answers errors in its own shape', async () => {
    const response = await post({ To: '+15005550004', From: 'HBNB', Body: 'x' })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      code: 21610,
      message: expect.any(String),
      more_info: 'https://www.twilio.com/docs/errors/21610',
      status: 400,
    })
    const foreign = await fetch(path, { headers: { Authorization: 'Basic eDp5' } })
    expect([foreign.status, await foreign.json()]).toMatchObject([401, { code: 20003 }])
  })

  it('lists in pages, newest first', async () => {
    const To = '+33687654321'
    for (const Body of ['one', 'two', 'three']) await post({ To, From: 'HBNB', Body })
    const query = new URLSearchParams({ To, PageSize: '2' })
    const response = await fetch(`${path}?${query.toString()}`, { headers: { Authorization } })
    const first = z.looseObject({ next_page_uri: z.string() }).parse(await response.json())
    expect(first).toMatchObject({
      page: 0,
      page_size: 2,
      messages: [{ body: 'three' }, { body: 'two' }],
      previous_page_uri: null,
      next_page_uri: expect.stringContaining('Page=1'),
    })
    const next = await (
      await fetch(`${sandbox.url}/twilio${first.next_page_uri}`, { headers: { Authorization } })
    ).json()
    expect(next).toMatchObject({ page: 1, messages: [{ body: 'one' }], next_page_uri: null })
  })

  it('filters by the date sent, which queued messages do not have', async () => {
    await post({ To: '+15005550010', From: 'HBNB', Body: 'still queued' })
    const query = new URLSearchParams({ To: '+15005550010', 'DateSent>': '2020-01-01' })
    const answer = await (await fetch(`${path}?${query.toString()}`, { headers: { Authorization } })).json()
    expect(answer).toMatchObject({ messages: [] })
  })

  it('calls back with a signature, when asked', async () => {
    const calls: string[][] = []
    const receiver = createServer((request, response) => {
      void text(request).then(body => {
        const fields = new URLSearchParams(body)
        const signed = [...fields]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .flat()
          .join('')
        const expected = createHmac('sha1', 'token')
          .update(callback + signed)
          .digest('base64')
        const good = request.headers['x-twilio-signature'] === expected
        calls.push([fields.get('MessageStatus') ?? '', good ? 'genuine' : 'forged'])
        return response.end()
      })
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const address = receiver.address()
    const callback = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/webhooks/twilio`
    await post({ To: '+33612345678', From: 'HBNB', Body: 'x', StatusCallback: callback })
    await expect
      .poll(() => calls)
      .toEqual([
        ['sent', 'genuine'],
        ['delivered', 'genuine'],
      ])
    receiver.close()
  })
})
