/** The facts of a booking, each already written in the reader's language. Plain text, one line each. */
export interface BookingView {
  readonly bookingId: string
  readonly firstName: string
  readonly title: string
  readonly city: string
  readonly checkIn: string
  readonly checkOut: string
  readonly checkInShort: string
  readonly checkOutShort: string
  readonly nights: number
  readonly guests: number
  readonly total: string
}

/** What a booking confirmation says in one language. */
export interface BookingWording {
  subject(title: string): string
  preheader(view: BookingView): string
  readonly heading: string
  greeting(view: BookingView): string
  readonly opening: string
  facts(view: BookingView): { readonly label: string; readonly value: string }[]
  readonly button: string
  readonly closing: string
  sms(view: BookingView): string
  smsReference(view: BookingView): string
  readonly pushTitle: string
  /** Shown on locked screens: no name of a person. */
  pushBody(view: BookingView): string
}
