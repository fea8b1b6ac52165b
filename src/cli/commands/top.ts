import { setTimeout as delay } from 'node:timers/promises'
import { answer, type Command } from '../command.ts'
import { momentText } from '../top/moment-text.ts'
import { readMoment } from '../top/read-queues.ts'

const refreshEveryMs = 2_000
const clearScreen = '\u001B[H\u001B[2J'

export const top: Command = {
  name: 'top',
  about:
    'Watch the queues: what waits, runs, retries, how old the oldest is, what ended, what is paused, who is alive.',
  takes: '[--once]',
  examples: ['top', 'top --once', 'top --json'],
  options: { once: { type: 'boolean' } },
  words: 0,
  async run(invocation) {
    const { terminal, json, options, database } = invocation
    if (!terminal.isTty || json || options['once'] === true) {
      const moment = await readMoment(database().run)
      answer(invocation, moment, momentText(moment))
      return
    }
    const { interrupted } = terminal
    while (!interrupted.aborted) {
      terminal.out(`${clearScreen}${momentText(await readMoment(database().run))}\n\nCtrl-C ends.\n`)
      await delay(refreshEveryMs, undefined, { signal: interrupted }).catch(() => {})
    }
  },
}
