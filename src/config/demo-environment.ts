import { z } from 'zod'

const schema = z.object({
  PATH: z.string().default('/usr/bin:/bin'),
  CI: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  QUEUE_URL: z.url({ protocol: /^(postgres(ql)?|rediss?)$/ }).optional(),
  PORT: z.coerce.number().int().min(1).max(65_535).default(4_000),
})

/** What the demo takes from its environment: a database or a queue to use instead of the embedded ones, a port to prefer. */
export type DemoEnvironment = z.output<typeof schema>

/** Throws a ZodError naming the variable when one is malformed. */
export function demoEnvironment(): DemoEnvironment {
  const given = Object.entries(process.env).filter(([, text]) => text !== '')
  return schema.parse(Object.fromEntries(given))
}
