import { CronExpressionParser } from 'cron-parser'
import type { WallCron } from '../../domain/schedules/slots.ts'

const maxCronChars = 200
const hoursPerDay = 24

/** A cron that cannot be read; the message names what is wrong and is fit to be shown. */
export class InvalidCron extends Error {
  constructor(cron: string, why: string) {
    super(`"${cron.slice(0, maxCronChars)}" is not a cron of five or six fields: ${why}`)
    this.name = 'InvalidCron'
  }
}

/**
 * Reads five fields, or six with seconds first. cron-parser only ever sees UTC: in real zones version 5.10.5 moves a time
 * in a spring gap by an hour and gives up where clocks change by 30 minutes. Throws {@link InvalidCron}.
 */
export function readCron(cron: string): WallCron {
  const fields = cron.trim().split(/\s+/)
  // Shorter ones would be filled up with wildcards, down to "" meaning every minute.
  if (fields.length < 5 || fields.length > 6) throw new InvalidCron(cron, `it has ${fields.length} fields`)
  if (cron.length > maxCronChars) throw new InvalidCron(cron, `it has over ${maxCronChars} characters`)
  // A hashed value differs from process to process.
  if (/(^|[^tT])h/i.test(fields.join(' '))) throw new InvalidCron(cron, 'H is not supported')
  try {
    const parsed = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: 0 })
    parsed.next()
    return {
      everyHour: parsed.fields.hour.values.length === hoursPerDay,
      nextWall(after) {
        parsed.reset(new Date(after))
        try {
          return parsed.next().getTime()
        } catch {
          // Its only error here: it has looked ahead for long and found no match.
          return undefined
        }
      },
    }
  } catch (error) {
    throw new InvalidCron(cron, error instanceof Error ? error.message : 'it cannot be read')
  }
}
