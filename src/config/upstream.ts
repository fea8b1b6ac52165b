import { z } from 'zod'
import type { Environment } from './schema.ts'
import { variable, webAddress } from './values.ts'

/** The platform's own API, asked for what an event has only named. */
export const upstreamVariables = {
  UPSTREAM_API_URL: variable(webAddress.optional(), {
    about: 'the platform’s API: GET {url}/users|places|bookings|payments/{id} answers what a webhook has only named',
    expected: 'an http(s):// URL, https:// in production',
    example: 'https://api.hbnb.example/internal',
  }),
  UPSTREAM_API_KEY: variable(z.string().optional(), {
    about: 'our key there, sent as Authorization: Bearer; goes together with UPSTREAM_API_URL',
    expected: 'the key that goes with UPSTREAM_API_URL',
    example: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    secret: true,
  }),
}

/** Where the platform is asked; null when it is not. */
export function upstreamSettings({ UPSTREAM_API_URL: baseUrl, UPSTREAM_API_KEY: apiKey }: Environment) {
  return baseUrl === undefined || apiKey === undefined ? null : { baseUrl, apiKey }
}
