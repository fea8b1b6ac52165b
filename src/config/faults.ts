import { environment, type VariableName } from './schema.ts'
import { variableFacts } from './values.ts'

const maxSeenChars = 80

/** One thing wrong with one variable: what it should be, and what it is. */
export interface Fault {
  readonly variable: VariableName
  readonly expected: string
  /** Null where there is nothing to give: the variable should not be set. */
  readonly example: string | null
  /** The value as given, shortened; `nothing`, or `a secret` in its place. Never a secret. */
  readonly seen: string
}

/** Everything that is wrong with the environment, in one error. Secret values are not in it. */
export class ConfigurationFaults extends Error {
  readonly code = 'configuration-faults'
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    const lines = faults.map(({ variable, expected, example, seen }) => {
      const instance = example === null ? '' : `, for example ${example}`
      return `  ${variable}: expected ${expected}${instance}; seen ${seen}`
    })
    super(`${faults.length} fault(s) in the environment:\n${lines.join('\n')}`)
    this.name = 'ConfigurationFaults'
    this.faults = faults
  }
}

/** A fault of one variable. `rule` replaces the schema's sentence and example when another rule was broken. */
export function faultOf(
  variable: VariableName,
  seen: string | undefined,
  rule?: { readonly expected: string; readonly example?: string | null },
): Fault {
  const facts = variableFacts.get(environment.shape[variable])
  if (facts === undefined) throw new Error(`${variable} has no facts in the schema`)
  const { expected, example = facts.example } = rule ?? facts
  if (seen === undefined) return { variable, expected, example, seen: 'nothing' }
  return { variable, expected, example, seen: facts.secret === true ? 'a secret' : shown(seen) }
}

function shown(text: string): string {
  // A password inside an address is a secret wherever the address was written.
  const bare = text.replace(/\/\/[^/@\s]*@/g, '//…@')
  return JSON.stringify(bare.length > maxSeenChars ? `${bare.slice(0, maxSeenChars)}…` : bare)
}
