import type { Catalog } from '../../queues/catalog.ts'
import { hbnbEventTypes } from '../domain/events/hbnb-events.ts'
import { entityKinds } from '../domain/platform/kinds.ts'
import { typedDict } from './typed-dict.ts'

/** Types of the payloads that upstream apps may send, for Python 3.9: the first generated part of `hbnb_jobs.py`. */
export function jobTypes(catalog: Catalog): string {
  const open = [...catalog.values()].filter(contract => contract.open)
  const classes = open.flatMap(({ name, about, payload }) => [
    '',
    '',
    ...typedDict(className(name), `Payload of ${name}. ${about}`, payload),
  ])
  return [
    `JobName = Literal[${listed(open.map(({ name }) => name))}]`,
    '"""Job types that are open to upstream apps."""',
    ...classes,
  ].join('\n')
}

/** Types of what the platform tells us: its events and entities. */
export function platformTypes(): string {
  const classes = Object.entries(entityKinds).flatMap(([kind, schema]) => [
    '',
    '',
    ...typedDict(className(kind), `What put("${kind}", …) takes.`, schema),
  ])
  return [
    `EventName = Literal[${listed(hbnbEventTypes)}]`,
    '"""Events of the platform, for tell()."""',
    '',
    `EntityKind = Literal[${listed(Object.keys(entityKinds))}]`,
    ...classes,
  ].join('\n')
}

function listed(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ')
}

/** `notifications.send` is `NotificationsSend`. */
function className(name: string): string {
  return name.replace(/(?:^|[.-])([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
