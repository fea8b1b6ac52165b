import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const PROJECT = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(PROJECT, path), 'utf8')
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')))

/** The names of one process in Procfile, compose.yaml and the scripts of package.json. */
const PROCESSES = [
  { procfile: 'release', compose: 'migrate', script: 'migrate' },
  { procfile: 'web', compose: 'intake', script: 'start' },
  { procfile: 'relay', compose: 'relay', script: 'relay' },
  { procfile: 'worker', compose: 'worker', script: 'worker' },
]

function procfile(): Record<string, string> {
  const lines = read('Procfile').trim().split('\n')
  return Object.fromEntries(lines.map(line => line.split(/: (.*)/).slice(0, 2)))
}

/** The commands of the services built from this project: those that merge the shared block. */
function composeCommands(): Record<string, string> {
  const services = read('compose.yaml').split(/^services:\n/m)[1] ?? ''
  const blocks = services.matchAll(/^ {2}(\w+):\n((?: {4}.*\n|\n)+)/gm)
  const ours = [...blocks].filter(([, , body]) => body?.includes('<<: *app'))
  return Object.fromEntries(
    ours.map(([, name, body]) => [name, /^ {4}command: (.*)$/m.exec(body ?? '')?.[1] ?? 'none']),
  )
}

function byScript(key: 'procfile' | 'compose'): Record<string, string | undefined> {
  return Object.fromEntries(PROCESSES.map(process => [process[key], scripts[process.script]]))
}

test('Procfile, compose.yaml and the scripts start the same processes by the same commands', () => {
  expect(procfile()).toEqual(byScript('procfile'))
  expect(composeCommands()).toEqual(byScript('compose'))
})

test('every command names a file that is there', () => {
  for (const command of Object.values(procfile())) {
    expect(existsSync(join(PROJECT, command.replace('node ', ''))), command).toBe(true)
  }
})

test("the image's own command is the intake", () => {
  const command = z.array(z.string()).parse(JSON.parse(/^CMD (.*)$/m.exec(read('Dockerfile'))?.[1] ?? '[]'))
  expect(command.join(' ')).toBe(scripts['start'])
})

test('compose.yaml has no secret of its own: every password is required from outside', () => {
  const secrets = [...read('compose.yaml').matchAll(/^.*(?:PASSWORD|SECRET|ROOT_USER|_KEY)\w*:.*$/gm)].map(
    ([line]) => line,
  )
  expect(secrets.length).toBeGreaterThan(5)
  for (const line of secrets) expect(line).toMatch(/\$\{\w+:\?\}/)
})
