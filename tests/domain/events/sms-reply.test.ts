import { expect, test } from 'vitest'
import { readReply } from '../../../src/domain/events/sms-reply.ts'

test.each([
  ['STOP', 'stop'],
  ['stop', 'stop'],
  [' Stop. ', 'stop'],
  ['« STOP »', 'stop'],
  ['STOP SMS', 'stop'],
  ['stop pub !', 'stop'],
  ['ARRET', 'stop'],
  ['Arrêt', 'stop'],
  ['arrêtez', 'stop'],
  ['Désabonnement', 'stop'],
  ['UNSUBSCRIBE', 'stop'],
  ['Stop all', 'stop'],
  ['CANCEL', 'stop'],
  ['START', 'start'],
  ['unstop', 'start'],
  ['Reprendre', 'start'],
  ['Stop, je vous rappelle', 'other'],
  ['Please stop by at 5', 'other'],
  ['Non stop', 'other'],
  ['Merci beaucoup 🙏', 'other'],
  ['YES', 'other'],
  ['oui', 'other'],
  ['стоп', 'other'],
  ['', 'other'],
])('%j is %s', (body, reply) => {
  expect(readReply(body)).toBe(reply)
})

test.each([
  ['STOP', 'stop'],
  ['START', 'start'],
  ['HELP', 'other'],
])('what Twilio has read as %s in words of its owner is %s', (optOutType, reply) => {
  expect(readReply('basta', optOutType)).toBe(reply)
})
