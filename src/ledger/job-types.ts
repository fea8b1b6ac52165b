import type { Catalog } from '../../queues/catalog.ts'
import type { RunStatement } from '../db/statement.ts'

const declareStatement = {
  name: 'job-types-declare',
  text: `
    insert into hbnb_jobs.job_types (name, about, version, open, required)
    select name, about, version, open, required::text[]
    from unnest($1::text[], $2::text[], $3::smallint[], $4::boolean[], $5::text[]) as t(name, about, version, open, required)
    order by name
    on conflict (name) do update
    set about = excluded.about, version = excluded.version, open = excluded.open, required = excluded.required
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
    contracts.map(({ payload }) => `{${requiredFields(payload.shape).join(',')}}`),
  ])
}

function requiredFields(
  shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>>,
): string[] {
  return Object.entries(shape)
    .filter(([, field]) => !field.safeParse(undefined).success)
    .map(([name]) => name)
}
