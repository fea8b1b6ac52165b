/** The migrated database that the run's global set-up makes once, and that every test's own is copied from. */
export const TEMPLATE_DATABASE = 'hbnb_template'

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
