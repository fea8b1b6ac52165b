import { createHash } from 'node:crypto'

/** The key of a push to a device. Tokens are personal data: the ledger knows them by a hash. */
export function deviceKey(token: string): string {
  return `device:${createHash('sha256').update(token).digest('hex').slice(0, 32)}`
}
