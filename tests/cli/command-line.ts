import { runCli } from '../../src/cli/run-cli.ts'

export interface CommandLine {
  (...args: string[]): Promise<{ code: number; out: string; complaint: string }>
}

/** The command line on a database, without a process of its own; `secret` is what a person would type. */
export function commandLine(databaseUrl: string, secret = ''): CommandLine {
  return async (...args) => {
    let out = ''
    let complaint = ''
    const terminal = { out: (text: string) => void (out += text), askSecret: () => Promise.resolve(secret) }
    const env = { NODE_ENV: 'test', DATABASE_URL: databaseUrl, PUBLIC_URL: 'http://jobs.test' }
    const code = await runCli(args, terminal, text => void (complaint += text), env)
    return { code, out, complaint }
  }
}
