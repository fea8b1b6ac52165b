import type { Locale } from '../../domain/locale.ts'
import type { OptionalCategory } from '../../domain/notifications/categories.ts'

/** What the page to unsubscribe says in one language. */
interface Words {
  readonly categories: Readonly<Record<OptionalCategory, string>>
  readonly ask: (category: string) => string
  readonly owed: string
  readonly unsubscribe: string
  readonly done: string
  readonly without: (category: string) => string
  readonly subscribe: string
  readonly undone: string
  readonly withAgain: (category: string) => string
  readonly unknown: string
  readonly whole: string
  readonly away: string
  readonly retry: string
}

/** Kept on one line by its hyphen. */
const mails = 'e\u2011mails'

/** The page to unsubscribe in each language. */
export const unsubscribeWords: Readonly<Record<Locale, Words>> = {
  fr: {
    categories: {
      account: 'Votre compte',
      message: 'Nouveaux messages',
      reminder: 'Rappels de séjour',
      review: 'Demandes d’avis',
      news: 'Actualités',
      offers: 'Offres',
    },
    ask: category => `Ne plus recevoir les ${mails} «\u00a0${category}\u00a0»\u00a0?`,
    owed: 'Ce qui concerne vos réservations, vos paiements et la sécurité de votre compte vous parviendra toujours.',
    unsubscribe: 'Me désabonner',
    done: 'C’est noté',
    without: category => `Vous ne recevrez plus les ${mails} «\u00a0${category}\u00a0».`,
    subscribe: 'Me réabonner',
    undone: 'C’est rétabli',
    withAgain: category => `Vous recevrez de nouveau les ${mails} «\u00a0${category}\u00a0».`,
    unknown: 'Ce lien n’est pas complet',
    whole: 'Ouvrez-le depuis l’e-mail que vous avez reçu, ou copiez-le en entier.',
    away: 'Un instant',
    retry: 'Nous ne pouvons pas l’enregistrer en ce moment. Veuillez réessayer dans quelques minutes.',
  },
  en: {
    categories: {
      account: 'Your account',
      message: 'New messages',
      reminder: 'Reminders of your stay',
      review: 'Requests for reviews',
      news: 'News',
      offers: 'Offers',
    },
    ask: category => `Stop getting “${category}” ${mails}?`,
    owed: 'What concerns your bookings, your payments and the security of your account will still reach you.',
    unsubscribe: 'Unsubscribe',
    done: 'Done',
    without: category => `You will get no more “${category}” ${mails}.`,
    subscribe: 'Subscribe again',
    undone: 'Welcome back',
    withAgain: category => `You will get “${category}” ${mails} again.`,
    unknown: 'This link is not complete',
    whole: 'Open it from the e-mail you got, or copy the whole of it.',
    away: 'One moment',
    retry: 'We cannot note it right now. Please try again in a few minutes.',
  },
}
