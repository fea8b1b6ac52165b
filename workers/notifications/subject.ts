/** What a message is about, ready to be kept with it. */
export interface Subject {
  /** `booking:42`. */
  readonly entity: string
  /** What the template is given: frozen, so that a retry says the same. */
  readonly data: Readonly<Record<string, unknown>>
  /** Sent along with a push, for the platform's apps. */
  readonly pushData: Readonly<Record<string, string>>
  /** When it is worth nothing any more; null: that is for its sender to say. */
  readonly expiresAt: Date | null
}

/** What the platform's apps expect with every push (the guide's default). */
export const clickAction = { click_action: 'FLUTTER_NOTIFICATION_CLICK' }

/** The page of a booking on the platform's web site; nothing when it has none. */
export function bookingPage(siteUrl: string | null, bookingId: string): { readonly booking_url?: string } {
  return siteUrl === null ? {} : { booking_url: `${siteUrl}/bookings/${encodeURIComponent(bookingId)}` }
}
