import type { RequestHandler } from 'express'
import { z } from 'zod'
import type { RunStatement } from '../../db/statement.ts'
import { newestAudit } from '../../ledger/audit.ts'
import { auditPage } from '../pages/audit-page.ts'
import { sessionOf } from './guard.ts'

const maxTargetChars = 200
const wantedTarget = z
  .string()
  .trim()
  .max(maxTargetChars)
  .refine(text => text.isWellFormed() && !text.includes('\0'))
  .catch('')

/** `/admin/audit?target=<kind>:<id>`: who did what, and what was refused. */
export function showAudit(run: RunStatement): RequestHandler {
  return async (req, res) => {
    const target = wantedTarget.parse(req.query['target'])
    res.send(auditPage(target, await newestAudit(run, target === '' ? null : target), sessionOf(res)))
  }
}
