// French sets a no-break space before a colon and between a number and its noun, a narrow one before ; ! and ?.
export const colon = '\u00a0:'
export const semicolon = '\u202f;'
export const exclamation = '\u202f!'
export const question = '\u202f?'

/** « 1 nuit », « 2 nuits ». */
export const nights = (count: number) => `${count}\u00a0${count > 1 ? 'nuits' : 'nuit'}`

/** « 1 voyageur », « 2 voyageurs ». */
export const guests = (count: number) => `${count}\u00a0${count > 1 ? 'voyageurs' : 'voyageur'}`

/** What all messages in French have in common. */
export const french = {
  greeting: (reader: string) => `Bonjour ${reader},`,
  closing: `Une question${question} Répondez simplement à ce message. À bientôt, l’équipe HBNB.`,
  smsReference: (reference: string) => `Réf. ${reference}`,
}
