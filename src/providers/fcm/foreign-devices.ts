import { ConfigError } from '../../errors.ts'
import type { Refusal } from './errors.ts'

/** So many foreign devices and not one of ours: it is the key that is foreign. */
const MANY_FOREIGN = 10

/**
 * Tells a device of another project from a key of another project, which makes every device look foreign. A key that
 * has sent one push is the right one; until then no device is given up.
 */
export function foreignDevices() {
  let isKeyProven = false
  let foreignYet = 0
  return {
    /** Reads the answers of one call. */
    judge<A extends { readonly id: string } | Refusal>(answers: readonly A[]): (A | Refusal)[] {
      isKeyProven ||= answers.some(answer => 'id' in answer)
      if (!isKeyProven) foreignYet += answers.filter(isForeign).length
      return answers.map(answer => (isForeign(answer) ? verdict(answer) : answer))
    },
  }

  function verdict({ error }: Refusal): Refusal {
    if (isKeyProven) return { error, device: 'dead' }
    if (foreignYet < MANY_FOREIGN) return { error, device: 'kept' }
    const message = `FCM called each of ${foreignYet} devices foreign: the service account is of another project.`
    return { error: new ConfigError('fcm-foreign-project', message), device: 'kept' }
  }
}

function isForeign(answer: object): answer is Refusal {
  return 'device' in answer && answer.device === 'foreign'
}
