import type { Role } from '../../db/operators.ts'
import {
  type Action,
  cancel,
  pause,
  pauseAll,
  promote,
  resume,
  resumeAll,
  retryFailed,
  retryJob,
  runSchedule,
} from './board-actions.ts'
import { addJob } from './board-add.ts'

/** What one of Bull Board's changing routes does here: an action of the ledger for a role and above, or nothing, with words. */
export type BoardChange = { readonly name: string } & (
  | { readonly role: Role; readonly act: Action }
  | { readonly never: string }
)

const byContract = 'Limits belong to the contract of the job type: change it there.'
const bySchedule = 'Schedules belong to their contract or to the app that made them: change them there.'
const keptWhole = 'The ledger keeps every job until its retention is over. Cancel a job to stop it.'
const asAccepted = 'A job is done as it was accepted. Cancel it and make another one.'

/**
 * Every route of Bull Board 9.10.1 that is not a GET, in its order; a test compares the two. Actions on many jobs or
 * queues at once are for admins.
 */
export const boardChanges: Readonly<Record<string, BoardChange>> = {
  'put /api/queues/pause': { name: 'queue.pause-all', role: 'admin', act: pauseAll },
  'put /api/queues/resume': { name: 'queue.resume-all', role: 'admin', act: resumeAll },
  'post /api/queues/:queueName/add': { name: 'job.add', role: 'operator', act: addJob },
  'put /api/queues/:queueName/retry/:queueStatus': { name: 'queue.retry-all', role: 'admin', act: retryFailed },
  'put /api/queues/:queueName/promote': {
    name: 'queue.promote-all',
    never: 'What is planned for months ahead would run now. Promote jobs one by one.',
  },
  'put /api/queues/:queueName/clean/:queueStatus': { name: 'queue.clean', never: keptWhole },
  'put /api/queues/:queueName/pause': { name: 'queue.pause', role: 'operator', act: pause },
  'put /api/queues/:queueName/resume': { name: 'queue.resume', role: 'operator', act: resume },
  'put /api/queues/:queueName/concurrency': { name: 'queue.limit-concurrency', never: byContract },
  'put /api/queues/:queueName/rate-limit': { name: 'queue.limit-rate', never: byContract },
  'put /api/queues/:queueName/rate-limit/release': { name: 'queue.release-limit', never: byContract },
  'put /api/queues/:queueName/empty': { name: 'queue.empty', never: keptWhole },
  'put /api/queues/:queueName/obliterate': { name: 'queue.obliterate', never: keptWhole },
  'put /api/queues/:queueName/job-schedulers/:schedulerId/remove': { name: 'schedule.remove', never: bySchedule },
  'patch /api/queues/:queueName/job-schedulers/:schedulerId': { name: 'schedule.change', never: bySchedule },
  'put /api/queues/:queueName/job-schedulers/:schedulerId/run': {
    name: 'schedule.run',
    role: 'operator',
    act: runSchedule,
  },
  'put /api/queues/:queueName/:jobId/retry': { name: 'job.retry', role: 'operator', act: retryJob },
  'put /api/queues/:queueName/:jobId/clean': { name: 'job.cancel', role: 'operator', act: cancel },
  'put /api/queues/:queueName/:jobId/promote': { name: 'job.promote', role: 'operator', act: promote },
  'patch /api/queues/:queueName/:jobId/update-data': { name: 'job.change-data', never: asAccepted },
  'patch /api/queues/:queueName/:jobId/delay': { name: 'job.change-time', never: asAccepted },
  'patch /api/queues/:queueName/:jobId/priority': { name: 'job.change-priority', never: asAccepted },
  'put /api/queues/:queueName/:jobId/remove-unprocessed-children': {
    name: 'job.remove-children',
    never: 'Cancel the children one by one.',
  },
}
