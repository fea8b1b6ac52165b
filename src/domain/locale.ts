import { z } from 'zod'

/** The languages we write in. French is the platform's first. */
export const locales = ['fr', 'en'] as const

/** One of our languages. */
export type Locale = (typeof locales)[number]

const defaultLocale: Locale = 'fr'
const ours = z.enum(locales)

/** The full tag of a language, for Intl and for headers (BCP 47). */
export const languageTags: Readonly<Record<Locale, string>> = { fr: 'fr-FR', en: 'en-GB' }

/** Countries whose readers are better served by a guess than by the default; ISO 3166-1 alpha-2. */
const localeOfCountry: Readonly<Partial<Record<string, Locale>>> = Object.fromEntries([
  ...['AU', 'CA', 'GB', 'IE', 'NZ', 'SG', 'US', 'ZA'].map(country => [country, 'en'] as const),
  ...['BE', 'CH', 'FR', 'GF', 'GP', 'LU', 'MA', 'MC', 'MQ', 'NC', 'PF', 'RE', 'SN', 'TN', 'YT'].map(
    country => [country, 'fr'] as const,
  ),
])

/** The language for a reader: what the user chose (a BCP 47 tag, any region), else the country's, else French. */
export function pickLocale(reader: {
  readonly userLocale?: string | null | undefined
  readonly country?: string | null | undefined
}): Locale {
  const chosen = ours.safeParse(reader.userLocale?.split(/[-_]/, 1)[0]?.toLowerCase())
  if (chosen.success) return chosen.data
  return localeOfCountry[reader.country?.toUpperCase() ?? ''] ?? defaultLocale
}
