import { variable, webAddress } from './values.ts'

/** The platform as its guests and hosts see it. */
export const siteVariables = {
  SITE_URL: variable(webAddress.optional(), {
    about: 'the platform’s web site: messages link to {url} and {url}/bookings/{id}; unset: they have no links',
    expected: 'an http(s):// URL without query, https:// in production',
    example: 'https://hbnb.com',
  }),
}
