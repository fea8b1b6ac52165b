import { type AuditRow, maxAuditRows, newestAudit } from '../../ledger/audit.ts'
import { instant } from '../../ledger/instant.ts'
import { answer, type Command, textOption, UsageError } from '../command.ts'
import { table } from '../table.ts'

const targetForm = /^[a-z]+:\S+$/

export const audit: Command = {
  name: 'audit',
  about: `Tell who did what, and what was refused: the newest ${maxAuditRows}, of everything or of one target.`,
  takes: '[--target <kind:id>]',
  examples: [
    'audit',
    'audit --target queue:payments.refund',
    'audit --target job:0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e',
  ],
  options: { target: { type: 'string' } },
  words: 0,
  async run(invocation) {
    const target = textOption(invocation, 'target') ?? null
    if (target !== null && !targetForm.test(target)) {
      throw new UsageError(`"${target}" is not like queue:email.send, job:<id>, schedule:<key> or key:<id>`)
    }
    const rows = await newestAudit(invocation.database().run, target)
    const nothing = target === null ? 'Nobody has changed anything yet.' : `Nobody has changed ${target}.`
    const lines = rows.map(({ at, actor, action, target: of, detail }) => [
      instant(at),
      actor,
      action,
      of,
      detailText(detail),
    ])
    answer(invocation, rows, rows.length > 0 ? table(['when', 'who', 'what', 'of what', 'detail'], lines) : nothing)
  },
}

function detailText({ refused, because, ...facts }: AuditRow['detail']): string {
  if (refused !== undefined) return `refused: ${String(because)}`
  return Object.entries(facts)
    .map(
      ([name, value]) => `${name.replaceAll('_', ' ')}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join(', ')
}
