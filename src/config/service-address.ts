import { z } from 'zod'
import { urlOf, variable } from './values.ts'

/** Where the command line finds the intake, for what it does over HTTP. */
export const serviceAddressVariables = {
  HBNB_JOBS_URL: variable(urlOf('http', 'https').optional(), {
    about: 'where the command line finds the intake; unset: at PUBLIC_URL',
    expected: 'an http(s):// URL',
    example: 'https://jobs.hbnb.com',
  }),
  HBNB_JOBS_KEY: variable(z.string().min(1).optional(), {
    about: 'the API key the command line uses over HTTP',
    expected: 'an API key: hbnb_…',
    example: 'hbnb_…',
    secret: true,
  }),
}

type ServiceAddress = z.output<z.ZodObject<typeof serviceAddressVariables>>

/** These variables as settings. */
export function serviceAddress({ HBNB_JOBS_URL: url, HBNB_JOBS_KEY: key }: ServiceAddress) {
  return { service: { url: url ?? null, key: key ?? null } }
}
