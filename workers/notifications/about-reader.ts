import type { User } from '../../src/db/users.ts'
import { clickAction, type Subject } from './subject.ts'

/** A message about nothing but its reader. */
export function aboutReader(reader: User, siteUrl: string | null): Subject {
  return {
    entity: `user:${reader.id}`,
    data: { first_name: reader.first_name, ...(siteUrl === null ? {} : { site_url: siteUrl }) },
    pushData: { ...clickAction, type: 'account_update' },
    expiresAt: null,
  }
}
