import { z } from 'zod'
import { findUser } from '../../../db/users.ts'
import { platformId } from '../../../domain/platform/parts.ts'
import { deviceEntity, deviceToken } from '../../../domain/platform/user.ts'
import { devicesOfUser, putDevice, removeDevice } from '../../../mirror/devices.ts'
import { Problem } from '../../http/problem.ts'
import { jsonBody } from '../../http/json-body.ts'
import type { Route } from '../../http/route.ts'
import type { Intake } from '../../intake.ts'
import { authorizeWrite, expectEntity, expectId, expectInPath, writing } from './platform-request.ts'

const maxDeviceBytes = 1_024
const devicePath = '/v1/users/{user}/devices/{token}'
const devicesPath = '/v1/users/{user}/devices'

const platform = deviceEntity.shape.platform.unwrap()
const putAnswer = z.object({ user_id: z.string(), token: z.string(), platform })
const removeAnswer = z.object({ status: z.enum(['deleted', 'absent']) })
const listAnswer = z.object({
  devices: z.array(z.object({ token: z.string(), platform, last_seen_at: z.iso.datetime() })),
})

/** Devices of a person, each under its token. */
export function deviceRoutes(intake: Intake): Route[] {
  return [putDeviceRoute(intake), removeDeviceRoute(intake), listDevicesRoute(intake)]
}

function putDeviceRoute({ run, authorize }: Intake): Route {
  return {
    method: 'put',
    path: devicePath,
    operations: {
      [devicePath]: {
        id: 'putDevice',
        tag: 'mirror',
        summary: 'Tell of a device',
        about: 'It belongs to the last user that named it, and is their newest.',
        scope: 'platform:write',
        parameters: [],
        body: { schema: deviceEntity, maxBytes: maxDeviceBytes },
        answer: { status: 200, about: 'It was known, of this user or another.', schema: putAnswer },
        otherAnswers: [{ status: 201, about: 'It is new to us.', schema: putAnswer }],
        problems: [
          'bad-json',
          'body-too-large',
          'unsupported-media-type',
          'user-not-found',
          'invalid-entity',
          'live-only',
          'mirror-is-a-view',
        ],
      },
    },
    async handler(request, response) {
      await authorizeWrite(authorize, request)
      const userId = expectId(request, 'user')
      const token = expectInPath(request, 'token', deviceToken)
      const body = await jsonBody(request, response, maxDeviceBytes)
      const device = { token, userId, ...expectEntity(deviceEntity, body) }
      const put = await writing(() => putDevice(run, device))
      if (put === undefined) throw new Problem('user-not-found')
      response.status(put.isNew ? 201 : 200).json({ user_id: userId, token, platform: put.platform })
    },
  }
}

function removeDeviceRoute({ knex, run, authorize }: Intake): Route {
  return {
    method: 'delete',
    path: devicePath,
    operations: {
      [devicePath]: {
        id: 'removeDevice',
        tag: 'mirror',
        summary: 'Tell that a device is gone',
        about: 'Such as when its user signs out. Of another user it stays.',
        scope: 'platform:write',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'It is gone, or was not there.', schema: removeAnswer },
        problems: ['invalid-entity', 'live-only', 'mirror-is-a-view'],
      },
    },
    async handler(request, response) {
      await authorizeWrite(authorize, request)
      const userId = expectId(request, 'user')
      const token = expectInPath(request, 'token', deviceToken)
      const wasThere = await writing(() => removeDevice(knex, run, token, userId))
      response.json({ status: wasThere ? 'deleted' : 'absent' })
    },
  }
}

function listDevicesRoute({ knex, authorize }: Intake): Route {
  return {
    method: 'get',
    path: devicesPath,
    operations: {
      [devicesPath]: {
        id: 'listDevices',
        tag: 'mirror',
        summary: 'List the devices of a user',
        about: 'Oldest first.',
        scope: 'platform:read',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'Their devices.', schema: listAnswer },
        problems: ['user-not-found'],
      },
    },
    async handler(request, response) {
      await authorize(request, 'platform:read')
      const { data: userId } = platformId.safeParse(request.params['user'])
      if (userId === undefined || !(await findUser(knex, userId))) throw new Problem('user-not-found')
      response.json({ devices: await devicesOfUser(knex, userId) })
    },
  }
}
