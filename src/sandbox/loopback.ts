const LOOPBACK_NAMES = ['localhost', '::1', '[::1]']

/** Whether a host name or address can only mean this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.includes(host) || /^127(\.\d{1,3}){3}$/.test(host)
}
