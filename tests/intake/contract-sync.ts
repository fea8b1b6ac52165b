import type { Attempt } from '../support/provoke.ts'
import { openSync, sendSync, userLine } from '../support/send-sync.ts'
import { until } from '../support/until.ts'
import type { Scenario } from './contract-scenarios.ts'

const attempt = (body: string): Attempt => ({
  method: 'POST',
  path: '/v1/sync?name=contract',
  headers: { 'content-type': 'application/x-ndjson' },
  body,
})

/** What only syncs can answer. */
export const syncScenarios: Readonly<Record<string, Scenario>> = {
  async syncMirror(_operation, send, intake) {
    const open = await openSync(intake.url, 'contract')
    const state = async () => (await intake.send('GET', '/v1/sync/contract')).json['state']
    open.write(`${userLine(1)}\nnot json\n`)
    await until('its begin', async () => (await state()) === 'running')
    await send(attempt(userLine(1)))
    open.socket.destroy()
    await until('its end', async () => (await state()) === 'cut')
    await send(attempt(`${userLine(1)}\nnot json\n${userLine(2)}\n`))
  },
  async showSync(_operation, send, intake) {
    await sendSync(intake.url, 'contract-shown', ['not json'])
    await send({ method: 'GET', path: '/v1/sync/contract-shown' })
  },
}
