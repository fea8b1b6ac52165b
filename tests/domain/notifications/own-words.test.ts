import { expect, it } from 'vitest'
import { writeOwnWords } from '../../../src/domain/notifications/own-words.ts'

const title = 'Votre hôte a répondu\r\nBcc: victime@example.test'
const body = 'La clé est sous le pot de fleurs… à côté de l’entrée 🌸\n\nÀ bientôt,\nl’hôte'

it('writes the title and text of somebody else on every channel', () => {
  const { email, sms, push } = writeOwnWords('fr', { title, body })
  expect(email.subject).toBe('Votre hôte a répondu Bcc: victime@example.test')
  expect(email.html).toContain('lang="fr-FR"')
  expect(email.text).toContain('La clé est sous le pot de fleurs… à côté de l’entrée 🌸\n\nÀ bientôt, l’hôte')
  expect(sms.body).toBe("La clé est sous le pot de fleurs... à coté de l'entrée A bientot, l'hote")
  expect(push).toEqual({ title: email.subject, body: expect.stringContaining('🌸 À bientôt, l’hôte') })
})

it('escapes what it is given, and cuts what would not be shown', () => {
  const { email, push } = writeOwnWords('en', { title: `<b>${'œ'.repeat(200)}`, body: 'x'.repeat(2_000) })
  expect(email.html).toContain('&lt;b&gt;')
  expect(email.subject).toHaveLength(150)
  expect(push.title).toHaveLength(100)
  expect(push.body).toHaveLength(500)
})
