/**
 * How the law sees a message. `transactional`: it belongs to a contract with the reader, and needs no consent; `service`:
 * welcome without being owed, and may be switched off; `marketing`: only to who asked for it, and not at all hours.
 */
export type LegalClass = 'transactional' | 'service' | 'marketing'

/** What messages of a category may do. */
export interface Category {
  readonly legal: LegalClass
  /** Sent at night and beyond the hourly cap: to hear of it late would be worse. */
  readonly isUrgent: boolean
}

/** What messages are about: what people switch on and off. */
export const categories = {
  booking: { legal: 'transactional', isUrgent: false },
  payment: { legal: 'transactional', isUrgent: false },
  security: { legal: 'transactional', isUrgent: true },
  account: { legal: 'service', isUrgent: false },
  message: { legal: 'service', isUrgent: false },
  reminder: { legal: 'service', isUrgent: false },
  review: { legal: 'service', isUrgent: false },
  news: { legal: 'marketing', isUrgent: false },
  offers: { legal: 'marketing', isUrgent: false },
} as const satisfies Readonly<Record<string, Category>>

/** One of {@link categories}. */
export type CategoryName = keyof typeof categories

/** One that nobody is owed, so that its readers may have done with it. */
export type OptionalCategory = {
  [Name in CategoryName]: (typeof categories)[Name]['legal'] extends 'transactional' ? never : Name
}[CategoryName]

/** Whether a reader may have done with a category. */
export function isOptional(category: CategoryName): category is OptionalCategory {
  return categories[category].legal !== 'transactional'
}
