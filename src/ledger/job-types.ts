import { z } from 'zod'
import type { Catalog } from '../../queues/catalog.ts'
import { arrayLiteral } from '../db/array-literal.ts'
import type { RunStatement } from '../db/statement.ts'

const declareStatement = {
  name: 'job-types-declare',
  text: `
    insert into hbnb_jobs.job_types
      (name, about, version, open, required, unique_by, lane_by, priority, expires_after_ms, retention_days,
       fields, max_payload_bytes)
    select name, about, version, open, required::text[], unique_by::text[], lane_by::text[], priority, expires, retention,
           fields::text[], max_bytes
    from unnest($1::text[], $2::text[], $3::smallint[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::smallint[],
                $9::bigint[], $10::int[], $11::text[], $12::int[])
      as t(name, about, version, open, required, unique_by, lane_by, priority, expires, retention, fields, max_bytes)
    order by name
    on conflict (name) do update
    set about = excluded.about, version = excluded.version, open = excluded.open, required = excluded.required,
        unique_by = excluded.unique_by, lane_by = excluded.lane_by, priority = excluded.priority,
        expires_after_ms = excluded.expires_after_ms, retention_days = excluded.retention_days,
        fields = excluded.fields, max_payload_bytes = excluded.max_payload_bytes
    where job_types.version <= excluded.version`,
}

/** Tells the database which job types exist; an older process never overwrites what a newer one declared. */
export async function declareJobTypes(run: RunStatement, catalog: Catalog): Promise<void> {
  const contracts = [...catalog.values()]
  await run(declareStatement, [
    contracts.map(({ name }) => name),
    contracts.map(({ about }) => about),
    contracts.map(({ version }) => version),
    contracts.map(({ open }) => open),
    contracts.map(({ payload }) => arrayLiteral(requiredFields(payload.shape))),
    contracts.map(({ unique }) => arrayLiteral(unique === 'none' ? [] : unique.by)),
    contracts.map(({ perKey }) => arrayLiteral(perKey === 'none' ? [] : perKey.by)),
    contracts.map(({ priority }) => priority),
    contracts.map(({ expiresAfterMs }) => (expiresAfterMs === 'never' ? null : expiresAfterMs)),
    contracts.map(({ retention }) => retention.days),
    contracts.map(({ payload }) => (isStrict(payload) ? arrayLiteral(Object.keys(payload.shape)) : null)),
    contracts.map(({ maxPayloadBytes }) => maxPayloadBytes),
  ])
}

function requiredFields(
  shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>>,
): string[] {
  return Object.entries(shape)
    .filter(([, field]) => !field.safeParse(undefined).success)
    .map(([name]) => name)
}

function isStrict(payload: z.ZodObject): boolean {
  return payload.def.catchall instanceof z.ZodNever
}
