import { findStay, type Stay } from '../../src/db/bookings.ts'
import { findUser, type User } from '../../src/db/users.ts'
import { mootReason } from '../../src/domain/notifications/moot.ts'
import { isToHost, type TemplateName } from '../../src/domain/notifications/template-names.ts'
import { instantAt } from '../../src/domain/schedules/instant-at.ts'
import { isZone } from '../../src/domain/schedules/zone.ts'
import { Skipped } from '../../src/errors.ts'
import type { Context } from '../runtime/process.ts'
import { notKnown } from './not-known.ts'
import { bookingPage, clickAction, type Subject } from './subject.ts'

/** A booking, as its guest or host reads about it. */
export async function aboutBooking(
  template: TemplateName,
  reader: User,
  bookingId: string,
  context: Context,
): Promise<Subject | Skipped> {
  const { db, siteUrl } = context
  const stay = await findStay(db, bookingId)
  if (!stay) return await notKnown('booking', bookingId, context)
  const moot = mootReason(template, { booking: stay })
  if (moot !== null) return new Skipped(moot)

  const names = isToHost(template)
    ? { host_first_name: reader.first_name, ...named(await findUser(db, stay.guest_id)) }
    : { guest_first_name: reader.first_name }
  return {
    entity: `booking:${stay.id}`,
    data: { ...names, ...factsOf(stay, template), ...bookingPage(siteUrl, stay.id) },
    pushData: { ...clickAction, type: 'booking_update', booking_id: stay.id },
    expiresAt: template === 'check-in-reminder' ? beginOf(stay) : null,
  }
}

/** Null where nobody knows what time it is. */
function beginOf({ check_in, check_in_time, zone }: Stay): Date | null {
  return isZone(zone) ? instantAt(check_in, check_in_time, zone) : null
}

/** A guest who deleted their account has no name any more; their host is told all the same. */
function named(guest: User | undefined): { readonly guest_first_name?: string } {
  return guest ? { guest_first_name: guest.first_name } : {}
}

function factsOf(stay: Stay, template: TemplateName) {
  const { place_address, cancelled_by } = stay
  return {
    booking_id: stay.id,
    place_title: stay.place_title,
    place_city: stay.place_city,
    check_in: stay.check_in,
    check_out: stay.check_out,
    check_in_time: stay.check_in_time,
    check_out_time: stay.check_out_time,
    guests: stay.guests,
    total_minor: stay.total_minor,
    currency: stay.currency,
    ...(cancelled_by === null ? {} : { cancelled_by }),
    // Where a host lives is for those who are about to come, and in no other message.
    ...(template === 'check-in-reminder' && place_address !== null ? { place_address } : {}),
  }
}
