import type { Result } from './scenario.ts'

const columns: readonly { title: string; of: (result: Result) => string }[] = [
  { title: '', of: ({ broken, late }) => (broken.length + late.length === 0 ? '✓' : '✗') },
  { title: 'scenario', of: ({ scenario }) => scenario },
  { title: 'store', of: ({ backend }) => backend },
  { title: 'faults', of: ({ faults }) => String(faults) },
  { title: 'accepted', of: ({ accepted }) => String(accepted) },
  { title: 'done', of: ({ done }) => String(done) },
  { title: 'failed as intended', of: ({ failedAsIntended }) => String(failedAsIntended) },
  { title: 'lost', of: ({ lost }) => String(lost) },
  { title: 'effects', of: ({ effectsSeen, effectsExpected }) => `${effectsSeen}/${effectsExpected}` },
  { title: 'doubled', of: ({ doubled }) => String(doubled) },
  { title: 'unknown', of: ({ unknownOpen }) => String(unknownOpen) },
  { title: 'closed by policy', of: ({ closedUnknown }) => String(closedUnknown) },
  { title: 'burnt', of: ({ burntAttempts }) => String(burntAttempts) },
  { title: 'restart p99', of: ({ restartP99Ms }) => milliseconds(restartP99Ms) },
  { title: 'resumed', of: ({ resumeMs }) => milliseconds(resumeMs) },
  { title: 'replaced', of: ({ replacedMs }) => milliseconds(replacedMs) },
  { title: 'took', of: ({ tookMs }) => milliseconds(tookMs) },
]

/** The results as an aligned table for people, with what was broken below it. */
export function resultTable(results: readonly Result[]): string {
  const rows = [columns.map(({ title }) => title), ...results.map(result => columns.map(({ of }) => of(result)))]
  const widths = columns.map((_, index) => Math.max(...rows.map(row => row[index]?.length ?? 0)))
  const lines = rows.map(row =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const broken = results.flatMap(({ scenario, broken: all, late }) =>
    [...all, ...late].map(one => `  ${scenario}: ${one}`),
  )
  return [...lines, ...(broken.length > 0 ? ['', ...broken] : [])].join('\n')
}

function milliseconds(value: number | null): string {
  return value === null ? '' : `${(value / 1_000).toFixed(1)} s`
}
