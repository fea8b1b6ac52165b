import type { Request, Response } from 'express'

/** One cookie of a request; undefined when it was not sent. */
export function readCookie(req: Request, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map(pair => pair.trim())
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** Sets a cookie that scripts cannot read and that no foreign form is sent with. */
export function writeCookie(
  res: Response,
  name: string,
  value: string,
  { secure, maxAgeMs }: { secure: boolean; maxAgeMs: number },
): void {
  res.cookie(name, value, { httpOnly: true, sameSite: 'lax', secure, maxAge: maxAgeMs, path: '/' })
}
