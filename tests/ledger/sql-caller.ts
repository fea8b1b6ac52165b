import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'

/** An upstream app's own connection: a role that is a member of `hbnb_enqueuer` and of nothing else. */
export interface SqlCaller {
  readonly role: string
  readonly client: Client
  /** A second connection of the same role; the test ends it. */
  readonly connectAgain: () => Promise<Client>
  /** The first column of the first row. */
  readonly value: (sql: string, values?: readonly unknown[]) => Promise<unknown>
  /** Ends the connection and removes the role. */
  readonly close: () => Promise<void>
}

export async function givenSqlCaller(databaseUrl: string): Promise<SqlCaller> {
  const role = `app_${randomBytes(6).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  await asSuperuser(`create role ${role} login password '${password}' in role hbnb_enqueuer`)
  const url = new URL(databaseUrl)
  url.username = role
  url.password = password
  const connect = async () => {
    const client = new Client({ connectionString: url.href })
    await client.connect()
    return client
  }
  const client = await connect()
  return {
    role,
    client,
    connectAgain: connect,
    async value(sql, values = []) {
      const { rows } = await client.query({ text: sql, values: [...values], rowMode: 'array' })
      return rows[0]?.[0]
    },
    async close() {
      await client.end()
      await asSuperuser(`drop role ${role}`)
    },
  }
}

async function asSuperuser(sql: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
