import type { Knex } from 'knex'
import contract from '../../queues/notifications/close-digests.ts'
import decide from '../../queues/notifications/decide.ts'
import { closeDigests, contentOf, type Digest, lockDueDigests } from '../../src/db/digests.ts'
import { insertNotifications, type NewNotification } from '../../src/db/notifications.ts'
import { statementsIn } from '../../src/db/statement.ts'
import { localesOf } from '../../src/db/users.ts'
import type { Channel } from '../../src/domain/notifications/channel.ts'
import { writeDigest } from '../../src/domain/notifications/write-digest.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { type NewJob, newJob } from '../../src/ledger/new-job.ts'
import { process } from '../runtime/process.ts'
import { clickAction } from './subject.ts'

const digestsPerPage = 100
/** A list is nothing for an SMS. */
const digestChannels: readonly Channel[] = ['push', 'email']

export default process(contract, async ({ at }, { job, transaction, signal, progress }) => {
  const now = new Date(at)
  const counts = { closed: 0, sent: 0 }
  for (;;) {
    signal.throwIfAborted()
    const page = await transaction(tx => closePage(tx, now, job.id))
    if (page.closed === 0) return counts
    counts.closed += page.closed
    counts.sent += page.sent
    progress(counts.closed, counts.closed, 'digests')
  }
})

/** Closes digests together with the notifications they become: a digest is told once, whoever closes it. */
async function closePage(tx: Knex.Transaction, now: Date, parentId: string): Promise<{ closed: number; sent: number }> {
  const digests = await lockDueDigests(tx, now, digestsPerPage)
  const told = await write(tx, digests, now)
  await insertNotifications(tx, told)
  await acceptJobs(
    statementsIn(tx),
    told.map(notification => decision(parentId, notification)),
  )
  await closeDigests(tx, digests)
  return { closed: digests.length, sent: told.length }
}

type Told = NewNotification & Pick<Digest, 'tenant' | 'user_id'>

/** A digest of which nothing is left, or whose reader has gone, is not told. */
async function write(tx: Knex.Transaction, digests: readonly Digest[], now: Date): Promise<Told[]> {
  const contents = await contentOf(tx, digests, now)
  const locales = await localesOf(
    tx,
    digests.map(({ user_id }) => user_id),
  )
  return digests.flatMap(({ id, tenant, user_id, category }) => {
    const [content, locale] = [contents.get(id), locales.get(user_id)]
    if (content === undefined || locale === undefined) return []
    const { title, body } = writeDigest(locale, category, content.items, content.count)
    const push_data = { ...clickAction, type: 'digest' }
    const said = { locale, title, body, data: {}, push_data, entity: null, category }
    return [{ id, tenant, user_id, channels: digestChannels, ...said }]
  })
}

function decision(parentId: string, { id, tenant, user_id }: Told): NewJob {
  const options = { id, tenant, entity: `user:${user_id}`, tags: ['digest'] }
  return { ...newJob(decide, { notification_id: id }, options), parentId, childKey: id }
}
