import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { alertKinds } from '../../src/alerts/alert.ts'
import { logRequests } from '../../src/intake/http/request-log.ts'
import { ledgerMetrics } from '../../src/observability/ledger-metrics.ts'
import { relayMetrics } from '../../src/observability/relay-metrics.ts'
import { scheduleMetrics } from '../../src/observability/schedule-metrics.ts'
import { workerMetrics } from '../../src/observability/worker-metrics.ts'
import { keptLog } from './kept-log.ts'

const folder = join(import.meta.dirname, '../../docs/operations')
const read = (name: string) => readFile(join(folder, name), 'utf8')

/** Names of series in an expression: what stands before a selector or a range, and is no function or label. */
function metricsIn(expression: string): string[] {
  return [...expression.matchAll(/\b(?:hbnb_jobs|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name)
}

const dashboard = z.object({
  panels: z.array(
    z.object({
      title: z.string(),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ expr: z.string() })).min(1),
    }),
  ),
})

let known: Map<string, { readonly type: string; readonly labels: readonly string[] }>
let rules: { name: string; expr: string; runbook: string }[]
let sections: string[]
let runbook: string

beforeAll(async () => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  ledgerMetrics(registry, async () => [])
  relayMetrics(registry)
  scheduleMetrics(registry)
  workerMetrics(registry)
  logRequests(keptLog('silent').log, registry)
  known = new Map(
    registry.getMetricsAsArray().map(metric => {
      const labels: unknown = Reflect.get(metric, 'labelNames')
      return [metric.name, { type: String(metric.type), labels: z.array(z.string()).catch([]).parse(labels) }]
    }),
  )
  const text = await read('alert-rules.yaml')
  rules = text
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map(rule => ({
      name: rule.split('\n')[0] ?? '',
      expr: /^ +expr: '(.*)'$/m.exec(rule)?.[1] ?? '',
      runbook: /^ +runbook_url: (.*)$/m.exec(rule)?.[1] ?? '',
    }))
  runbook = await read('runbook.md')
  sections = [...runbook.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'))
})

/** A histogram is asked for by its parts. */
function exists(series: string): boolean {
  const histogram = /^(.*)_(bucket|count|sum)$/.exec(series)?.[1]
  return known.has(series) || (histogram !== undefined && known.get(histogram)?.type === 'histogram')
}

describe('alert rules', () => {
  it('name only metrics that are there', () => {
    expect(rules.length).toBeGreaterThan(15)
    for (const { name, expr } of rules) {
      expect(metricsIn(expr), name).not.toEqual([])
      expect(
        metricsIn(expr).filter(series => !exists(series)),
        name,
      ).toEqual([])
    }
  })

  it('select only by labels their metrics have', () => {
    for (const { name, expr } of rules) {
      for (const [, series = '', selector = ''] of expr.matchAll(
        /(hbnb_jobs_[a-z0-9_]+)\{([^[\]]*?)\}(?=[[)\s<>=]|$)/g,
      )) {
        const metric = known.get(series) ?? known.get(series.replace(/_(bucket|count|sum)$/, ''))
        const asked = [...selector.matchAll(/(\w+)(?:=~|!=|=)"/g)].map(([, label]) => label)
        expect(asked.length, `${name}: ${selector}`).toBeGreaterThan(0)
        expect(
          asked.filter(label => !metric?.labels.includes(label ?? '')),
          `${name}: ${series}`,
        ).toEqual([])
      }
    }
  })

  it('and alerts without Prometheus each have their section of the runbook', () => {
    for (const { name, runbook: link } of rules) {
      expect(link, name).toMatch(/^docs\/operations\/runbook\.md#[a-z-]+$/)
      expect(sections, name).toContain(link.split('#')[1])
    }
    for (const kind of alertKinds) expect(sections).toContain(kind)
  })
})

it('every section of the runbook says what it means, where to look and what to do, and belongs to an alert', () => {
  const asked = new Set([...alertKinds, ...rules.map(({ runbook: link }) => link.split('#')[1] ?? '')])
  for (const [index, section] of runbook.split(/^## /m).slice(1).entries()) {
    for (const part of ['**Means.**', '**Look.**', '**Do.**']) expect(section).toContain(part)
    expect([...asked]).toContain(sections[index])
  }
})

it('every panel of the dashboard shows metrics that are there, beside the others', async () => {
  const { panels } = dashboard.parse(JSON.parse(await read('dashboard.json')))
  const taken = new Set<string>()
  for (const { title, gridPos, targets } of panels) {
    for (const { expr } of targets) {
      expect(metricsIn(expr), title).not.toEqual([])
      expect(
        metricsIn(expr).filter(series => !exists(series)),
        title,
      ).toEqual([])
    }
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(taken.has(`${x},${y}`), title).toBe(false)
        taken.add(`${x},${y}`)
      }
    }
  }
})

it('every metric of ours is described', async () => {
  const described = [...(await read('watching.md')).matchAll(/^\| `(hbnb_jobs_\w+)` /gm)].map(([, name]) => name ?? '')
  expect(new Set(described)).toEqual(new Set([...known.keys()].filter(name => name.startsWith('hbnb_jobs_'))))
  expect(described).toHaveLength(new Set(described).size)
})

it('the dashboard shows everything we measure', async () => {
  const shown = new Set((await read('dashboard.json')).match(/hbnb_jobs_[a-z0-9_]+/g))
  const missing = [...known.keys()].filter(
    name =>
      name.startsWith('hbnb_jobs_') && ![name, `${name}_bucket`, `${name}_count`].some(series => shown.has(series)),
  )
  // When the relay last passed is for alerts; a picture of it says nothing.
  expect(missing).toEqual(['hbnb_jobs_relay_last_pass_timestamp_seconds'])
})
