import type { RequestHandler, Response } from 'express'
import { z } from 'zod'
import { type LeftReason, replayEvent } from '../../db/inbox-replay.ts'
import { statementsIn } from '../../db/statement.ts'
import { writeAudit } from '../../ledger/audit.ts'
import { inboxPath } from '../pages/inbox-path.ts'
import { sendMessage } from '../pages/message-page.ts'
import { BoardRefusal, refusedEntry } from './board-refusal.ts'
import { expectOwnPage, originOf } from './board-token.ts'
import { hasRole, sessionOf } from './guard.ts'
import type { OperatorDeps } from './routes.ts'
import { formField } from './sessions.ts'

const role = 'operator'
const replayForm = z.object({ form_token: formField })

const refusals: Readonly<Record<LeftReason, BoardRefusal>> = {
  'in-work': new BoardRefusal(409, 'Not replayed', 'It is still being reacted to: its job has not ended.'),
  'nothing-reacts': new BoardRefusal(409, 'Not replayed', 'Nothing reacts to events of this kind.'),
  'no-such-event': new BoardRefusal(404, 'No such event', 'The inbox has no event of this id (any more).'),
}

/** Replays one event for an operator; what was done or refused is written down. */
export function replayFromPage({ config, knex, run }: OperatorDeps): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const session = sessionOf(res)
    const { data: id } = z.uuid().safeParse(req.params.id)
    if (id === undefined) return refuse(res, refusals['no-such-event'])
    const asked = { actor: session.email, action: 'inbox.replay', target: `inbox:${id}`, origin: originOf(req) }
    try {
      expectOwnPage(req, session, config, replayForm.parse(req.body ?? {}).form_token)
      if (!hasRole(session, role)) {
        throw new BoardRefusal(403, 'Not yours to do', `This needs the role ${role}; yours is ${session.role}.`)
      }
      await knex.transaction(async tx => {
        const inTransaction = statementsIn(tx)
        const done = await replayEvent(inTransaction, id)
        if ('left' in done) throw refusals[done.left]
        await writeAudit(inTransaction, { ...asked, detail: { job: done.jobId } })
      })
      res.redirect(303, inboxPath(id))
    } catch (error) {
      if (!(error instanceof BoardRefusal)) throw error
      await writeAudit(run, refusedEntry(asked, error))
      refuse(res, error)
    }
  }
}

function refuse(res: Response, { status, title, message }: BoardRefusal): void {
  sendMessage(res, status, title, message, { visitor: sessionOf(res) })
}
