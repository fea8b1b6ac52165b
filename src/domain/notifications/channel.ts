/** The ways to a person, the quickest to be read first: the order in which one stands in for another. */
export const channels = ['push', 'email', 'sms'] as const

/** One of {@link channels}. */
export type Channel = (typeof channels)[number]
