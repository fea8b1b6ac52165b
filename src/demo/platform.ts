/** A booking the demo made up, and where its guest is reached. */
export interface DemoBooking {
  readonly id: string
  readonly entity: string
  readonly email: string
  readonly phone: string
  readonly device: string
}

const guests = [
  { first_name: 'Camille', last_name: 'Durand', locale: 'fr', country: 'FR' },
  { first_name: 'Emily', last_name: 'Carter', locale: 'en', country: 'GB' },
  { first_name: 'Inès', last_name: 'Le Goff', locale: 'fr', country: 'FR' },
  { first_name: 'Théo', last_name: 'Marchand', locale: 'fr', country: 'FR' },
] as const
const places = [
  { title: "L'Étable bleue", city: 'Saint-Malo' },
  { title: 'Cabane dans les pins', city: 'Arcachon' },
  { title: 'Le Grenier aux hirondelles', city: 'Annecy' },
  { title: 'Maison du passeur', city: 'La Roche-Bernard' },
] as const

/** Where the demo tells what the platform has, and as whom. */
interface Told {
  readonly intakeUrl: string
  readonly apiKey: string
}

/** Tells of a guest with a device, a place and a pending booking, as an app of the platform does; `run` keeps runs apart. */
export async function tellBooking(to: Told, run: string, index: number): Promise<DemoBooking> {
  const key = `${run}-${index + 1}`
  const guest = guests[index % guests.length] ?? guests[0]
  const place = places[index % places.length] ?? places[0]
  const booking = {
    id: key,
    entity: `booking:${key}`,
    email: `${guest.first_name
      .normalize('NFD')
      .replace(/[^a-z]/gi, '')
      .toLowerCase()}.${key}@example.org`,
    phone: `+3360000${String(Number.parseInt(run.slice(-6), 36) % 1_000).padStart(3, '0')}${index}`,
    device: `device-${key}`,
  }
  await tell(to, `users/guest-${key}`, {
    ...guest,
    email: booking.email,
    phone: booking.phone,
    zone: 'Europe/Paris',
    fcm_tokens: [booking.device],
  })
  await tell(to, `places/place-${key}`, { host_id: `host-${key}`, ...place, country: 'FR', zone: 'Europe/Paris' })
  await tell(to, `bookings/${key}`, {
    place_id: `place-${key}`,
    guest_id: `guest-${key}`,
    status: 'pending',
    check_in: '2027-07-10',
    check_out: '2027-07-17',
    guests: 2,
    total_minor: 84_050,
    currency: 'EUR',
  })
  return booking
}

/** Tells of one entity, at its first version. */
export async function tell({ intakeUrl, apiKey }: Told, path: string, entity: object): Promise<void> {
  const response = await fetch(`${intakeUrl}/v1/${path}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ version: 1, ...entity }),
  })
  if (!response.ok) throw new Error(`PUT /v1/${path} answered ${response.status}: ${await response.text()}`)
}
