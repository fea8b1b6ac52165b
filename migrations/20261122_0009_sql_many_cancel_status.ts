import type { Knex } from 'knex'

/** Many jobs at once, cancelling and looking by SQL: the jobs of the session's tenant (docs/sql.md). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(enqueueMany)
  await knex.raw(cancel)
  await knex.raw(status)
  await knex.raw(grants)
}

const enqueueMany = `
  create function hbnb_jobs.enqueue_many(jobs jsonb) returns setof uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    max_jobs constant integer := 1000;
    known constant text[] := array['name', 'payload', 'key', 'run_at', 'priority', 'expires_at', 'entity', 'tags'];
    job jsonb;
    place text;
    strange text;
  begin
    if jobs is null or jsonb_typeof(jobs) <> 'array' or jsonb_array_length(jobs) > max_jobs then
      raise exception using errcode = 'JB005', message = format('jobs must be a JSON array of at most %s jobs', max_jobs),
        hint = 'Each is an object with name and payload, and options as enqueue() has them.';
    end if;
    for index in 0 .. jsonb_array_length(jobs) - 1 loop
      job := jobs -> index;
      place := format('job %s: ', index);
      if jsonb_typeof(job) <> 'object' then
        raise exception using errcode = 'JB005', message = format('%sit must be an object', place),
          hint = 'Each is an object with name and payload, and options as enqueue() has them.';
      end if;
      select left(string_agg(field, ', ' order by field), 200) into strange from jsonb_object_keys(job) as field where field <> all (known);
      if strange is not null then
        raise exception using errcode = 'JB005', message = format('%sthere is no option %s', place, strange),
          hint = format('Known are %s.', array_to_string(known, ', '));
      end if;
      return next hbnb_jobs.accept_one(
        place, job ->> 'name', nullif(job -> 'payload', 'null'), job ->> 'key', (job ->> 'run_at')::timestamptz,
        (job ->> 'priority')::integer, (job ->> 'expires_at')::timestamptz, job ->> 'entity',
        array(select jsonb_array_elements_text(nullif(job -> 'tags', 'null'))));
    end loop;
  end
  $$;
  comment on function hbnb_jobs.enqueue_many is 'Makes all of [{name, payload, ...options}] or none. Answers their ids in order.';
`

const cancel = `
  create function hbnb_jobs.cancel(id uuid) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    own_tenant constant text := hbnb_jobs.session_tenant();
    live hbnb_jobs.job_live;
    ended text;
  begin
    if not exists (select from hbnb_jobs.jobs j where j.id = cancel.id and j.tenant = own_tenant) then
      return 'unknown-job';
    end if;
    select l.* into live from hbnb_jobs.job_live l where l.id = cancel.id for update;
    if not found then
      select o.outcome::text into ended from hbnb_jobs.job_outcomes o where o.id = cancel.id;
      return coalesce(ended, 'unknown-job');
    end if;
    -- What may be on its way outside must first be known: the run that finds out sees the request.
    if live.state = 'running' or exists (
      select from hbnb_jobs.effects e
      where e.job_id = cancel.id and (e.state = 'sending' or (e.state = 'unknown' and e.settled_at is null))
    ) then
      update hbnb_jobs.job_live l set cancel_requested = true where l.id = cancel.id;
      return 'cancel-requested';
    end if;
    delete from hbnb_jobs.job_live l where l.id = cancel.id;
    insert into hbnb_jobs.job_outcomes (id, outcome, attempts, reason, owner, started_at)
    values (cancel.id, 'cancelled', live.attempts, 'cancelled by sql:' || session_user, live.owner, live.started_at);
    return 'cancelled';
  end
  $$;
  comment on function hbnb_jobs.cancel is
    'Answers cancelled, cancel-requested, unknown-job, or how the job had ended before.';
`

const status = `
  create view hbnb_jobs.job_status as
  select
    j.id, j.name,
    case
      when o.outcome is not null then o.outcome::text
      when l.state = 'running' then 'active'
      when l.state = 'parked' then 'parked'
      when l.attempts > 0 then 'retrying'
      when l.state = 'accepted' and l.run_at > now() then 'scheduled'
      else 'waiting'
    end as state,
    coalesce(o.attempts, l.attempts, 0::smallint) as attempts,
    j.accepted_at, j.run_at,
    case when l.state in ('accepted', 'parked') and l.run_at > now() then l.run_at end as next_at,
    o.finished_at, j.expires_at, j.priority, j.entity, j.tags, j.parent_id,
    coalesce(l.cancel_requested, false) as cancel_requested,
    o.result, o.reason, coalesce(o.error, l.last_error) ->> 'code' as error_code,
    coalesce(o.error, l.last_error) ->> 'message' as error_message
  from hbnb_jobs.jobs j
  left join hbnb_jobs.job_live l on l.id = j.id
  left join hbnb_jobs.job_outcomes o on o.id = j.id
  where j.tenant = coalesce(nullif(current_setting('hbnb_jobs.tenant', true), ''), 'default');
  comment on view hbnb_jobs.job_status is 'The jobs of the session''s tenant, in the words of GET /v1/jobs/{id}; no payloads.';
`

const grants = `
  -- Roles belong to the whole server: it may exist already, and whoever migrates may not be allowed to make one.
  do $$
  begin
    if not exists (select from pg_roles where rolname = 'hbnb_enqueuer') then
      create role hbnb_enqueuer nologin;
    end if;
  exception
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then raise notice 'role hbnb_enqueuer was not made: see docs/sql.md';
  end
  $$;
  revoke all on function hbnb_jobs.enqueue_many, hbnb_jobs.cancel from public;
  do $$
  begin
    if exists (select from pg_roles where rolname = 'hbnb_enqueuer') then
      grant usage on schema hbnb_jobs to hbnb_enqueuer;
      grant execute on function hbnb_jobs.enqueue, hbnb_jobs.enqueue_many, hbnb_jobs.cancel to hbnb_enqueuer;
      grant select on hbnb_jobs.job_status to hbnb_enqueuer;
    end if;
  end
  $$;
`

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop view hbnb_jobs.job_status;
    drop function hbnb_jobs.cancel, hbnb_jobs.enqueue_many;
    -- The role stays: it belongs to the whole server, and other databases and members may use it.
    do $$
    begin
      if exists (select from pg_roles where rolname = 'hbnb_enqueuer') then
        revoke all on schema hbnb_jobs from hbnb_enqueuer;
        revoke all on all functions in schema hbnb_jobs from hbnb_enqueuer;
      end if;
    end
    $$;
  `)
}
