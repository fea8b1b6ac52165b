import { clockFindings } from './clock-skew.ts'
import { type Check, type Finding, finder } from './finding.ts'

const oldestVersion = 150_000
const fullRatio = 0.85
const longTransactionMs = 600_000

const serverStatement = {
  name: 'doctor-postgres',
  text: `
    select current_setting('server_version_num')::int as version, current_setting('server_version') as "versionText",
           current_setting('synchronous_commit') as "synchronousCommit", current_setting('fsync') as fsync,
           pg_is_in_recovery() as "isReplica", current_setting('transaction_read_only') as "readOnly",
           (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs",
           current_setting('max_connections')::int as "maxConnections",
           (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
           coalesce((select extract(epoch from max(now() - xact_start)) * 1000 from pg_stat_activity
             where datname = current_database() and state = 'idle in transaction'), 0)::float8 as "idleInTransactionMs"`,
}

interface Server {
  readonly version: number
  readonly versionText: string
  readonly synchronousCommit: string
  readonly fsync: string
  readonly isReplica: boolean
  readonly readOnly: string
  readonly nowMs: number
  readonly maxConnections: number
  readonly connections: number
  readonly idleInTransactionMs: number
}

const { bad, warning } = finder('postgres')

/** Version, safety of commits, clock, connections. Throws when Postgres is away. */
export const checkPostgres: Check = async ({ run, config, now }) => {
  const beforeMs = now()
  const [server] = await run<Server>(serverStatement)
  const afterMs = now()
  if (!server) return []
  return [
    ...versionFindings(server),
    ...(config.production ? safetyFindings(server) : []),
    ...clockFindings('Postgres', server.nowMs, beforeMs, afterMs),
    ...loadFindings(server),
  ]
}

function versionFindings({ version, versionText, isReplica, readOnly }: Server): Finding[] {
  const found: Finding[] = []
  if (version < oldestVersion) found.push(bad(`PostgreSQL ${versionText} is too old`, 'upgrade it to 15 or newer'))
  if (isReplica || readOnly === 'on') {
    found.push(bad('DATABASE_URL names a replica or a read-only database', 'set DATABASE_URL to the primary'))
  }
  return found
}

/** With these off a crash of the server loses jobs that were answered 202 (docs: protocol, section 8). */
function safetyFindings({ synchronousCommit, fsync }: Server): Finding[] {
  const found: Finding[] = []
  if (synchronousCommit === 'off') {
    found.push(
      bad(
        'synchronous_commit is off: a crash of Postgres loses accepted jobs',
        'psql -c "alter database <name> set synchronous_commit = on", then restart our processes',
      ),
    )
  }
  if (fsync === 'off') {
    found.push(
      bad(
        'fsync is off: a crash of the machine may destroy the database',
        'psql -c "alter system set fsync = on" -c "select pg_reload_conf()"',
      ),
    )
  }
  return found
}

function loadFindings({ connections, maxConnections, idleInTransactionMs }: Server): Finding[] {
  const found: Finding[] = []
  if (connections > maxConnections * fullRatio) {
    found.push(
      warning(
        `${connections} of ${maxConnections} connections are in use`,
        'lower DATABASE_POOL_MAX, put a pooler in front, or raise max_connections',
      ),
    )
  }
  if (idleInTransactionMs > longTransactionMs) {
    const minutes = Math.floor(idleInTransactionMs / 60_000)
    found.push(
      warning(
        `a transaction is open and idle for ${minutes} minutes: nothing can be vacuumed`,
        `psql -c "select pid, application_name, xact_start from pg_stat_activity where state = 'idle in transaction' order by xact_start"`,
      ),
    )
  }
  return found
}
