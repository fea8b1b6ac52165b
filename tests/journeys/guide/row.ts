import type { Journey } from './journey.ts'

/** Does through the real door what a row says, and checks that the guide's promise is kept. */
export type Proof = (journey: Journey) => Promise<void>

/** Nothing does it yet: what is missing. */
export interface NotBuilt {
  readonly notBuilt: string
}

/** One thing of the platform's integration guide, and what takes its place here. Texts are Markdown. */
export interface Row {
  /** Symbols of the guide, as `symbols.txt` lists them; the first names the row. */
  readonly guide: readonly [string, ...string[]]
  /** What is called instead: request, event or job; or where the value is. */
  readonly here: string
  /** The job types that do it; empty when the answer does. */
  readonly jobs: readonly string[]
  /** What is given and answered, where it is not called as in the guide. */
  readonly fields: string
  readonly errors: string
  readonly proof: Proof | NotBuilt
}

/** One section of the guide. */
export interface Chapter {
  readonly title: string
  /** What a reader should know before its table; may be empty. */
  readonly about: string
  readonly rows: readonly Row[]
}

/** A row of a value: a field, a header, a constant. It has no job and no error of its own. */
export function value(guide: Row['guide'], here: string, proof: Row['proof']): Row {
  return { guide, here, jobs: [], fields: '', errors: '', proof }
}

/** What the row is called: its first symbol, functions with their brackets. */
export function nameOf({ guide: [symbol] }: Row): string {
  return symbol.startsWith('def ') ? `${symbol.slice('def '.length)}()` : symbol
}

/** What a row waits for; null when it works. */
export function missingOf({ proof }: Row): string | null {
  return typeof proof === 'function' ? null : proof.notBuilt
}
