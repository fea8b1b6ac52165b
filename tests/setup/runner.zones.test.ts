import { expect, test } from 'vitest'

test("the process keeps its project's time zone", () => {
  expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(process.env['TZ'])
})
