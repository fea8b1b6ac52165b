import { startPostgres } from '../../src/setup/postgres.ts'
import { startRedis } from '../../src/setup/redis.ts'

// A program of the tests: `node hold-servers.ts postgres:<data folder> redis:<data folder> …` starts these servers
// (throw-away ones without a folder), prints what it started, and stays until it is killed.

const servers = await Promise.all(
  process.argv.slice(2).map(argument => {
    const [kind, folder] = argument.split(':')
    if (kind === 'redis') return startRedis(folder ? { dir: folder } : {})
    return startPostgres({ fsync: false, ...(folder ? { dataDir: folder } : {}) })
  }),
)
process.stdout.write(`${JSON.stringify(servers.map(({ pid, url }) => ({ pid, url })))}\n`)
setInterval(() => undefined, 60_000)
