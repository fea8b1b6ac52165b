import { startPostgres } from '../../src/setup/postgres.ts'
import { startRedis } from '../../src/setup/redis.ts'

// A program of the tests: starts the servers named on its command line, prints their pids, and stays until it is killed.
// `node hold-servers.ts postgres:<data folder>` or `redis:<data folder>`

const pids = await Promise.all(
  process.argv.slice(2).map(async argument => {
    const [kind, folder = ''] = argument.split(':')
    const server = kind === 'redis' ? await startRedis({ dir: folder }) : await startPostgres({ dataDir: folder })
    return server.pid
  }),
)
process.stdout.write(`${JSON.stringify(pids)}\n`)
setInterval(() => undefined, 60_000)
