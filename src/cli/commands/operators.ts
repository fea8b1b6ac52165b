import { z } from 'zod'
import {
  createOperator,
  disableOperator,
  listOperators,
  operatorEmail,
  operatorPassword,
  type Role,
  roles,
} from '../../db/operators.ts'
import { createSignInLink } from '../../db/sessions.ts'
import { instant } from '../../ledger/instant.ts'
import { change } from '../change.ts'
import { answer, type Command, CommandFailed, type Invocation, textOption, UsageError } from '../command.ts'
import { table } from '../table.ts'

const add: Command = {
  name: 'operators add',
  about: 'Add a person who may see the queues and stories, or set the role and password of one who is there.',
  takes: '<email> [--role viewer|operator|admin] [--link]',
  examples: ['operators add ada@example.com --role admin', 'operators add ada@example.com --link'],
  options: { role: { type: 'string' }, link: { type: 'boolean' } },
  words: 1,
  changes: true,
  async run(invocation) {
    const email = emailIn(invocation)
    const role = roleIn(invocation)
    const byLink = invocation.options['link'] === true
    const password = byLink ? null : await askPassword(invocation)
    await change(invocation, async ({ tx, note }) => {
      await createOperator(tx, { email, password, role })
      await note('operator.add', `operator:${email}`, { role })
    })
    const link = byLink ? await linkFor(invocation, email) : null
    const text = `${email} is ${role}.${link === null ? '' : `\nSign in once, within 15 minutes: ${link}`}`
    answer(invocation, { email, role, link }, text)
  },
}

const link: Command = {
  name: 'operators link',
  about: 'Print a link that signs a person in once, within 15 minutes.',
  takes: '<email>',
  examples: ['operators link ada@example.com'],
  options: {},
  words: 1,
  changes: true,
  async run(invocation) {
    const email = emailIn(invocation)
    const url = await linkFor(invocation, email)
    answer(invocation, { email, link: url }, url)
  },
}

const disable: Command = {
  name: 'operators disable',
  about: 'Shut a person out, at once. What they did stays in the audit log; "operators add" lets them in again.',
  takes: '<email>',
  examples: ['operators disable ada@example.com'],
  options: {},
  words: 1,
  changes: true,
  async run(invocation) {
    const email = emailIn(invocation)
    const disabled = await change(invocation, async ({ tx, note }) => {
      if (!(await disableOperator(tx, email))) return false
      await note('operator.disable', `operator:${email}`)
      return true
    })
    if (!disabled) throw new CommandFailed('there is no such person, or they are out already: see "operators list"')
    answer(invocation, { email, disabled }, `${email} is out.`)
  },
}

const list: Command = {
  name: 'operators list',
  about: 'List the people who may sign in.',
  takes: '',
  examples: ['operators list', 'operators list --json'],
  options: {},
  words: 0,
  async run(invocation) {
    const operators = await listOperators(invocation.database().knex)
    const rows = operators.map(({ email, role, created_at, disabled_at }) => [
      email,
      role,
      instant(created_at),
      disabled_at === null ? '' : `disabled ${instant(disabled_at)}`,
    ])
    const text =
      rows.length > 0 ? table(['e-mail', 'role', 'added', ''], rows) : 'Nobody yet: add one with "operators add".'
    answer(invocation, operators, text)
  },
}

export const operatorCommands: readonly Command[] = [add, link, disable, list]

function emailIn({ positionals }: Invocation): string {
  const email = operatorEmail.safeParse(positionals[0])
  if (!email.success) throw new UsageError(`"${positionals[0]}" is not an e-mail address`)
  return email.data
}

function roleIn(invocation: Invocation): Role {
  const role = z.enum(roles).safeParse(textOption(invocation, 'role') ?? 'viewer')
  if (!role.success) throw new UsageError(`--role must be one of ${roles.join(', ')}`)
  return role.data
}

async function askPassword({ terminal }: Invocation): Promise<string> {
  const password = operatorPassword.safeParse(await terminal.askSecret('Password (12 characters or more): '))
  if (!password.success) {
    throw new CommandFailed('the password must have 12 to 200 characters; --link makes a person without one')
  }
  return password.data
}

async function linkFor(invocation: Invocation, email: string): Promise<string> {
  try {
    const path = await change(invocation, async ({ tx, note }) => {
      const made = await createSignInLink(tx, email)
      await note('operator.link', `operator:${email}`)
      return made
    })
    return `${invocation.config.http.publicUrl}${path}`
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('there is no operator'))
      throw new CommandFailed(error.message)
    throw error
  }
}
