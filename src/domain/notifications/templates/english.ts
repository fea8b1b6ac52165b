/** "1 night", "2 nights". */
export const nights = (count: number) => `${count} ${count === 1 ? 'night' : 'nights'}`

/** "1 guest", "2 guests". */
export const guests = (count: number) => `${count} ${count === 1 ? 'guest' : 'guests'}`

/** What all messages in English have in common. */
export const english = {
  greeting: (reader: string) => `Hello ${reader},`,
  closing: 'Any questions? Just answer this message. See you soon, the HBNB team.',
  smsReference: (reference: string) => `Ref. ${reference}`,
}
