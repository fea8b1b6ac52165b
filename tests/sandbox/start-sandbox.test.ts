import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'

describe('startSandbox', () => {
  it.each(['0.0.0.0', '::', '192.168.1.2', 'example.test', '127.0.0.1.example.test'])(
    'refuses to listen on %s',
    async host => {
      await expect(startSandbox({ host })).rejects.toThrow('loopback only')
    },
  )

  it('tells when its port is taken', async () => {
    const first = await startSandbox()
    await expect(startSandbox({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await first.close()
  })

  it('closes although a request hangs', async () => {
    const sandbox = await startSandbox()
    await sandboxControl(sandbox.url).fault({ provider: 'fcm', kind: 'hang' })
    const hanging = fetch(`${sandbox.url}/v1/projects/p/messages:send`, { method: 'POST' })
    await expect.poll(async () => (await sandboxControl(sandbox.url).counts()).fcm.requests).toBe(1)
    await Promise.all([sandbox.close(), expect(hanging).rejects.toThrow('fetch failed')])
  })
})

describe('the sandbox process', () => {
  it('says where it listens, and ends with its signal', async () => {
    const main = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url))
    const child = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    const [line]: string[] = await once(createInterface(child.stdout), 'line')
    const url = line?.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0] ?? ''
    expect((await fetch(`${url}/outbox`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
})
