import type { RequestHandler } from 'express'
import helmet from 'helmet'

/**
 * Headers for every answer. Nothing served here loads anything from elsewhere; pages that need more than the text of an
 * answer set a Content-Security-Policy of their own.
 */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
})
