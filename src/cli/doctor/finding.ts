import type { Knex } from 'knex'
import type { Catalog } from '../../../queues/catalog.ts'
import type { Config } from '../../config/load.ts'
import type { RunStatement } from '../../db/statement.ts'

/** Something that is wrong, or will be. */
export interface Finding {
  /** What was looked at: `postgres`, `schedules` … */
  readonly check: string
  /** `bad`: jobs are, or may be, late, lost or doubled because of it. `warning`: it will become bad. */
  readonly severity: 'bad' | 'warning'
  readonly what: string
  /** A command, a setting, or what to look at. */
  readonly cure: string
}

/** What the checks look at. */
export interface Patient {
  readonly config: Config
  readonly run: RunStatement
  readonly knex: Knex
  readonly catalog: Catalog
  /** This machine's clock, in ms since 1970. */
  readonly now: () => number
}

/** Looks at one thing; answers nothing when it is well. */
export type Check = (patient: Patient) => Promise<Finding[]>

/** The beginning of what is found by one check. */
export function finder(check: string) {
  return {
    bad: (what: string, cure: string): Finding => ({ check, severity: 'bad', what, cure }),
    warning: (what: string, cure: string): Finding => ({ check, severity: 'warning', what, cure }),
  }
}
