import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Ambiguous, ConfigError, ProviderBusy, TemporaryError } from '../../src/errors.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import { type SandboxControl, sandboxControl } from '../../src/sandbox/control-client.ts'
import type { Provider } from '../../src/sandbox/effects.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts'

/** One port reduced to what all of them promise: send something secret to somebody, or throw an outcome. */
export interface Sender {
  send(recipient: string, secret: string, call: ProviderCall): Promise<{ id: string }>
}

interface Subject {
  readonly provider: Provider
  /** The port on a provider at `url`; with `good: false`, with credentials it refuses. */
  open(url: string, good: boolean): Sender
  /** A recipient nobody else uses. */
  recipient(): string
}

const PATIENCE_MS = 10_000
const SHORT_MS = 400

const call = (timeoutMs = PATIENCE_MS, signal = new AbortController().signal): ProviderCall => ({ timeoutMs, signal })

/** What every adapter owes the job: the right outcome for each fault, one request per call, and no effect it denies. */
export function sendContract(name: string, subject: Subject): void {
  describe(`${name} keeps the send contract`, () => {
    let sandbox: Sandbox
    let sender: Sender
    let control: SandboxControl
    beforeAll(async () => {
      sandbox = await startSandbox()
      sender = subject.open(sandbox.url, true)
      control = sandboxControl(sandbox.url)
    })
    afterAll(() => sandbox.close())

    const sentTo = async (recipient: string) =>
      (await control.effects({ provider: subject.provider, recipient })).length
    const requests = async () => (await control.counts())[subject.provider].requests
    const failure = (recipient: string, given = call()) =>
      sender.send(recipient, randomUUID(), given).then(
        () => expect.unreachable('the send was accepted'),
        (error: unknown) => error,
      )

    it('answers the id of the effect it made', async () => {
      const recipient = subject.recipient()
      const { id } = await sender.send(recipient, 'hello', call())
      const effects = await control.effects({ recipient })
      expect(effects.map(effect => effect.id)).toEqual([id])
    })

    it.each([
      ['accept-then-drop', { kind: 'accept-then-drop' }, 1],
      ['reset', { kind: 'reset' }, 0],
      ['hang', { kind: 'hang' }, 0],
      ['an answer that comes too late', { kind: 'slow', delayMs: PATIENCE_MS }, 1],
      ['500', { kind: 'status', status: 500 }, 0],
      ['502', { kind: 'status', status: 502 }, 0],
      ['504', { kind: 'status', status: 504 }, 0],
      ['a redirect', { kind: 'status', status: 307 }, 0],
      ['500 with a page instead of JSON', { kind: 'status', status: 500, body: '<html>oops</html>' }, 0],
    ] as const)('is in doubt after %s, and asked once', async (_name, fault, effects) => {
      const recipient = subject.recipient()
      const before = await requests()
      await control.fault({ provider: subject.provider, match: recipient, ...fault })
      expect(await failure(recipient, call(SHORT_MS))).toBeInstanceOf(Ambiguous)
      expect(await sentTo(recipient)).toBe(effects)
      expect(await requests()).toBe(before + 1)
    })

    it('waits for a slow answer inside its time', async () => {
      const recipient = subject.recipient()
      await control.fault({ provider: subject.provider, match: recipient, kind: 'slow', delayMs: 200 })
      await sender.send(recipient, 'hello', call())
      expect(await sentTo(recipient)).toBe(1)
    })

    it('may be repeated after 503, having asked once', async () => {
      const recipient = subject.recipient()
      const before = await requests()
      await control.fault({ provider: subject.provider, match: recipient, kind: 'status', status: 503, times: 5 })
      expect(await failure(recipient)).toBeInstanceOf(TemporaryError)
      expect(await requests()).toBe(before + 1)
      expect(await sentTo(recipient)).toBe(0)
      await control.clearFaults()
    })

    it('passes on how long a busy provider wants to be left alone', async () => {
      const recipient = subject.recipient()
      const busy = { provider: subject.provider, match: recipient, kind: 'status', status: 429 } as const
      await control.fault({ ...busy, retryAfterSeconds: 7 })
      expect(await failure(recipient)).toMatchObject({ name: ProviderBusy.name, retryAfterMs: 7_000 })
      await control.fault(busy)
      expect(await failure(recipient)).toMatchObject({ name: ProviderBusy.name, retryAfterMs: 60_000 })
    })

    it('blames our settings when the credentials are refused', async () => {
      const recipient = subject.recipient()
      const refused = subject.open(sandbox.url, false)
      await expect(refused.send(recipient, 'hello', call())).rejects.toBeInstanceOf(ConfigError)
      expect(await sentTo(recipient)).toBe(0)
    })

    it('ends at once when its job is told to stop, in doubt once the request is on its way', async () => {
      const recipient = subject.recipient()
      const before = await requests()
      await control.fault({ provider: subject.provider, match: recipient, kind: 'hang' })
      const stop = new AbortController()
      const failed = failure(recipient, call(PATIENCE_MS * 10, stop.signal))
      await expect.poll(requests).toBe(before + 1)
      stop.abort()
      expect(await failed).toBeInstanceOf(Ambiguous)
    })

    it('sends nothing for a job that was stopped before', async () => {
      const recipient = subject.recipient()
      const before = await requests()
      expect(await failure(recipient, call(PATIENCE_MS, AbortSignal.abort()))).toBeInstanceOf(TemporaryError)
      expect(await requests()).toBe(before)
    })

    it('may be repeated when nobody listens', async () => {
      const gone = await startSandbox()
      await gone.close()
      const sending = subject.open(gone.url, true).send(subject.recipient(), 'hello', call())
      await expect(sending).rejects.toBeInstanceOf(TemporaryError)
    })

    it('keeps recipient and content out of its errors', async () => {
      const recipient = subject.recipient()
      const secret = randomUUID()
      const faults = [
        {
          kind: 'status',
          status: 400,
          body: { errors: [{ message: `bad ${recipient} ${secret}`, field: recipient }] },
        },
        { kind: 'status', status: 500, body: { message: `${recipient} ${secret}` } },
        { kind: 'reset' },
      ] as const
      for (const fault of faults) {
        await control.fault({ provider: subject.provider, match: recipient, ...fault })
        const error: unknown = await sender.send(recipient, secret, call()).catch((reason: unknown) => reason)
        expect(error).toBeInstanceOf(Error)
        const shown = wholeOf(error)
        expect(shown).not.toContain(recipient)
        expect(shown).not.toContain(secret)
      }
    })
  })
}

/** Everything a logger could find in an error. */
function wholeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return [JSON.stringify(error), error.message, error.stack, wholeOf(error.cause)].join('\n')
}
