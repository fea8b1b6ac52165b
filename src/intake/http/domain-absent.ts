import { absentVariable } from '../../config/absent.ts'
import type { Config } from '../../config/load.ts'
import { domains } from '../../config/domains.ts'
import { Problem } from './problem.ts'

/** The 501 for a domain that is not served here. `variable` is the setting that would change it. */
export function domainAbsent(domain: string, variable: string): Problem {
  return new Problem('domain-absent', { detail: `${domain} is not served here: see ${variable}`, domain, variable })
}

/** Throws domain-absent for jobs of domains this deployment does not serve. */
export function expectServed(config: Config, jobName: string): void {
  const domain = domains.find(name => jobName.startsWith(`${name}.`))
  const variable = domain && absentVariable(config, domain)
  if (domain && variable) throw domainAbsent(domain, variable)
}
