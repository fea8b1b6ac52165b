import { z } from 'zod'
import { acceptJobs } from '../../ledger/accept.ts'
import { InvalidPayload, type NewJob, newJob } from '../../ledger/new-job.ts'
import { expectServed } from '../http/domain-absent.ts'
import { fieldFaults } from '../http/pointer.ts'
import { type FieldFault, Problem } from '../http/problem.ts'
import { storableFaults } from '../http/storable.ts'
import { type Action, type ActionCall, queueOf } from './board-actions.ts'
import { BoardRefusal } from './board-refusal.ts'
import { boardViews } from './board-view.ts'

const maxDelayMs = 2 * 366 * 86_400_000
/** What the board's dialog sends where a person gives no name. */
const noName = '__default__'

const addBody = z.object({
  name: z.string().default(''),
  data: z.unknown(),
  options: z
    .strictObject({
      delay: z.int().min(0).max(maxDelayMs).optional().describe('ms'),
      priority: z.int().min(1).max(9).optional(),
    })
    .default({}),
})

/** A job made by hand: of an open type, with a payload its contract takes, for the tenant `default`. */
export const addJob: Action = async call => {
  const job = checkedJob(call)
  await acceptJobs(call.run, [job])
  const [view] = await boardViews(call.run, job.name, [job.id])
  if (!view) throw new Error('the job just accepted is not there')
  return { job: view, detail: { job: job.id } }
}

function checkedJob(call: ActionCall): NewJob {
  const contract = queueOf(call)
  if (!contract.open) throw new BoardRefusal(403, 'Not added', `${contract.name} is only made by other jobs.`)
  if (contract.durability === 'queue') {
    throw new BoardRefusal(403, 'Not added', 'Jobs that only the queue keeps are made by the API.')
  }
  expectDomain(call, contract.name)
  const { data: given, error } = addBody.safeParse(call.body ?? {})
  if (error) throw notAdded(fieldFaults(error.issues, call.body), 'Options are delay (ms) and priority (1 to 9).')
  if (![noName, '', contract.name].includes(given.name)) {
    throw new BoardRefusal(400, 'Not added', `The job's name is that of its queue: leave it empty.`)
  }
  const { delay = 0, priority } = given.options
  const unstorable = storableFaults(given.data)
  if (unstorable.length > 0) throw notAdded(unstorable)
  if (Buffer.byteLength(JSON.stringify(given.data) ?? '') > contract.maxPayloadBytes) {
    throw new BoardRefusal(400, 'Not added', `The job data is larger than ${contract.maxPayloadBytes} bytes.`)
  }
  const payload = z.record(z.string(), z.unknown()).safeParse(given.data)
  if (!payload.success) throw new BoardRefusal(400, 'Not added', 'The job data must be a JSON object.')
  try {
    return newJob(contract, payload.data, {
      runAt: delay === 0 ? null : new Date(Date.now() + delay),
      ...(priority === undefined ? {} : { priority }),
    })
  } catch (fault) {
    if (fault instanceof InvalidPayload) throw notAdded(fieldFaults(fault.issues, payload.data))
    throw fault
  }
}

function expectDomain({ config }: ActionCall, name: string): void {
  try {
    expectServed(config, name)
  } catch (error) {
    if (error instanceof Problem) throw new BoardRefusal(403, 'Not added', `${error.message}.`)
    throw error
  }
}

function notAdded(faults: readonly FieldFault[], hint = ''): BoardRefusal {
  const said = faults.map(({ field, message }) => `${field || 'the job data'} ${message}`).join('; ')
  return new BoardRefusal(400, 'Not added', [`${said}.`, hint].filter(Boolean).join(' '))
}
