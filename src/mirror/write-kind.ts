import type { RunStatement, Statement } from '../db/statement.ts'
import type { EntityKind } from '../domain/platform/kinds.ts'
import { sameFormSql } from './digest.ts'
import { keptAs } from './kept-as.ts'
import { isNews, type KnownVersion } from './told.ts'

/** An entity of the kind that is written, and the values of its columns. */
export interface NewRow extends KnownVersion {
  readonly id: string
  readonly digest: string
  readonly columns: Readonly<Record<string, unknown>>
}

/** What is known after the write. `stored`: now, by it; `isNew`: it was unknown before, or deleted. */
export interface RowOutcome extends KnownVersion {
  readonly stored: boolean
  readonly isNew: boolean
}

interface ResultRow {
  readonly id: string
  readonly stored: boolean
  readonly is_new: boolean
  readonly known_version: string | null
  readonly known_digest: string | null
}

/** A row that another transaction was just writing is looked at again; by then it is known, so once would do. */
const maxLooks = 3

/**
 * Writes entities of one kind, each id once, and answers by id what is known then. The row of platform.versions decides:
 * the statement changes it under its lock, and the entity's own row only where it did. Rows are locked in the order of their
 * ids, so that two writers cannot wait for each other; what brings no news is not even locked.
 */
export async function writeKind(
  run: RunStatement,
  kind: EntityKind,
  rows: readonly NewRow[],
): Promise<Map<string, RowOutcome>> {
  const outcomes = new Map<string, RowOutcome>()
  let undecided = rows
  for (let look = 0; undecided.length > 0; look += 1) {
    if (look === maxLooks) throw new Error(`the versions of ${kind} entities did not settle`)
    const given = undecided.map(({ id, version, digest, columns }) => ({ ...columns, id, version, digest }))
    const results = await run<ResultRow>(statementOf(kind), [JSON.stringify(given)])
    const byId = new Map(results.map(result => [result.id, result]))
    undecided = undecided.filter(row => {
      const outcome = outcomeOf(row, byId.get(row.id))
      if (outcome) outcomes.set(row.id, outcome)
      return outcome === undefined
    })
  }
  return outcomes
}

/** Undefined when the row was news by what the statement saw, and yet was not stored: somebody else has just been faster. */
function outcomeOf(row: NewRow, result: ResultRow | undefined): RowOutcome | undefined {
  if (result?.stored) return { version: row.version, digest: row.digest, stored: true, isNew: result.is_new }
  if (result === undefined || result.known_version === null) return undefined
  const known = { version: Number(result.known_version), digest: result.known_digest }
  return isNews(row, known) ? undefined : { ...known, stored: false, isNew: false }
}

const statements = new Map<EntityKind, Statement>()

function statementOf(kind: EntityKind): Statement {
  const made = statements.get(kind) ?? { name: `mirror-${kind}`, text: textOf(kind) }
  statements.set(kind, made)
  return made
}

function textOf(kind: EntityKind): string {
  const { table, columns, merged = {} } = keptAs[kind]
  const names = Object.keys(columns)
  const list = (of: (name: string) => string) => names.map(of).join(', ')
  return `
    with told as materialized (
      select * from jsonb_to_recordset($1::jsonb) as t
        (id text, version bigint, digest text, ${list(name => `${name} ${columns[name]}`)})
    ), known as materialized (
      select v.id, v.version, v.digest from told t join platform.versions v on v.kind = '${kind}' and v.id = t.id
    ), advanced as (
      insert into platform.versions as v (kind, id, version, digest)
      select '${kind}', t.id, t.version, t.digest from told t left join known k on k.id = t.id
      where k.id is null or k.version < t.version or (k.version = t.version and not ${sameFormSql('k.digest', 't.digest')})
      order by t.id collate "C"
      on conflict (kind, id) do update set version = excluded.version, digest = excluded.digest, told_at = now()
      where v.version < excluded.version or (v.version = excluded.version and not ${sameFormSql('v.digest', 'excluded.digest')})
      returning v.id
    ), written as (
      insert into ${table} as kept (id, version, ${list(name => name)})
      select t.id, t.version, ${list(name => `t.${name}`)} from told t join advanced a on a.id = t.id
      order by t.id collate "C"
      on conflict (id) do update set version = excluded.version, synced_at = now(),
        ${list(name => `${name} = ${merged[name] ?? `excluded.${name}`}`)}
      -- Of a row that was not there before, nobody has ever changed or locked an earlier one.
      returning kept.id, kept.xmax = 0 as is_new
    )
    select t.id, w.id is not null as stored,
           w.id is not null and (w.is_new or (k.id is not null and k.digest is null)) as is_new,
           k.version as known_version, k.digest as known_digest
    from told t left join written w on w.id = t.id left join known k on k.id = t.id`
}
