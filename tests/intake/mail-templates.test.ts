import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { guestOf, stayOf } from '../journeys/guide/stay.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const template = `d-${'0a'.repeat(16)}`
const reader = stayOf(1).guest
const asked = {
  to: { user_id: reader },
  mail_template: template,
  variables: { first_name: 'Zoé', voucher_url: 'https://hbnb.example/v', stays: [{ title: 'Gîte « l’Œuf »' }] },
  category: 'offers',
}

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake({ SENDGRID_TEMPLATES: JSON.stringify({ [template]: ['first_name', 'voucher_url'] }) })
  await intake.send('PUT', `/v1/users/${reader}`, guestOf(stayOf(1)))
})
afterAll(() => intake.close())

const ask = async (body: unknown) => await intake.send('POST', '/v1/notifications', body)

test('a template of SendGrid is a notification by mail alone', async () => {
  const { status, json } = await ask(asked)
  expect(status).toBe(202)
  const [row] = await intake.database.knex('hbnb_jobs.notifications').where({ id: json['id'] })
  expect(row).toMatchObject({
    user_id: reader,
    template,
    template_version: 1,
    title: null,
    data: asked.variables,
    channels: ['email'],
    category: 'offers',
  })
  const bare = await ask({ ...asked, to: { email: 'zoe@example.test', locale: 'en' }, channels: ['email'] })
  expect(bare.status).toBe(202)
})

describe('is refused', () => {
  test.each([
    [
      'variables that the template needs',
      { variables: { first_name: ' ' } },
      ['/variables/first_name', '/variables/voucher_url'],
    ],
    ['no variables', { variables: undefined }, ['/variables/first_name', '/variables/voucher_url']],
    ['a template that nobody declared', { mail_template: `d-${'1'.repeat(32)}` }, ['/mail_template']],
    ['an id of another form', { mail_template: 'welcome' }, ['/mail_template']],
    ['a name that is none', { variables: { ...asked.variables, 'a b': 1 } }, ['/variables/a b']],
    ['a number to write to', { to: { phone: '+33612345678', country: 'FR' } }, ['/to']],
    ['another channel', { channels: ['email', 'sms'] }, ['/channels']],
    ['a template of ours beside it', { template: 'welcome' }, ['/template']],
    ['own words beside it', { title: 'a', body: 'b' }, ['/title', '/body']],
    ['what a push carries', { data: { a: 'b' } }, ['/data']],
    ['variables of nothing', { mail_template: undefined, title: 'a', body: 'b' }, ['/variables']],
  ])('%s', async (_, change, fields) => {
    const { status, json } = await ask({ ...asked, ...change })
    expect(status).toBe(422)
    const errors = json['errors']
    expect(Array.isArray(errors) ? errors.map((error: { field?: unknown }) => error.field) : errors).toEqual(fields)
  })
})
