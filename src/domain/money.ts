import { z } from 'zod'
import { type Locale, languageTags } from './locale.ts'

/** Far above any stay, far below where a double loses whole minor units. */
const maxMinorUnits = 1e12

const zeroDecimal = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const threeDecimal = new Set('BHD JOD KWD OMR TND'.split(' '))
const currencies = new Set(Intl.supportedValuesOf('currency'))

/** An ISO 4217 code in capitals, one that can be shown. */
export const currencyCode = z.string().refine(code => currencies.has(code), 'not an ISO 4217 currency')

/** A whole, non-negative number of minor units (cents for EUR). A fraction is a rounding that was forgotten. */
export const minorUnits = z.int().min(0).max(maxMinorUnits)

/**
 * Digits after the decimal point of a currency's minor unit, as the payment provider counts them
 * (https://docs.stripe.com/currencies): ISK and UGX are charged in hundredths although they have none.
 * Intl cannot say this: it knows how money is shown, and answers 0 for HUF, COP and IDR.
 */
function exponentOf(currency: string): number {
  if (zeroDecimal.has(currency)) return 0
  return threeDecimal.has(currency) ? 3 : 2
}

/** Money as people read it, such as « 1 234,50 € ». Throws on fractions, negatives and unknown currencies. */
export function formatMoney(amount: { readonly minor: number; readonly currency: string }, locale: Locale): string {
  const currency = currencyCode.parse(amount.currency)
  const major = minorUnits.parse(amount.minor) / 10 ** exponentOf(currency)
  const style = { style: 'currency', currency } as const
  const shownDigits = new Intl.NumberFormat(languageTags[locale], style).resolvedOptions().maximumFractionDigits ?? 0
  // Forints are shown without fillér, but an amount with some must not be rounded away.
  const digits = Number.isInteger(major) ? shownDigits : Math.max(shownDigits, exponentOf(currency))
  const format = { ...style, minimumFractionDigits: digits, maximumFractionDigits: digits }
  return new Intl.NumberFormat(languageTags[locale], format).format(major)
}
