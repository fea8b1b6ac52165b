import { spawn } from 'node:child_process'

/**
 * Its `read` returns when we write "released", or at the end of the pipe: which the kernel gives it when we die,
 * however we die. Then it asks the server to stop, and kills it if it is still there after 10 s.
 */
const WATCH = `
trap '' INT TERM HUP
read -r word && exit 0
kill -s "$2" "$1" 2>/dev/null
tries=0
while [ $tries -lt 100 ] && kill -0 "$1" 2>/dev/null; do sleep 0.1; tries=$((tries + 1)); done
kill -s KILL "$1" 2>/dev/null
exit 0
`

/**
 * Ends process `pid` with `signal` when this process dies, kill -9 included. A small shell at the other end of a pipe:
 * works on Linux and macOS alike, where the kernel's own "signal me when my parent dies" is for Linux only.
 */
export function stopWithParent(pid: number, signal: 'SIGINT' | 'SIGTERM'): { release(): Promise<void> } {
  const watcher = spawn('/bin/sh', ['-c', WATCH, 'stop-with-parent', String(pid), signal.slice('SIG'.length)], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const gone = new Promise<void>(resolve => {
    watcher.once('close', () => resolve())
    watcher.once('error', () => resolve())
  })
  watcher.stdin.on('error', () => undefined)
  return {
    release: async () => {
      watcher.stdin.end('released\n')
      await gone
    },
  }
}
