import { readFile, stat } from 'node:fs/promises'
import { Problem } from '../intake/http/problem.ts'
import { strictJson } from '../intake/http/strict-json.ts'
import { CommandFailed, type Terminal, UsageError } from './command.ts'

/** As the intake takes it. */
const maxBytes = 65_536

/**
 * A JSON object: as the text itself, `@file`, or `-` for standard input, read as strictly as the intake does. Throws saying
 * what is wrong with it, field by field.
 */
export async function readJsonObject(terminal: Terminal, text: string): Promise<Record<string, unknown>> {
  const bytes = await bytesOf(terminal, text)
  if (bytes.byteLength > maxBytes) throw new CommandFailed(`a payload has at most ${maxBytes} bytes`)
  const { value, faults } = parsed(bytes)
  if (faults.length > 0) {
    throw new CommandFailed(
      ['the payload is not valid', ...faults.map(one => `  ${one.field}: ${one.message}`)].join('\n'),
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError('the payload must be a JSON object, such as {"user_id":"7"}')
  }
  return { ...value }
}

async function bytesOf(terminal: Terminal, text: string): Promise<Uint8Array> {
  if (text === '-') return await terminal.readInput(maxBytes)
  return text.startsWith('@') ? await inFile(text.slice(1)) : Buffer.from(text)
}

function parsed(bytes: Uint8Array): ReturnType<typeof strictJson> {
  try {
    return strictJson(bytes)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new UsageError(`the payload is not JSON: ${error.message}`)
  }
}

async function inFile(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > maxBytes) throw new CommandFailed(`${path} is larger than ${maxBytes} bytes`)
    return await readFile(path)
  } catch (error) {
    if (error instanceof CommandFailed) throw error
    throw new CommandFailed(`${path} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`)
  }
}
