import type { ParseArgsOptionsConfig } from 'node:util'
import type { Config } from '../config/load.ts'
import type { Database } from '../db/connect.ts'

/** Where a command writes and reads; tests give their own. */
export interface Terminal {
  /** Standard output: what was asked for, and nothing else. */
  out(text: string): void
  /** A secret from the person at the terminal, or the first line of what is piped in. */
  askSecret(question: string): Promise<string>
  /** All of standard input. Throws {@link CommandFailed} above `maxBytes`. */
  readInput(maxBytes: number): Promise<Uint8Array>
  /** Whether a person looks at standard output. */
  readonly isTty: boolean
  /** One line beside the output that replaces itself; nothing where nobody looks. An empty one clears it. */
  progress(line: string): void
  /** Aborted by Ctrl-C; asking for it is the promise to obey. */
  readonly interrupted: AbortSignal
}

export interface Invocation {
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>
  readonly json: boolean
  readonly terminal: Terminal
  /** Read when first used. Throws ConfigurationFaults. */
  readonly config: Config
  /** Opened when first used, closed when the command ends. */
  readonly database: () => Database
}

/** One thing the command line does. */
export interface Command {
  /** `operators add`: the words that call it. */
  readonly name: string
  readonly about: string
  /** What follows the name: `<email> [--role …]`. */
  readonly takes: string
  readonly examples: readonly string[]
  readonly options: ParseArgsOptionsConfig
  /** How many words must follow the name; or at least, and at most how many. */
  readonly words: number | readonly [number, number]
  /** Set on what changes something: it takes --by, and writes the audit log. */
  readonly changes?: true
  run(invocation: Invocation): Promise<void>
}

/** The call itself was wrong; the message says how to write it. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** It could not be done; the message says what to do about it. Exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}

/** A text option of an invocation; undefined when it was not given. */
export function textOption({ options }: Invocation, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** Texts of others, such as an error's, must not move the cursor, hide lines or name the window of whoever reads them. */
const controls = /(?![\n\t])\p{Cc}/gu

/** A text as it may be shown: only lines and tabs are left of what steers a terminal. */
export function shown(text: string): string {
  return text.replace(controls, '\u{FFFD}')
}

/** JSON as it may be shown: it writes controls as escapes by itself, but for those that follow the letters. */
export function shownJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f]/g,
    control => `\\u00${control.charCodeAt(0).toString(16)}`,
  )
}

/** Writes one value: as JSON for programs, or as `text` for people. */
export function answer({ json, terminal }: Invocation, value: unknown, text: string): void {
  terminal.out(json ? `${shownJson(value, 2)}\n` : `${shown(text)}\n`)
}
