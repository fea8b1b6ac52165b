import express, { type Router } from 'express'
import { type Answer, answerThrough } from '../answer.ts'
import type { FaultList } from '../faults.ts'
import type { EntityList } from './entities.ts'

/** The key that stands for a revoked one; every other key is good. */
const REFUSED_KEY = 'bad-key'

const errorBody = (error: string) => ({ error })

function refusal(authorization: string | undefined): Answer | undefined {
  const key = authorization?.match(/^Bearer (\S+)$/)?.[1]
  return key === undefined || key === REFUSED_KEY ? { status: 401, body: errorBody('Unauthorized') } : undefined
}

/** The API of the platform, as far as it is asked for what a webhook has only named: `GET /bookings/42`. */
export function platformRoutes(entities: EntityList, faults: FaultList): Router {
  const router = express.Router()
  router.get('/:path/:id', (request, response) => {
    const { path, id } = request.params
    answerThrough(faults, request, response, {
      provider: 'platform',
      on: 'send',
      recipients: [`${path}/${id}`],
      errorBody: status => errorBody(`Sandbox fault ${status}`),
      work() {
        const refused = refusal(request.get('authorization'))
        if (refused) return refused
        const entity = entities.find(path, id)
        return entity ? { status: 200, body: { id, ...entity } } : { status: 404, body: errorBody('Not found') }
      },
    })
  })
  return router
}
