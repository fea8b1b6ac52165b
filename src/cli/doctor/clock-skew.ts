import { durationWords } from '../../ledger/duration-words.ts'
import { type Finding, finder } from './finding.ts'

/** Clocks further apart than this make ids, due times and logs tell another order than what happened. */
const skewWarningMs = 2_000
const skewBadMs = 30_000

/** Compares a server's clock with ours, read just before and after it was asked. */
export function clockFindings(server: string, serverMs: number, beforeMs: number, afterMs: number): Finding[] {
  const skewMs = Math.max(beforeMs - serverMs, serverMs - afterMs, 0)
  if (skewMs < skewWarningMs) return []
  const { bad, warning } = finder('clock')
  const which = serverMs > afterMs ? 'ahead of' : 'behind'
  const what = `the clock of ${server} is ${durationWords(skewMs)} ${which} this machine's`
  return [(skewMs < skewBadMs ? warning : bad)(what, 'synchronise both with NTP: timedatectl set-ntp true')]
}
