import { instant } from '../ledger/instant.ts'
import type { JobStatus } from '../ledger/status.ts'
import { joined } from '../ledger/story-words.ts'
import { table } from './table.ts'

/** A job for people: facts, then its attempts, effects, children and log. */
export function jobText(status: JobStatus): string {
  const facts: [string, string | null | undefined][] = [
    ['state', joined([status.state, status.reason, status.error?.message])],
    ['id', status.id],
    ['about', status.entity],
    ['tags', status.tags.join(', ')],
    ['tenant', status.tenant],
    ['batch', status.batch],
    ['progress', status.progress && progressText(status.progress)],
    ['accepted', instant(status.accepted_at)],
    ['next look', status.next_at && instant(status.next_at)],
    ['finished', status.finished_at && instant(status.finished_at)],
    ['result', status.result === null ? null : JSON.stringify(status.result)],
  ]
  const lines = facts.flatMap(([name, value]) => (value ? [`  ${name.padEnd(10)} ${value}`] : []))
  const attempts = status.attempts_log.map(one => [
    one.attempt,
    one.ending,
    instant(one.ended_at),
    one.error?.message ?? '',
  ])
  const effects = status.effects.map(one => [one.key, one.provider, one.state, one.sends, one.provider_id ?? '-'])
  const children = status.children.map(one => [one.id, one.name, one.state])
  const log = status.log.map(one => [instant(one.at), one.level, one.message])
  return [
    status.name,
    ...lines,
    ...section(['attempt', 'ending', 'ended', 'why'], attempts),
    ...section(['effect', 'provider', 'state', 'sends', 'provider id'], effects),
    ...section(['child', 'job', 'state'], children),
    ...section(['logged', 'level', 'message'], log),
  ].join('\n')
}

function progressText({ done, total, message }: NonNullable<JobStatus['progress']>): string {
  return joined([`${done} of ${total}`, message])
}

function section(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return rows.length > 0 ? ['', table(heads, rows)] : []
}
