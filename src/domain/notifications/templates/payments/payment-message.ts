import type { Locale } from '../../../locale.ts'
import type { TemplateName } from '../../template-names.ts'
import { defineTemplate, type Template } from '../template.ts'
import type { Wording } from '../wording.ts'
import { writeMessage } from '../write-message.ts'
import { paymentData } from './data.ts'
import { type PaymentView, paymentView } from './view.ts'

interface PaymentMessage extends Readonly<Record<Locale, Wording<PaymentView>>> {
  readonly name: TemplateName
  readonly version: number
}

/** A message about a payment to the person who paid. */
export function paymentMessage(message: PaymentMessage): Template {
  const { name, version } = message
  return defineTemplate({
    name,
    version,
    data: paymentData,
    write: (locale, data) => writeMessage(locale, message[locale], paymentView(locale, data)),
  })
}
