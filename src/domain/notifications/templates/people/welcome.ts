import { z } from 'zod'
import type { Locale } from '../../../locale.ts'
import { english } from '../english.ts'
import { exclamation, french, question } from '../french.ts'
import { pageUrl, personName } from '../strangers-text.ts'
import { defineTemplate } from '../template.ts'
import type { MessageView, Wording } from '../wording.ts'
import { writeMessage } from '../write-message.ts'

const fr: Wording<MessageView> = {
  ...french,
  subject: () => 'Bienvenue sur HBNB',
  preheader: () => 'Votre compte est prêt.',
  heading: `Bienvenue sur HBNB${exclamation}`,
  opening: () => [
    'Votre compte est prêt. Trouvez un logement qui vous ressemble, ou proposez le vôtre.',
    'Activez les notifications dans l’application pour ne rien manquer de vos réservations.',
  ],
  facts: () => [],
  button: 'Découvrir les logements',
  because: `Vous recevez ce message parce qu’un compte HBNB a été créé avec vos coordonnées. Ce n’était pas vous${question} Dites-le-nous en répondant à ce message.`,
  sms: () => 'HBNB: bienvenue ! Votre compte est activé.',
  push: { title: 'Bienvenue sur HBNB', body: () => 'Votre compte est prêt.' },
}

const en: Wording<MessageView> = {
  ...english,
  subject: () => 'Welcome to HBNB',
  preheader: () => 'Your account is ready.',
  heading: 'Welcome to HBNB!',
  opening: () => [
    'Your account is ready. Find a place that suits you, or offer your own.',
    'Switch on notifications in the app so that you miss nothing about your bookings.',
  ],
  facts: () => [],
  button: 'Discover places',
  because:
    'You receive this message because an HBNB account was created with your contact details. If it was not you, tell us by answering this message.',
  sms: () => 'HBNB: welcome! Your account is ready.',
  push: { title: 'Welcome to HBNB', body: () => 'Your account is ready.' },
}

const wordings: Readonly<Record<Locale, Wording<MessageView>>> = { fr, en }

/** To somebody new. */
export const welcome = defineTemplate({
  name: 'welcome',
  version: 1,
  data: z.strictObject({ first_name: personName, site_url: pageUrl.optional() }),
  write: (locale, { first_name, site_url = null }) =>
    writeMessage(locale, wordings[locale], { reader: first_name, title: '', city: '', reference: null, url: site_url }),
})
