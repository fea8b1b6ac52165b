import type { Knex } from 'knex'
import { type Locale, pickLocale } from '../domain/locale.ts'

/** A person as the platform last told us. Personal data: never into a payload, a log or an error. */
export interface User {
  readonly id: string
  readonly first_name: string
  readonly email: string | null
  readonly phone: string | null
  readonly country: string | null
  readonly locale: string | null
  /** IANA. */
  readonly zone: string | null
  readonly email_notifications_enabled: boolean
  readonly sms_notifications_enabled: boolean
}

export async function findUser(db: Knex, id: string): Promise<User | undefined> {
  return await db('platform.users')
    .where({ id })
    .first<User | undefined>(
      'id',
      'first_name',
      'email',
      'phone',
      'country',
      'locale',
      'zone',
      'email_notifications_enabled',
      'sms_notifications_enabled',
    )
}

/** In which language each of these people is written to; those the platform has not told us of are not there. */
export async function localesOf(db: Knex, userIds: readonly string[]): Promise<Map<string, Locale>> {
  const rows = await db('platform.users')
    .whereIn('id', [...userIds])
    .select<Pick<User, 'id' | 'locale' | 'country'>[]>('id', 'locale', 'country')
  return new Map(rows.map(({ id, locale, country }) => [id, pickLocale({ userLocale: locale, country })]))
}

/** Tokens of a person's devices, oldest first. */
export async function deviceTokensOf(db: Knex, userId: string): Promise<string[]> {
  return await db('platform.devices').where({ user_id: userId }).orderBy(['last_seen_at', 'token']).pluck('token')
}

/** The devices of many people, in the order of their tokens. */
export async function devicesOf(
  db: Knex,
  userIds: readonly string[],
): Promise<{ readonly user_id: string; readonly token: string }[]> {
  return await db('platform.devices')
    .whereRaw('user_id = any(?::text[])', [[...userIds]])
    .orderBy('token')
    .select('user_id', 'token')
}
