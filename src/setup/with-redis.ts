import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startRedis } from './redis.ts'

// Runs a command with QUEUE_URL naming a Redis of its own, and leaves with its exit code:
// node src/setup/bootstrap.mjs src/setup/with-redis.ts npm run demo -- --once

const [command, ...args] = process.argv.slice(2)
if (command === undefined) throw new Error('usage: with-redis.ts <command> [arguments]')

const redis = await startRedis({ appendOnly: true })
const child = spawn(command, args, { env: { ...process.env, QUEUE_URL: redis.url }, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
try {
  const [code] = await once(child, 'close')
  process.exitCode = typeof code === 'number' ? code : 1
} finally {
  await redis.stop()
}
