import { z } from 'zod'
import { statementsIn } from '../../../db/statement.ts'
import { entityKinds } from '../../../domain/platform/kinds.ts'
import { toldOf } from '../../../mirror/told.ts'
import { tellEntities } from '../../../mirror/write-entities.ts'
import { Problem } from '../../http/problem.ts'
import { jsonBody } from '../../http/json-body.ts'
import type { Route } from '../../http/route.ts'
import type { Intake } from '../../intake.ts'
import type { EntityPath } from './entity-paths.ts'
import { authorizeWrite, expectEntity, expectId, writing } from './platform-request.ts'

/** A person with a hundred devices whose tokens are as long as may be. */
const maxEntityBytes = 262_144

const answer = z.object({
  kind: z.string(),
  id: z.string(),
  version: z.int().describe('as it was told'),
  status: z.enum(['stored', 'unchanged', 'outdated']),
  known_version: z.int().optional().describe('the newer one that is known, when this is outdated'),
})

/** Tells of one entity: the whole of it, as its version has it. */
export function putEntityRoute({ knex, authorize }: Intake, { kind, path, parameter, name, words }: EntityPath): Route {
  const schema = entityKinds[kind]
  return {
    method: 'put',
    path,
    operations: {
      [path]: {
        id: `put${name}`,
        tag: 'mirror',
        summary: `Tell of ${words}`,
        about: 'The newest version is kept; the same again changes nothing, and an older one is `outdated`.',
        scope: 'platform:write',
        parameters: [],
        body: { schema, maxBytes: maxEntityBytes },
        answer: { status: 200, about: 'What became of it.', schema: answer },
        otherAnswers: [{ status: 201, about: 'It is new to us.', schema: answer }],
        problems: [
          'bad-json',
          'body-too-large',
          'unsupported-media-type',
          'invalid-entity',
          'version-reused',
          'live-only',
          'mirror-is-a-view',
        ],
      },
    },
    async handler(request, response) {
      await authorizeWrite(authorize, request)
      const id = expectId(request, parameter)
      const body = await jsonBody(request, response, maxEntityBytes)
      const entity = expectEntity(schema, body)
      const [outcome] = await writing(() =>
        knex.transaction(async tx => await tellEntities(statementsIn(tx), [toldOf(kind, id, entity)])),
      )
      if (outcome === undefined) throw new Error('nothing became of what was told')
      const { written, knownVersion, isNew } = outcome
      if (written === 'version-reused') {
        const detail = `version ${knownVersion} is known with other content: raise the version with each change`
        throw new Problem('version-reused', { detail, known_version: knownVersion })
      }
      const known = written === 'outdated' ? { known_version: knownVersion } : {}
      response.status(isNew ? 201 : 200).json({ kind, id, version: entity.version, status: written, ...known })
    },
  }
}
