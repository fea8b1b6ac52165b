import { describe, expect, test } from 'vitest'
import { keptLog } from './kept-log.ts'

const person = 'chloe@example.org'

test('a line is JSON with level, ISO time, name and message', () => {
  const { log, lines } = keptLog()
  log.info({ job: 'email.send', attempt: 2, at: new Date(0) }, 'sent in %d ms', 12)
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      name: 'test',
      msg: 'sent in 12 ms',
      job: 'email.send',
      attempt: 2,
      at: '1970-01-01T00:00:00.000Z',
    }),
  ])
})

test('less important lines are not written', () => {
  const { log, lines } = keptLog()
  log.debug('no')
  expect(lines).toEqual([])
  const silent = keptLog('silent')
  silent.log.fatal('no')
  expect(silent.lines).toEqual([])
})

describe('personal data, secrets and contents have no value', () => {
  test.each([
    ['email'],
    ['guest_email'],
    ['phone'],
    ['guestPhone'],
    ['to'],
    ['token'],
    ['deviceTokens'],
    ['Authorization'],
    ['password'],
    ['payload'],
    ['body'],
    ['rawBody'],
    ['api_key'],
    ['X-Api-Key'],
    ['set-cookie'],
    ['first_name'],
    ['subject'],
    ['html'],
    ['WEBHOOK_SECRET'],
  ])('%s, at every depth, in lines, children, arrays and arguments', name => {
    const { log, lines } = keptLog()
    log.info({ [name]: person })
    log.info({ a: { b: [{ c: { [name]: { deep: person } } }] } })
    log
      .child({ [name]: person, request: { [name]: person } })
      .child({ [name]: person })
      .info('x')
    log.info('said %j', { [name]: person })
    log.info({ headers: new Map([[name, person]]) })
    expect(lines).toHaveLength(5)
    expect(JSON.stringify(lines)).not.toContain(person)
    expect(lines[0]?.[name]).toBe('[redacted]')
  })

  test('but that there is none may be seen, and other fields stay', () => {
    const { log, lines } = keptLog()
    log.child({ job: 'a' }).info({ email: null, phone: false, state: 'parked', tokenCount: 3, emailSent: 1 })
    expect(lines[0]).toMatchObject({
      job: 'a',
      email: null,
      phone: false,
      state: 'parked',
      tokenCount: 3,
      emailSent: 1,
    })
  })

  test('addresses lose their passwords', () => {
    const { log, lines } = keptLog()
    log.info({ url: 'postgres://hbnb:hunter2@db/hbnb' }, 'at redis://:hunter2@redis:6379')
    expect(JSON.stringify(lines)).not.toContain('hunter2')
    expect(lines[0]?.msg).toBe('at redis://…@redis:6379')
  })

  test('what has no end or is too much is cut', () => {
    const { log, lines } = keptLog()
    const circle: Record<string, unknown> = { text0: 'x'.repeat(100_000), bytes: Buffer.alloc(9) }
    circle.self = circle
    log.info({ circle, many: Array.from({ length: 100_000 }, () => 'y'), big: 10n })
    expect(JSON.stringify(lines).length).toBeLessThan(20_000)
    expect(lines[0]).toMatchObject({ circle: { bytes: '[9 bytes]' }, big: '10' })
  })
})
