import { loadCatalog } from '../../../../queues/catalog.ts'
import { defaultTenant } from '../../../ledger/new-job.ts'
import { putSchedule } from '../../../ledger/schedules/put-schedule.ts'
import { change } from '../../change.ts'
import { answer, type Command, textOption, UsageError } from '../../command.ts'
import { readJsonObject } from '../../read-json.ts'
import { tellingRefusals } from '../../schedule-refusal.ts'

export const put: Command = {
  name: 'schedules put',
  about: 'Make or change a schedule of the API. Those of contracts are changed in the contract.',
  takes:
    '<key> --job <type> --cron <cron> --zone <zone> [--payload <json | @file | ->] [--missed skip|once|all:<most>] [--overlap skip|queue] [--tenant <tenant>]',
  examples: [
    `schedules put weekly-note --job notifications.send --cron "0 9 * * MON" --zone Europe/Paris --payload @note.json`,
    `schedules put catch-up --job notifications.send --cron "0 * * * *" --zone UTC --missed all:24 --overlap queue --payload '{…}'`,
  ],
  options: {
    job: { type: 'string' },
    cron: { type: 'string' },
    zone: { type: 'string' },
    payload: { type: 'string', default: '{}' },
    missed: { type: 'string', default: 'once' },
    overlap: { type: 'string', default: 'skip' },
    tenant: { type: 'string', default: defaultTenant },
  },
  words: 1,
  changes: true,
  async run(invocation) {
    const [key = ''] = invocation.positionals
    const given = (name: string) => textOption(invocation, name)
    for (const name of ['job', 'cron', 'zone'])
      if (given(name) === undefined) throw new UsageError(`--${name} is missing`)
    const definition = {
      job: given('job'),
      cron: given('cron'),
      zone: given('zone'),
      missed: missedPolicy(given('missed') ?? ''),
      overlap: given('overlap'),
      payload: await readJsonObject(invocation.terminal, given('payload') ?? ''),
    }
    const tenant = given('tenant') ?? defaultTenant
    const catalog = await loadCatalog()
    const { isNew } = await tellingRefusals(() =>
      change(invocation, async ({ tx, note }) => {
        const done = await putSchedule(tx, catalog, { key, definition, tenant })
        const { payload: _, ...noted } = definition
        await note('schedule.put', `schedule:${key}`, { ...noted, tenant, is_new: done.isNew })
        return done
      }),
    )
    const text = `${key} is ${isNew ? 'made' : 'as you say now'}. "schedules preview ${key}" shows when it is due.`
    answer(invocation, { key, is_new: isNew }, text)
  },
}

/** `all:24` is every missed slot, at most the newest 24. What it cannot be is refused with the whole definition. */
function missedPolicy(text: string): unknown {
  const [, most] = /^all:(\d{1,6})$/.exec(text) ?? []
  return most === undefined ? text : { all: Number(most) }
}
