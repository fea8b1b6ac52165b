import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished, vi } from 'vitest'
import { z } from 'zod'

const heldSchema = z.array(z.object({ pid: z.number(), url: z.string() }))
const HOLD_SERVERS = join(import.meta.dirname, 'hold-servers.ts')

/** A folder of the test's own (mode 0700), removed at its end. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hbnb-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs hold-servers.ts; returns when its servers are up. The test's end kills it. */
export async function holdServers(
  servers: string[],
): Promise<{ holder: ChildProcess; held: { pid: number; url: string }[] }> {
  const holder = spawn(process.execPath, [HOLD_SERVERS, ...servers], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void holder.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: holder.stdout }), 'line')
  return { holder, held: heldSchema.parse(JSON.parse(z.string().parse(line))) }
}

/** A zombie counts as gone: some containers' first process never collects them. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Returns when the process is gone; fails the test when it is still there after 15 s. */
export async function untilGone(pid: number): Promise<void> {
  await vi.waitUntil(() => !isAlive(pid), { timeout: 15_000, interval: 20 })
}
