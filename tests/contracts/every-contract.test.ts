import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { loadCatalog, nearNames } from '../../queues/catalog.ts'
import { markedFields } from '../../src/observability/redact-payload.ts'
import { loadJobTypes } from '../../workers/load-job-types.ts'

const catalog = await loadCatalog()
const contracts = [...catalog.values()]
const domains = [...new Set(contracts.map(({ name }) => name.slice(0, name.indexOf('.'))))]
const types = await loadJobTypes(catalog, domains)

/** Words that name personal data: payloads carry ids instead. */
const personal = /email|phone|address|first_name|last_name|\bname\b|birth|iban|password|secret|(^|_)token($|_)/

function fieldsOf(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape)
}

describe.each(contracts.map(contract => [contract.name, contract] as const))('%s', (name, contract) => {
  it('carries ids in snake_case, never personal data', () => {
    for (const field of fieldsOf(contract.payload)) {
      expect(field).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(field).not.toMatch(personal)
    }
  })

  it('marks nothing in its payload as personal data or secret: such things stay in rows of their own', () => {
    expect([...markedFields(contract.payload)]).toEqual([])
  })

  it('is strict at the door and tolerant in the worker', () => {
    const issues = contract.payload.strict().safeParse({ surprise: 1 }).error?.issues ?? []
    expect(issues.some(({ code }) => code === 'unrecognized_keys')).toBe(true)
    const tolerant = contract.payload.strip().safeParse({ surprise: 1 }).error?.issues ?? []
    expect(tolerant.some(({ code }) => code === 'unrecognized_keys')).toBe(false)
  })

  it('says what it does in one sentence', () => {
    expect(contract.about).toMatch(/^[A-Z].*\.$/)
  })

  it('outlives its provider calls: the timeout leaves room for one call and its settlement', () => {
    expect(contract.timeoutMs).toBeGreaterThan(15_000)
  })

  it('has exactly one processor', () => {
    expect(types.filter(type => type.contract.name === name)).toHaveLength(1)
  })
})

describe('near names', () => {
  it.each([
    ['notification.send', 'notifications.send'],
    ['emails.send', 'email.send'],
    ['webhooks.proces', 'webhooks.process'],
  ])('%s is met with %s', (wanted, meant) => {
    expect(nearNames(catalog, wanted)).toContain(meant)
  })

  it('stays silent about what is like nothing', () => {
    expect(nearNames(catalog, 'zzz.qqq')).toEqual([])
  })
})
