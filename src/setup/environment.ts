import { z } from 'zod'

const flag = z
  .enum(['0', '1', ''])
  .default('0')
  .transform(value => value === '1')

const schema = z.object({
  PATH: z.string().default('/usr/bin:/bin'),
  NO_DOWNLOAD: flag,
  REQUIRE_REDIS: flag,
  REQUIRE_BROWSER: flag,
  REQUIRE_PYTHON: flag,
  CHROMIUM_PATH: z.string().default('/usr/bin/chromium'),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
})

/**
 * What the set-up reads of its environment; the application's own settings are src/config's.
 * Throws a ZodError naming the variable when one is malformed.
 */
export function setupEnvironment(): z.infer<typeof schema> {
  return schema.parse(process.env)
}
