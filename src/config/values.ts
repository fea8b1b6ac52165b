import { z } from 'zod'

/** Facts about one environment variable, for fault reports and `.env.example`. */
interface VariableFacts {
  readonly about: string
  /** Completes the sentence "expected …". */
  readonly expected: string
  readonly example: string
  /** A secret's value is never printed, not even a part of it. */
  readonly secret?: boolean
}

/** The facts of every variable of the schema, keyed by its zod schema. */
export const variableFacts = z.registry<VariableFacts>()

/** A variable of the environment: its check with its facts. */
export function variable<Schema extends z.ZodType>(schema: Schema, facts: VariableFacts): Schema {
  // Cloned because one check may serve several variables, and the registry holds one entry per schema object.
  const own = schema.clone()
  variableFacts.add(own, facts)
  return own
}

/** A decimal whole number within bounds, both included. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
}

/** A comma separated list; blanks around items and empty items are dropped, and at least one must remain. */
export function listOf<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string()
    .transform(text =>
      text
        .split(',')
        .map(part => part.trim())
        .filter(part => part !== ''),
    )
    .pipe(z.array(item).min(1))
}

/** JSON. An error never quotes the text. */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' })
    return z.NEVER
  }
})

/** A URL with one of the given schemes, kept as written. */
export function urlOf(...schemes: string[]) {
  return z.string().refine(text => {
    const url = URL.parse(text)
    return url !== null && schemes.includes(url.protocol.slice(0, -1)) && url.hostname !== ''
  })
}

/** An http(s) origin with an optional path; without credentials, query, fragment and closing slash. */
export const webAddress = urlOf('http', 'https')
  .refine(text => {
    const url = URL.parse(text)
    return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  })
  .transform(text => text.replace(/\/+$/, ''))

/** Whether an address points at this machine only. */
export function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? ''
  return /^(127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f:]+\]|localhost|.+\.localhost)$/.test(host)
}

const maxProxies = 9

/** Whom Express's `trust proxy` believes: nobody (`none`), so many proxies, or these addresses and networks. */
export const trustedProxies = z.union([
  z.literal('none').transform(() => false as const),
  wholeNumber(1, maxProxies),
  listOf(z.union([z.enum(['loopback', 'linklocal', 'uniquelocal']), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])),
])
