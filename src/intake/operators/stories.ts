import type { RequestHandler } from 'express'
import { z } from 'zod'
import type { RunStatement } from '../../db/statement.ts'
import { findJobLogs } from '../../ledger/job-log.ts'
import { entityOfJob, storyOf } from '../../ledger/story.ts'
import { explainPerson } from '../../ledger/why/explain-person.ts'
import { sendMessage } from '../pages/message-page.ts'
import { personPage } from '../pages/person-page.ts'
import { storyPage } from '../pages/story-page.ts'
import { storyPath } from '../pages/story-path.ts'
import { sessionOf } from './guard.ts'
import type { OperatorDeps } from './routes.ts'

/** `<kind>:<id>`, such as `booking:42`; ids are the platform's, opaque. */
const entityShape = z.string().regex(/^[a-z][a-z-]{0,31}:[^\s\p{Cc}]{1,64}$/u)

const personPrefix = 'user:'

/** `/admin/story/<entity>`, of a person what they were told and why not; a page that knows no such entity says so. */
export function showStory({ run, catalog }: OperatorDeps): RequestHandler<{ entity: string }> {
  return async (req, res) => {
    const entity = entityShape.safeParse(req.params.entity)
    const moments = entity.success ? await storyOf(run, entity.data) : []
    if (entity.success && entity.data.startsWith(personPrefix) && moments.length === 0) {
      const explained = await explainPerson(run, catalog, entity.data.slice(personPrefix.length))
      if (explained.length > 0) return res.send(personPage(entity.data, explained, sessionOf(res)))
    }
    if (!entity.success || moments.length === 0) {
      const message = `Nothing is known of “${req.params.entity.slice(0, 100)}”. A story is asked for as booking:42, user:7 or job:<id>.`
      return sendMessage(res, 404, 'No such story', message, { visitor: sessionOf(res) })
    }
    const jobIds = moments.flatMap(moment => (moment.kind === 'accepted' ? [moment.jobId] : []))
    res.send(storyPage(entity.data, moments, await findJobLogs(run, jobIds), sessionOf(res)))
  }
}

/** `/admin/story/job/<id>`: on to the story of what the job is about. */
export function showJobStory(run: RunStatement): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const id = z.uuid().safeParse(req.params.id)
    const entity = id.success ? await entityOfJob(run, id.data) : undefined
    if (entity !== undefined) return res.redirect(303, storyPath(entity))
    sendMessage(res, 404, 'No such job', 'The ledger has no job of this id (any more).', { visitor: sessionOf(res) })
  }
}

/** `/admin/story?of=<entity or job id>`: what the search box asks for. */
export const findStory: RequestHandler = (req, res) => {
  const { data: wanted = '' } = z.string().trim().safeParse(req.query['of'])
  if (wanted === '') return res.redirect(303, '/admin')
  res.redirect(303, z.uuid().safeParse(wanted).success ? `/admin/story/job/${wanted}` : storyPath(wanted))
}
