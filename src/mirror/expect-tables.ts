import type { RunStatement, Statement } from '../db/statement.ts'

/** What is to be written is read through a view of the app's own tables: nothing was written, and nothing need be. */
export class MirrorIsView extends Error {
  override readonly name = 'MirrorIsView'
  /** The view, such as platform.users. */
  readonly view: string

  constructor(view: string) {
    super(`${view} is a view`)
    this.view = view
  }
}

// Postgres would let an insert through a simple view change the app's own table, so it is not enough to try.
const viewsStatement: Statement = {
  name: 'mirror-views',
  text: `select names.name from unnest($1::text[]) as names(name)
    where exists (select from pg_class where oid = to_regclass(names.name) and relkind in ('v', 'm'))`,
}

/** Throws {@link MirrorIsView} when one of these tables of the read model is a view. */
export async function expectTables(run: RunStatement, tables: readonly string[]): Promise<void> {
  const [view] = await run<{ name: string }>(viewsStatement, [tables])
  if (view) throw new MirrorIsView(view.name)
}
