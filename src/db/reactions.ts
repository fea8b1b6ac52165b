import type { Knex } from 'knex'

/** What was made of one step of an entity, once and for all. */
export interface Reaction {
  readonly entity: string
  /** The state that was reached, with what tells it apart from another of its kind: `confirmed`, `refunded:4200`. */
  readonly step: string
  /** The event that told us first. */
  readonly inbox_id: string
  /** Why nothing was done; null when something was. */
  readonly superseded: string | null
  readonly job_ids: readonly string[]
}

/** An event of the same entity that is still in work. */
export interface OpenEvent {
  readonly type: string
  readonly sequence: number | null
}

/** Until the end of the transaction nobody else reacts to events of this entity. */
export async function lockEntity(tx: Knex.Transaction, entity: string): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`reaction ${entity}`])
}

export async function reactionsTo(tx: Knex.Transaction, entity: string): Promise<Reaction[]> {
  return await tx('hbnb_jobs.reactions')
    .where({ entity })
    .select<Reaction[]>('entity', 'step', 'inbox_id', 'superseded', 'job_ids')
}

export async function recordReaction(tx: Knex.Transaction, reaction: Reaction): Promise<void> {
  const reacted_at = tx.raw('clock_timestamp()')
  await tx('hbnb_jobs.reactions').insert({ ...reaction, job_ids: [...reaction.job_ids], reacted_at })
}

/** The number of the last event that was dealt with; 0 when none had one. */
export async function lastSequenceOf(tx: Knex.Transaction, entity: string): Promise<number> {
  const row = await tx('hbnb_jobs.event_positions')
    .where({ entity })
    .first<{ sequence: string } | undefined>('sequence')
  return Number(row?.sequence ?? 0)
}

/** Notes that an event of this number was dealt with; the position never goes back. */
export async function passSequence(tx: Knex.Transaction, entity: string, sequence: number): Promise<void> {
  await tx.raw(
    `insert into hbnb_jobs.event_positions as p (entity, sequence) values (?, ?)
     on conflict (entity) do update set sequence = excluded.sequence, told_at = now() where p.sequence < excluded.sequence`,
    [entity, sequence],
  )
}

/** Events of the entity, other than this one, whose jobs have not ended. */
export async function openEventsOf(tx: Knex.Transaction, entity: string, inboxId: string): Promise<OpenEvent[]> {
  return await tx('hbnb_jobs.webhook_inbox as i')
    .join('hbnb_jobs.job_live as l', 'l.id', 'i.job_id')
    .where('i.entity', entity)
    .whereNull('i.handled')
    .whereNot('i.id', inboxId)
    .select<OpenEvent[]>('i.type', tx.raw(`(i.body ->> 'sequence')::bigint::float8 as sequence`))
}

/** Jobs of events of the entity that wait for their time. */
export async function waitingEventJobs(db: Knex, entity: string): Promise<string[]> {
  return await db('hbnb_jobs.webhook_inbox as i')
    .join('hbnb_jobs.job_live as l', 'l.id', 'i.job_id')
    .where({ 'i.entity': entity, 'l.state': 'accepted' })
    .whereNull('i.handled')
    .whereRaw('l.run_at > now()')
    .pluck('l.id')
}
