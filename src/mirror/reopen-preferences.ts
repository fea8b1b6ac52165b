import type { RunStatement, Statement } from '../db/statement.ts'

const reopenStatement: Statement = {
  name: 'mirror-reopen-preferences',
  text: `
    with forgotten as materialized (
      select id from platform.versions where kind = 'preferences' and id = any($1::text[]) and digest is null
      order by id collate "C" for update
    )
    update platform.versions v set digest = '' from forgotten f where v.kind = 'preferences' and v.id = f.id`,
}

/**
 * Lets people who come back be told of with the preferences they left with: these were forgotten with them, under a version
 * that the platform has no reason to change, and an opt-out must not be lost by that.
 */
export async function reopenPreferences(run: RunStatement, userIds: readonly string[]): Promise<void> {
  if (userIds.length > 0) await run(reopenStatement, [userIds])
}
