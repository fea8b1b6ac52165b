import { askSecret } from './ask-secret.ts'
import { CommandFailed, type Terminal } from './command.ts'

const clearLine = '\r\u001B[2K'

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  // `… | head` closes the pipe when it has seen enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  let interrupted: AbortSignal | undefined
  let hasProgress = false

  return {
    out: text => void stdout.write(text),
    askSecret,
    async readInput(maxBytes) {
      const chunks: Buffer[] = []
      let bytes = 0
      for await (const chunk of stdin) {
        const part = Buffer.from(chunk)
        bytes += part.byteLength
        if (bytes > maxBytes) throw new CommandFailed(`standard input is longer than ${maxBytes} bytes`)
        chunks.push(part)
      }
      return Buffer.concat(chunks)
    },
    isTty: stdout.isTTY,
    progress(line) {
      if (!stderr.isTTY || (line === '' && !hasProgress)) return
      hasProgress = line !== ''
      stderr.write(`${clearLine}${line.slice(0, Math.max(0, stderr.columns - 1))}`)
    },
    get interrupted() {
      return (interrupted ??= onInterrupt())
    },
  }
}

/** The first Ctrl-C asks to stop; a second one ends the process as usual. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  return controller.signal
}
