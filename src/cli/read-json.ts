import { readFile, stat } from 'node:fs/promises'
import { CommandFailed, type Terminal, UsageError } from './command.ts'

/** As the intake takes it. */
const maxBytes = 65_536

/** A JSON object: as the text itself, `@file`, or `-` for standard input. Throws saying what is wrong with it. */
export async function readJsonObject(terminal: Terminal, text: string): Promise<Record<string, unknown>> {
  const json =
    text === '-' ? await terminal.readInput(maxBytes) : text.startsWith('@') ? await inFile(text.slice(1)) : text
  if (Buffer.byteLength(json) > maxBytes) throw new CommandFailed(`a payload has at most ${maxBytes} bytes`)
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new UsageError(`the payload is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError('the payload must be a JSON object, such as {"user_id":"7"}')
  }
  return { ...value }
}

async function inFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > maxBytes) throw new CommandFailed(`${path} is larger than ${maxBytes} bytes`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof CommandFailed) throw error
    throw new CommandFailed(`${path} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`)
  }
}
