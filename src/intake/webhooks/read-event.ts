import { z } from 'zod'
import { entityOf, eventsOfSource, hbnbEvent, type HbnbSource, sourceOf } from '../../domain/events/hbnb-events.ts'
import { fieldFaults } from '../http/pointer.ts'
import { type FieldFault, Problem } from '../http/problem.ts'
import type { StrictJson } from '../http/strict-json.ts'

/** An event of the platform as far as the door reads it. `ignoredBecause` is null for events something may react to. */
export interface ReadEvent {
  readonly type: string
  readonly body: unknown
  readonly entity: string | null
  readonly ignoredBecause: string | null
}

const maxTypeChars = 100
const anyEvent = z.looseObject({
  event: z
    .string()
    .min(1)
    .max(maxTypeChars)
    // Types are shown in lists: none may start a line of its own, or turn its neighbours around.
    .refine(type => !/\p{C}/u.test(type), 'holds a control character'),
})

/** Reads the parsed body of a verified webhook. Throws invalid-event naming each field of what it should know. */
export function readHbnbEvent(source: HbnbSource, { value: body, faults }: StrictJson): ReadEvent {
  // What is as it should be is looked at once; what is not, from its beginning, to tell what is wrong with it.
  const event = faults.length === 0 ? eventsOfSource[source].safeParse(body) : undefined
  if (event?.success) return { type: event.data.event, body, entity: entityOf(event.data), ignoredBecause: null }

  const { data, error } = anyEvent.safeParse(body)
  refuseIfAny([...faults, ...fieldFaults(error?.issues ?? [], body)])
  const type = data?.event ?? ''
  const home = sourceOf(type)
  if (home === source) refuseIfAny(fieldFaults(event?.error?.issues ?? [], body))
  // What nobody reacts to is kept as it is: it may be asked about, and sent again by the right door.
  const astray = hbnbEvent.safeParse(body)
  const ignoredBecause =
    home === undefined
      ? 'events of this type are not known here'
      : `${type} belongs to /webhooks/${home}, not to /webhooks/${source}`
  return { type, body, entity: astray.success ? entityOf(astray.data) : null, ignoredBecause }
}

function refuseIfAny(errors: readonly FieldFault[]): void {
  if (errors.length > 0) throw new Problem('invalid-event', { errors })
}
