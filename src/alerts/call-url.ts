const timeoutMs = 10_000

/**
 * Calls a URL of the configuration: POST with a JSON body, or GET without one. Follows no redirect, reads nothing of the
 * answer, ends after 10 s. Throws without the URL in its message: such addresses are secrets.
 */
export async function call(url: string, body?: object): Promise<void> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined
    throw new Error(`it could not be reached (${typeof code === 'string' ? code : 'no answer'})`)
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`it answered ${response.status}`)
}
