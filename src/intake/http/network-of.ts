import { isIPv4, isIPv6 } from 'node:net'

/**
 * The network of an address, so that logs can tell callers apart without knowing anybody: the first 24 bits of IPv4, 48 of
 * IPv6. Undefined for what is no address.
 */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(plain)) return `${plain.slice(0, plain.lastIndexOf('.'))}.0/24`
  if (!isIPv6(plain)) return undefined
  const [head = '', tail = ''] = plain.split('::', 2)
  const first = head.split(':').filter(group => group !== '')
  const last = tail.split(':').filter(group => group !== '')
  const zeros = plain.includes('::') ? 8 - first.length - last.length : 0
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last]
  return `${groups.slice(0, 3).join(':')}::/48`
}
