import { isSupportedCountry, type NumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max'

const maxRawChars = 40

/** What a number can be used for. `either`: the plan does not tell mobile from fixed (North America). */
type PhoneKind = 'mobile' | 'fixed' | 'either' | 'other'

const kinds: Readonly<Partial<Record<NonNullable<NumberType>, PhoneKind>>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed',
  FIXED_LINE_OR_MOBILE: 'either',
}

/** A valid number. */
export interface PhoneNumber {
  readonly e164: string
  readonly kind: PhoneKind
  /** Where it belongs, ISO 3166-1 alpha-2; null for what belongs to no country. */
  readonly country: string | null
}

/**
 * A number as people write it, to E.164; `country` (ISO 3166-1 alpha-2) serves numbers without a country code.
 * Null when it is no valid number, or one with an extension, which no SMS reaches.
 */
export function toE164(raw: string, country: string): PhoneNumber | null {
  if (raw.length > maxRawChars) return null
  const known = isSupportedCountry(country) ? { defaultCountry: country } : {}
  const phone = parsePhoneNumberFromString(raw, { ...known, extract: false })
  if (phone === undefined || phone.ext !== undefined || !phone.isValid()) return null
  return { e164: phone.number, kind: kinds[phone.getType() ?? 'PAGER'] ?? 'other', country: phone.country ?? null }
}
