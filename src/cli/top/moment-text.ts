import { durationWords } from '../../ledger/duration-words.ts'
import { instant } from '../../ledger/instant.ts'
import { table } from '../table.ts'
import type { Moment } from './read-queues.ts'

const heads = [
  'queue',
  'waiting',
  'active',
  'retrying',
  'scheduled',
  'parked',
  'oldest due',
  'done/min',
  'failed/min',
  '',
]

/** The moment for people. */
export function momentText({ at, queues, processes }: Moment): string {
  const rows = queues.map(line => [
    line.name,
    line.waiting,
    line.active,
    line.retrying,
    line.scheduled,
    line.parked,
    line.oldest_due_ms === null ? '-' : durationWords(line.oldest_due_ms),
    line.done,
    line.failed,
    line.paused === null
      ? ''
      : `paused by ${line.paused.by}${line.paused.reason === null ? '' : `: ${line.paused.reason}`}`,
  ])
  const people = processes.map(one => [
    one.id,
    one.kind,
    one.host,
    one.pid,
    `${durationWords(one.silent_ms)} ago`,
    one.draining ? 'draining' : '',
  ])
  return [
    instant(at),
    '',
    rows.length > 0 ? table(heads, rows) : 'All queues are empty, and nothing ended in the last minute.',
    '',
    people.length > 0 ? table(['process', 'kind', 'host', 'pid', 'heard', ''], people) : 'No process of ours is alive.',
  ].join('\n')
}
