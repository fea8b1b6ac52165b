import { runCli } from '../../src/cli/run-cli.ts'

interface Ran {
  readonly code: number
  readonly out: string
  readonly complaint: string
  /** Every line of progress that was shown. */
  readonly progress: readonly string[]
}

export interface CommandLine {
  (...args: string[]): Promise<Ran>
}

interface Person {
  /** What a person would type where a secret is asked for. */
  readonly secret?: string
  /** What is piped in. */
  readonly input?: string
  /** Ctrl-C. */
  readonly interrupted?: AbortSignal
  /** Hears each piece of output as it comes. */
  readonly onOut?: (text: string) => void
  readonly env?: Readonly<Record<string, string>>
}

/** The command line on a database, without a process of its own. */
export function commandLine(databaseUrl: string, person: Person = {}): CommandLine {
  const { secret = '', input = '', interrupted = new AbortController().signal, env = {}, onOut } = person
  return async (...args) => {
    let out = ''
    let complaint = ''
    const progress: string[] = []
    const terminal = {
      out: (text: string) => {
        out += text
        onOut?.(text)
      },
      askSecret: () => Promise.resolve(secret),
      readInput: () => Promise.resolve(Buffer.from(input)),
      isTty: false,
      progress: (line: string) => void progress.push(line),
      interrupted,
    }
    const all = { NODE_ENV: 'test', DATABASE_URL: databaseUrl, PUBLIC_URL: 'http://jobs.test', ...env }
    const code = await runCli(args, terminal, text => void (complaint += text), all)
    return { code, out, complaint, progress }
  }
}
