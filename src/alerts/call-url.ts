const timeoutMs = 10_000

/** It was reached and does not want this. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused'
}

/**
 * Calls a URL of the configuration: POST with a JSON body, or GET without one. Follows no redirect, reads nothing of the
 * answer, ends after 10 s or with the signal. Throws without the URL in its message: such addresses are secrets.
 */
export async function call(url: string, signal: AbortSignal, body?: object): Promise<void> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined
    throw new Error(`it could not be reached (${typeof code === 'string' ? code : 'no answer'})`)
  })
  await response.body?.cancel()
  const { ok, status } = response
  if (!ok) throw new (status >= 400 && status < 500 ? CallRefused : Error)(`it answered ${status}`)
}
