import {
  type InboxReplay,
  type LeftReason,
  maxReplayedEvents,
  replayEvent,
  replayEvents,
} from '../../../db/inbox-replay.ts'
import { change } from '../../change.ts'
import { answer, type Command, CommandFailed, type Invocation, UsageError } from '../../command.ts'
import { eventIdIn, noSuchEvent } from '../../find-event.ts'
import { inboxFilterOf, inboxOptions, inboxTakes } from '../../inbox-filter.ts'

const leftWords: Readonly<Record<LeftReason, string>> = {
  'in-work': 'still being reacted to',
  'nothing-reacts': 'nothing reacts to events of this kind',
  'no-such-event': 'not in the inbox any more',
}

export const replay: Command = {
  name: 'inbox replay',
  about: `React anew to one event of the inbox, or to all that match (at most ${maxReplayedEvents}). What was done is not done twice.`,
  takes: `<event id> | ${inboxTakes} [--dry-run]`,
  examples: [
    'inbox replay 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e',
    'inbox replay --type payment.succeeded --state failed --dry-run',
    'inbox replay --source sendgrid --since 2h --by ada@example.com',
  ],
  options: { ...inboxOptions, 'dry-run': { type: 'boolean' } },
  words: [0, 1],
  changes: true,
  async run(invocation) {
    const [id] = invocation.positionals
    const given = [...Object.keys(inboxOptions), 'dry-run'].filter(name => invocation.options[name] !== undefined)
    if (id === undefined) return await replayMatching(invocation, given)
    if (given.length > 0) throw new UsageError(`an id says which event: leave out --${given[0]}`)
    await replayOne(invocation, eventIdIn(id))
  },
}

async function replayOne(invocation: Invocation, id: string): Promise<void> {
  const job_id = await change(invocation, async ({ run, note }) => {
    const done = await replayEvent(run, id)
    if ('left' in done) {
      throw done.left === 'no-such-event' ? noSuchEvent(id) : new CommandFailed(`not replayed: ${leftWords[done.left]}`)
    }
    await note('inbox.replay', `inbox:${id}`, { job: done.jobId })
    return done.jobId
  })
  answer(invocation, { id, job_id }, `Job ${job_id} reacts to it.`)
}

async function replayMatching(invocation: Invocation, given: readonly string[]): Promise<void> {
  const filter = inboxFilterOf(invocation)
  const dryRun = invocation.options['dry-run'] === true
  if (given.every(name => name === 'dry-run')) {
    const options = Object.keys(inboxOptions).map(name => `--${name}`)
    throw new UsageError(`say which events: an id, or ${options.join(', ')}`)
  }
  const done = await change(invocation, async ({ run, note }) => {
    const made = await replayEvents(run, filter, { dryRun })
    if (made !== null && made.replayed > 0 && !dryRun) {
      await note('inbox.replay', 'inbox:*', { ...filter, replayed: made.replayed, matching: made.matching })
    }
    return made
  })
  if (done === null) {
    throw new CommandFailed(
      `more than ${maxReplayedEvents} match, and none was replayed: narrow it by --since, --until`,
    )
  }
  answer(invocation, { dry_run: dryRun, ...done }, textOf(done, dryRun))
}

function textOf({ matching, replayed, left, examples }: InboxReplay, dryRun: boolean): string {
  const lines = [`${matching} event(s) match, ${replayed} ${dryRun ? 'to be replayed' : 'replayed'}.`]
  for (const reason of ['in-work', 'nothing-reacts'] as const) {
    if (left[reason] !== undefined) lines.push(`${left[reason]} left as they are: ${leftWords[reason]}.`)
  }
  if (examples.length > 0) lines.push(`Such as ${examples.join(', ')}.`)
  if (dryRun) lines.push('Nothing was changed.')
  return lines.join('\n')
}
