import { Client } from 'pg'
import { wakeChannel } from './accept.ts'

const reconnectAfterMs = 1_000

/** Calls `onWake` whenever a job is accepted. Only a hint: while the connection is gone the relay's own look serves. */
export function listenForWakes(directUrl: string, onWake: () => void): { close(): Promise<void> } {
  let closed = false
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const next = new Client({ connectionString: directUrl, keepAlive: true, application_name: 'hbnb-jobs-wake' })
    client = next
    next.on('notification', onWake)
    next.on('error', () => {})
    next.on('end', reconnect)
    try {
      await next.connect()
      await next.query(`listen ${wakeChannel}`)
    } catch {
      reconnect()
    }
  }
  function reconnect(): void {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => void connect(), reconnectAfterMs)
  }

  void connect()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}
