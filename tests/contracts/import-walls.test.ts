import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

interface Import {
  readonly from: string
  /** A path from the root for our own files, else a package name. */
  readonly to: string
  readonly typeOnly: boolean
}

const statement = /^\s*(?:import|export)\s+(?<type>type\s)?(?:[^'"]*?\sfrom\s+)?['"](?<to>[^'"]+)['"]/gm
const dynamic = /\bimport\(\s*['"](?<to>[^'"]+)['"]\s*\)/g

async function importsOf(folder: string): Promise<Import[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
  const found = files.map(async entry => {
    const path = join(entry.parentPath, entry.name)
    const text = await readFile(path, 'utf8')
    return [...text.matchAll(statement), ...text.matchAll(dynamic)].map(({ groups }) => {
      const to = groups?.to ?? ''
      const own = to.startsWith('.')
      return {
        from: relative(root, path),
        to: own ? relative(root, join(dirname(path), to)) : to,
        typeOnly: groups?.type !== undefined,
      }
    })
  })
  return (await Promise.all(found)).flat()
}

const all = (await Promise.all(['src', 'queues', 'workers'].map(importsOf))).flat()
const ours = /^(src|queues|workers)\//

/** Imports by files under `from` that are neither allowed packages nor allowed folders of ours. */
function strays(from: string, allowed: readonly RegExp[], { typesToo = true } = {}): string[] {
  return all
    .filter(one => one.from.startsWith(from) && (typesToo || !one.typeOnly))
    .filter(one => !allowed.some(pattern => pattern.test(one.to)))
    .map(one => `${one.from} → ${one.to}`)
}

function reached(from: RegExp, to: RegExp, { typesToo = true } = {}): string[] {
  return all
    .filter(one => from.test(one.from) && to.test(one.to) && (typesToo || !one.typeOnly))
    .map(one => `${one.from} → ${one.to}`)
}

describe('imports point one way', () => {
  it('sees the imports there are', () => {
    expect(all.length).toBeGreaterThan(200)
    expect(all).toContainEqual({ from: 'queues/catalog.ts', to: 'queues/define-job.ts', typeOnly: true })
    expect(all.some(({ to }) => to === 'src/providers/sendgrid/mailer.ts')).toBe(true)
  })

  it('contracts load zod and nothing heavy', () => {
    expect(strays('queues/', [/^queues\//, /^src\/domain\//, /^zod$/, /^node:(fs|path|url)/])).toEqual([])
  })

  it('the client loads nothing but itself', () => {
    const published = all.filter(({ from }) => /^src\/client\/[^/]+$/.test(from))
    expect(published.filter(({ to }) => !/^src\/client\/[^/]+$/.test(to))).toEqual([])
    expect(published.length).toBeGreaterThan(20)
  })

  it('the domain does no I/O', () => {
    const pure = [/^src\/domain\//, /^src\/errors\.ts$/, /^zod$/, /^handlebars$/, /^libphonenumber-js/]
    expect(strays('src/domain/', pure)).toEqual([])
  })

  it('nothing outside workers reaches into workers', () => {
    expect(reached(/^(src|queues)\//, /^workers\//)).toEqual([])
  })

  it('the intake does not load workers, relays or providers beyond their signature checks', () => {
    const heavy =
      /^(workers\/|src\/providers\/(?!(sendgrid\/events|stripe\/events|twilio\/callbacks)\.ts)|src\/sandbox\/(?!development-keys\.ts))/
    expect(reached(/^src\/intake\//, heavy, { typesToo: false })).toEqual([])
  })

  it('the ledger knows contracts only as types', () => {
    const contracts = reached(/^src\/ledger\/(?!main\.ts)/, /^queues\//, { typesToo: false })
    expect(contracts).toEqual([])
  })

  it('provider SDKs are imported by their adapters alone', () => {
    const sdk = /^(@sendgrid\/|twilio|firebase-admin|stripe|@aws-sdk\/|@elastic\/)/
    const strangers = all.filter(({ from, to }) => sdk.test(to) && !/^src\/(providers|sandbox)\//.test(from))
    expect(strangers).toEqual([])
  })

  it('only src/config reads the environment', async () => {
    const readers: string[] = []
    for (const folder of ['src', 'queues', 'workers']) {
      for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
        const path = join(entry.parentPath, entry.name)
        if ((await readFile(path, 'utf8')).includes('process.env')) readers.push(relative(root, path))
      }
    }
    expect(readers.filter(path => ours.test(path) && !/^src\/(config|setup)\//.test(path))).toEqual([])
  })
})
