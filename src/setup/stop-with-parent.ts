import { spawn } from 'node:child_process'

/**
 * Its `read` returns when we write "released", or at the end of the pipe: which the kernel gives it when we die,
 * however we die. Then it asks the server to stop, kills it if it is still there after 10 s, and removes what it leaves.
 * A zombie is gone: some containers' first process is slow to collect them, or never does.
 */
const WATCH = `
trap '' INT TERM HUP
read -r word && exit 0
kill -s "$2" "$1" 2>/dev/null
tries=0
while [ $tries -lt 100 ] && kill -0 "$1" 2>/dev/null; do
  case $(cat "/proc/$1/stat" 2>/dev/null) in *') Z '*) break ;; esac
  sleep 0.1
  tries=$((tries + 1))
done
kill -s KILL "$1" 2>/dev/null
[ -z "$3" ] || rm -rf -- "$3"
exit 0
`

/**
 * Ends process `pid` with `signal` when this process dies, kill -9 included, then removes its folder if that is
 * throw-away. A small shell at the other end of a pipe: works on Linux and macOS alike, where the kernel's own
 * "signal me when my parent dies" is for Linux only.
 */
export function stopWithParent(
  pid: number,
  signal: 'SIGINT' | 'SIGTERM',
  throwAwayFolder = '',
): { release(): Promise<void> } {
  const args = [String(pid), signal.slice('SIG'.length), throwAwayFolder]
  const watcher = spawn('/bin/sh', ['-c', WATCH, 'stop-with-parent', ...args], {
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
