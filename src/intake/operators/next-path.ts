const homePath = '/admin'
const maxChars = 500

/** Where to go after signing in: a path of our own operator pages, or their first page for anything else. */
export function safeNext(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > maxChars) return homePath
  // Parsed as a browser would, so that `//host`, `/\host`, `/admin/../..` and blanks mean here what they mean there.
  const url = URL.parse(wanted, 'http://here.invalid')
  const isOurs = url?.origin === 'http://here.invalid' && /^\/admin(\/|$)/.test(url.pathname)
  return isOurs ? url.pathname + url.search : homePath
}
