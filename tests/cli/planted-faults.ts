import { loadCatalog } from '../../queues/catalog.ts'
import emailSend from '../../queues/email/send.ts'
import type { Database } from '../../src/db/connect.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { putSchedule } from '../../src/ledger/schedules/put-schedule.ts'
import { pauseForConfig } from '../../src/ledger/settings.ts'
import { givenEffect, givenOpen } from '../operators/given-job.ts'
import type { CommandLine } from './command-line.ts'

const agoSql = (minutes: number) => `now() - interval '${minutes} minutes'`

/** A fault, how it is mended, and the words by which it and its cure must be told. */
export interface Planted {
  readonly check: string
  readonly plant: () => Promise<unknown>
  readonly mend: () => Promise<unknown>
  readonly what: RegExp
  readonly cure: string
}

/** Faults of a database that is otherwise well, by name. Where the cure is a command of ours, it is what mends. */
export function faultsIn(database: () => Database, jobs: CommandLine): Record<string, Planted> {
  const sql = (text: string, values: Record<string, string> = {}) => database().knex.raw(text, values)
  async function mailSince(minutes: number): Promise<string> {
    const id = await givenOpen(database(), emailSend, { delivery_id: newJobId() })
    await sql(
      `update hbnb_jobs.job_live set run_at = ${agoSql(minutes)}, changed_at = ${agoSql(minutes)} where id = :id`,
      { id },
    )
    return id
  }
  const noMail = () => sql(`delete from hbnb_jobs.job_live; delete from hbnb_jobs.effects`)
  const payload = { user_id: '7', template: 'booking-confirmation', booking_id: '42' }
  const definition = {
    job: 'notifications.send',
    cron: '0 9 * * *',
    zone: 'UTC',
    missed: 'skip',
    overlap: 'skip',
    payload,
  }
  const withSchedule = async (change: string) => {
    await putSchedule(database().knex, await loadCatalog(), { key: 'nightly', definition })
    await sql(`update hbnb_jobs.schedules set ${change} where key = 'nightly'`)
  }
  const noSchedule = () => jobs('schedules', 'rm', 'nightly')
  const alive = (kind: string, ahead: string) =>
    sql(`update hbnb_jobs.processes set beat_at = now() + :ahead::interval where kind = :kind`, { kind, ahead })

  return {
    'migrations that are behind': {
      check: 'migrations',
      plant: () => sql(`update public.hbnb_jobs_migrations set name = 'x' || name where name like '%_0012_%'`),
      mend: () => sql(`update public.hbnb_jobs_migrations set name = substr(name, 2) where name like 'x%'`),
      what: /^1 migration\(s\) behind, from \d+_0012_/,
      cure: 'npm run migrate',
    },
    'a job type that was not declared': {
      check: 'release',
      plant: () => sql(`update hbnb_jobs.job_types set name = 'x' where name = 'sms.send'`),
      mend: () => sql(`update hbnb_jobs.job_types set name = 'sms.send' where name = 'x'`),
      what: /not declared in their version: sms\.send/,
      cure: 'npm run migrate',
    },
    'no relay': {
      check: 'processes',
      plant: () => alive('relay', '-1 minute'),
      mend: () => alive('relay', '1 hour'),
      what: /^no relay is alive/,
      cure: 'npm run relay',
    },
    'no worker': {
      check: 'processes',
      plant: () => alive('worker', '-1 minute'),
      mend: () => alive('worker', '1 hour'),
      what: /^no worker is alive/,
      cure: 'npm run worker',
    },
    'a queue that nobody takes from': {
      check: 'processes',
      plant: () => mailSince(5),
      mend: noMail,
      what: /^nobody takes the jobs of email\.send: 1 due, the oldest for 5 min/,
      cure: 'npm run worker -- email',
    },
    'jobs handed out long ago': {
      check: 'stuck',
      plant: async () =>
        sql(`update hbnb_jobs.job_live set state = 'queued', run_at = now() where id = :id`, {
          id: await mailSince(20),
        }),
      mend: noMail,
      what: /^1 job\(s\) of email\.send were handed to the queue over 10 min ago/,
      cure: 'npm run worker -- email',
    },
    'a job of a dead process': {
      check: 'stuck',
      plant: async () => {
        const id = await mailSince(5)
        await sql(
          `with dead as (insert into hbnb_jobs.processes (kind, host, pid, beat_at) values ('worker', 'h2', 2, ${agoSql(5)}) returning id)
           update hbnb_jobs.job_live set state = 'running', started_at = ${agoSql(5)}, owner = (select id from dead) where id = :id`,
          { id },
        )
      },
      mend: noMail,
      what: /^1 job\(s\) run in a process that is dead/,
      cure: 'npm run relay',
    },
    'an effect nobody knows of, past its policy': {
      check: 'stuck',
      plant: async () => {
        const id = await mailSince(0)
        await givenEffect(database(), id, 'mail', 'unknown')
        await sql(`update hbnb_jobs.effects set settled_at = null, unknown_at = ${agoSql(120)} where job_id = :id`, {
          id,
        })
      },
      mend: noMail,
      what: /^it is not known for 2 h.* whether sendgrid took 1 effect/,
      cure: 'jobs -- why ',
    },
    'refused credentials': {
      check: 'pauses',
      plant: () => pauseForConfig(database().run, 'sms.send', 'Twilio refused our credentials'),
      mend: () => jobs('resume', 'sms.send'),
      what: /^sms\.send is paused because our credentials were refused: Twilio/,
      cure: 'resume sms.send',
    },
    'a forgotten pause': {
      check: 'pauses',
      plant: () =>
        sql(
          `insert into hbnb_jobs.queue_settings (name, paused_at, paused_by) values ('push.send', ${agoSql(3_000)}, 'ada')`,
        ),
      mend: () => jobs('resume', 'push.send'),
      what: /^push\.send is paused since .* by ada/,
      cure: 'resume push.send',
    },
    'a broken cron': {
      check: 'schedules',
      plant: () => withSchedule(`cron = '61 * * * *'`),
      mend: noSchedule,
      what: /^the schedule nightly cannot be read: "61 \* \* \* \*" is not a cron/,
      cure: 'schedules rm nightly, then npm run jobs -- schedules put nightly',
    },
    'an overdue tick': {
      check: 'schedules',
      plant: () => withSchedule(`look_at = ${agoSql(10)}`),
      mend: noSchedule,
      what: /^the schedule nightly is overdue/,
      cure: 'npm run relay',
    },
    'a schedule of a job type that is gone': {
      check: 'schedules',
      plant: () => withSchedule(`job_name = 'gone.job'`),
      mend: noSchedule,
      what: /makes jobs of gone\.job, which this release does not have/,
      cure: 'schedules rm nightly',
    },
  }
}
