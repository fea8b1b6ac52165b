import { hash } from 'node:crypto'
import { loadCatalog } from '../../../queues/catalog.ts'
import type { JobContract } from '../../../queues/define-job.ts'
import { keyOption } from '../../intake/http/job-options.ts'
import { acceptEach } from '../../ledger/accept-once.ts'
import type { NewJob } from '../../ledger/new-job.ts'
import { change } from '../change.ts'
import { answer, type Command, CommandFailed, type Invocation, textOption, UsageError } from '../command.ts'
import { enqueueOptions, jobOf } from '../enqueue/job-of.ts'
import { untilEnded } from '../enqueue/wait.ts'
import { contractIn } from '../find-queues.ts'
import { jobText } from '../job-text.ts'
import { readJsonObject } from '../read-json.ts'
import { numberOption } from '../read-time.ts'

const longestWaitSeconds = 3_600

export const enqueue: Command = {
  name: 'enqueue',
  about: 'Make a job of an open type, checked against its contract; with --wait, see how it ends.',
  takes:
    '<type> [<json> | @<file> | -] [--key <key>] [--wait <seconds>] [--dry-run] [--run-at <instant|in>] [--expires-at <instant|in>] [--priority <1-9>] [--tenant <tenant>] [--entity <kind:id>] [--tag <tag>] … [--batch <id>]',
  examples: [
    `enqueue notifications.send '{"user_id":"7","template":"booking-confirmation","booking_id":"42"}' --wait 30`,
    'enqueue notifications.send @payload.json --key booking-42-confirmed --entity booking:42',
    'cat payload.json | npm run jobs -- enqueue notifications.send - --dry-run',
  ],
  options: { ...enqueueOptions, key: { type: 'string' }, wait: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  words: [1, 2],
  changes: true,
  async run(invocation) {
    const [name = '', given = '{}'] = invocation.positionals
    const contract = contractIn(await loadCatalog(), name)
    const waitSeconds = numberOption('wait', textOption(invocation, 'wait'), [1, longestWaitSeconds])
    const key = keyIn(invocation)
    const job = jobOf(invocation, contract, await readJsonObject(invocation.terminal, given))
    if (invocation.options['dry-run'] === true) {
      const { payload, runAt, priority, expiresAt, tenant, entity, tags } = job
      const options = { run_at: runAt, priority, expires_at: expiresAt, tenant, entity, tags }
      answer(invocation, { dry_run: true, name, payload, options }, `${name} would be accepted. Nothing was changed.`)
      return
    }
    if (contract.durability === 'queue') return await straightToQueue(invocation, contract, job)
    const { id, replayed } = await accepted(invocation, job, key)
    if (waitSeconds === undefined) {
      const text = replayed
        ? `The key stands for job ${id}, made before.`
        : `Job ${id} is accepted. "show ${id}" tells how it goes.`
      answer(invocation, { id, name, replayed }, text)
      return
    }
    const status = await untilEnded(invocation, id, waitSeconds * 1_000)
    answer(invocation, status, jobText(status))
    if (status.state !== 'completed' && status.state !== 'skipped') {
      throw new CommandFailed(
        status.finished_at === null ? `It has not ended: it is ${status.state}.` : `It is ${status.state}.`,
      )
    }
  },
}

async function accepted(invocation: Invocation, job: NewJob, key: string | undefined) {
  return await change(invocation, async ({ run, note }) => {
    const once =
      key === undefined ? null : { caller: 'cli', key, requestSha256: requestHash(job), answer: { id: job.id } }
    const [done] = await acceptEach(run, [{ job, once }])
    if (done?.status === 'replayed') return { id: String(done.answer['id']), replayed: true }
    if (done?.status === 'accepted') {
      await note('job.enqueue', `job:${job.id}`, { name: job.name })
      return { id: job.id, replayed: false }
    }
    if (done?.status === 'reused') throw new CommandFailed('this --key was used for another job in the last 24 hours')
    if (done?.status === 'batch-closed')
      throw new CommandFailed('the batch is closed, or there is none of this id and tenant')
    throw new CommandFailed('the --key is in use at this very moment: try again')
  })
}

/** Jobs that the queue alone keeps have no row: neither key nor wait. */
async function straightToQueue(invocation: Invocation, contract: JobContract, job: NewJob): Promise<void> {
  for (const option of ['key', 'wait', 'batch']) {
    if (invocation.options[option] !== undefined)
      throw new UsageError(`--${option} needs a job of the ledger; ${contract.name} lives in the queue alone`)
  }
  // BullMQ takes a third of a second to load: only here is it needed.
  const [{ openQueueBackend }, { enqueueDirect }] = await Promise.all([
    import('../../queue/backend.ts'),
    import('../../queue/enqueue-direct.ts'),
  ])
  const backend = openQueueBackend(invocation.config.queue)
  try {
    await backend.check()
    await enqueueDirect(backend, contract, [job])
  } finally {
    await backend.close()
  }
  await change(invocation, ({ note }) => note('job.enqueue', `job:${job.id}`, { name: job.name, durability: 'queue' }))
  answer(
    invocation,
    { id: job.id, name: job.name, replayed: false },
    `Job ${job.id} is in the queue; the ledger has no record of it.`,
  )
}

/** Everything that makes it the same request; the contract has put the payload's members in one order. */
function requestHash({ name, payload, tenant, entity, tags, runAt, expiresAt, priority, batchId }: NewJob): string {
  return hash(
    'sha256',
    JSON.stringify([name, payload, tenant, entity, tags, runAt, runAt && expiresAt, priority, batchId]),
  )
}

function keyIn(invocation: Invocation): string | undefined {
  const key = keyOption.optional().safeParse(textOption(invocation, 'key'))
  if (!key.success) throw new UsageError('--key must be 1 to 255 visible ASCII characters without spaces')
  return key.data
}
