import { expect, test } from 'vitest'
import { safeNext } from '../../src/intake/operators/next-path.ts'

test.each(['/admin', '/admin/queues', '/admin/story/booking:42?a=b', '/admin/queues/queue/email.send'])(
  'goes on to %s',
  path => {
    expect(safeNext(path)).toBe(path)
  },
)

test.each([
  'https://evil.example/admin',
  '//evil.example/admin',
  '/\\evil.example/admin',
  '\\\\evil.example/admin',
  '/admin/../../login',
  '/administrator',
  'javascript:alert(1)',
  ' //evil.example/admin',
  '/\t/evil.example/admin',
  'admin@evil.example',
  '',
  `/admin/${'x'.repeat(600)}`,
  undefined,
  ['/admin/queues'],
])('stays at home instead of %j', wanted => {
  expect(safeNext(wanted)).toBe('/admin')
})
