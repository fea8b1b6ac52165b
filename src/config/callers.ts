import { trustedProxies, variable, wholeNumber } from './values.ts'

/** The most that a limit of an API key may be. */
export const maxKeyRequestsPerMinute = 10_000_000

/** Who calls, how often, and who is believed about it. */
export const callerVariables = {
  API_KEY_REQUESTS_PER_MINUTE: variable(wholeNumber(1, maxKeyRequestsPerMinute).default(60_000), {
    about: 'requests an API key may make in a minute, unless it was made with a limit of its own',
    expected: `a whole number from 1 to ${maxKeyRequestsPerMinute}`,
    example: '60000',
  }),
  TRUST_PROXY: variable(trustedProxies.default(false), {
    about: 'which proxies before the intake are believed about their caller’s address; none: nobody is',
    expected:
      'none, the number of proxies (1 to 9), or a comma separated list of addresses, networks, loopback, linklocal and uniquelocal',
    example: 'loopback,10.0.0.0/8',
  }),
}
