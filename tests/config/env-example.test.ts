import { expect, test } from 'vitest'
import { renderEnvExample } from '../../src/config/env-example.ts'
import { environment } from '../../src/config/schema.ts'
import { faultsIn } from './environments.ts'

test('.env.example is what the schema says (vitest run -u writes it anew)', async () => {
  await expect(renderEnvExample()).toMatchFileSnapshot('../../.env.example')
})

test('every example is a value the schema accepts', () => {
  const lines = [...renderEnvExample().matchAll(/^#([A-Z_]+)=(.*)$/gm)]
  const env: Record<string, string> = {}
  for (const [, name = '', value = ''] of lines) env[name] = value
  expect(Object.keys(env)).toEqual(Object.keys(environment.shape))
  // Two examples are shortened on purpose: nobody shall take them for keys.
  expect(faultsIn({ ...env, NODE_ENV: 'development' }).map(fault => fault.variable)).toEqual([
    'SENDGRID_WEBHOOK_PUBLIC_KEY',
    'FCM_SERVICE_ACCOUNT',
  ])
})
