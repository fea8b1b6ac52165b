import { createLog } from '../../src/observability/log.ts'

/** A log whose lines are kept as objects. */
export function keptLog(level: 'info' | 'silent' = 'info') {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return { log: createLog({ level, name: 'test', destination }), lines }
}
