import type { Knex } from 'knex'

/**
 * Jobs by SQL, inside the caller's own transaction (docs/sql.md). What callers may execute is SECURITY DEFINER; every
 * function has a fixed search_path and names every object with its schema, so that nothing of the caller's can be taken
 * for ours. Refusals have SQLSTATEs of class JB. Nothing here locks what another transaction could wait for, except two
 * transactions that use one key at the same time. Who may call is in 0009.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.job_types add column fields text[], add column max_payload_bytes integer;
    comment on column hbnb_jobs.job_types.fields is 'All fields a payload may have; null = any.';
    comment on column hbnb_jobs.job_types.max_payload_bytes is 'Of the payload as jsonb prints it; null = 65536.';
  `)
  await knex.raw(ids)
  await knex.raw(checks)
  await knex.raw(accepting)
  await knex.raw(door)
}

/** RFC 9562, 5.7 with method 3: the 12 bits behind the milliseconds are their fraction, so ids of one session rise. */
const ids = `
  create function hbnb_jobs.uuid_v7(at timestamptz default clock_timestamp()) returns uuid
  language sql volatile parallel safe
  return (
    select encode(
      overlay(
        uuid_send(gen_random_uuid())
        placing substring(int8send(micros / 1000) from 3) || int2send((28672 + (micros % 1000) * 4096 / 1000)::smallint)
        from 1 for 8),
      'hex')::uuid
    from (select (extract(epoch from at) * 1000000)::bigint as micros) as t
  );
`

const checks = `
  create function hbnb_jobs.key_of(fields text[], payload jsonb) returns text
  language sql immutable parallel safe
  return (
    select string_agg(
      case jsonb_typeof(payload -> field)
        -- As JSON.parse and String() write it: 1.0 is 1.
        when 'number' then trim_scale((payload ->> field)::numeric)::text
        else coalesce(payload ->> field, '')
      end, chr(31) order by place)
    from unnest(fields) with ordinality as f(field, place)
  );
  comment on function hbnb_jobs.key_of is 'The same text as keyOf() in src/ledger/new-job.ts.';

  create function hbnb_jobs.check_payload(place text, type hbnb_jobs.job_types, payload jsonb) returns void
  language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$
  declare
    max_bytes constant integer := least(coalesce(type.max_payload_bytes, 65536), 65536);
    faulty text;
  begin
    if payload is null or jsonb_typeof(payload) <> 'object' then
      raise exception using errcode = 'JB003', message = format('%spayload must be a JSON object', place),
        hint = 'Pass jsonb_build_object(...), or cast your JSON text to jsonb.';
    end if;
    if octet_length(payload::text) > max_bytes then
      raise exception using errcode = 'JB003', message = format('%spayload is larger than %s bytes', place, max_bytes),
        hint = 'Keep the data in a table of your own and pass its id.';
    end if;
    if exists (
      select from jsonb_path_query(payload, 'strict $.**{32}') as deep where jsonb_typeof(deep) in ('object', 'array')
    ) then
      raise exception using errcode = 'JB003', message = format('%spayload is nested more than 32 levels deep', place),
        hint = 'Pass ids and flat values.';
    end if;
    select string_agg(field, ', ' order by field) into faulty from unnest(type.required) as field where payload -> field is null;
    if faulty is not null then
      raise exception using errcode = 'JB003', message = format('%s%s needs %s in its payload', place, type.name, faulty),
        hint = format('Required fields of %s: %s.', type.name, array_to_string(type.required, ', '));
    end if;
    if type.fields is not null then
      select string_agg(left(field, 64), ', ' order by field) into faulty
      from jsonb_object_keys(payload) as field where field <> all (type.fields);
      if faulty is not null then
        raise exception using errcode = 'JB003', message = format('%s%s does not know %s', place, type.name, left(faulty, 200)),
          hint = format('Fields of %s: %s.', type.name, array_to_string(type.fields, ', '));
      end if;
    end if;
  end
  $$;

  create function hbnb_jobs.check_options(
    place text, key text, run_at timestamptz, priority integer, expires_at timestamptz, entity text, tags text[]
  ) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
  declare
    furthest constant timestamptz := clock_timestamp() + interval '732 days';
    fault text;
  begin
    fault := case
      when key !~ '^[!-~]{1,255}$' then 'key must be 1 to 255 visible ASCII characters without spaces'
      when not isfinite(run_at) or run_at >= furthest then 'run_at must be less than two years ahead'
      when priority not between 1 and 9 then 'priority must be 1 (first) to 9'
      when not isfinite(expires_at) or expires_at >= furthest then 'expires_at must be less than two years ahead'
      when expires_at <= greatest(run_at, clock_timestamp()) then 'expires_at must lie in the future and after run_at'
      when entity !~ '^[a-z][a-z-]{0,31}:[^[:space:][:cntrl:]]{1,64}$' then 'entity must read <kind>:<id>, such as booking:42'
      when cardinality(tags) > 10 then 'there may be 10 tags'
      when array_ndims(tags) > 1 then 'tags must be one list'
      when exists (select from unnest(tags) as tag where (tag ~ '^[A-Za-z0-9._:/-]{1,64}$') is not true)
        then 'a tag must be 1 to 64 letters, digits and . _ : / -'
    end;
    if fault is not null then
      raise exception using errcode = 'JB005', message = place || fault,
        hint = 'Options are the same as over HTTP; ids and labels only, never personal data.';
    end if;
  end
  $$;
`

const accepting = `
  create function hbnb_jobs.session_tenant() returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
  declare
    tenant constant text := coalesce(nullif(current_setting('hbnb_jobs.tenant', true), ''), 'default');
  begin
    if tenant !~ '^[!-~]{1,64}$' then
      raise exception using errcode = 'JB005', message = 'hbnb_jobs.tenant must be 1 to 64 visible ASCII characters',
        hint = 'Leave it unset for the tenant default.';
    end if;
    return tenant;
  end
  $$;

  create function hbnb_jobs.take_key(place text, key text, name text, payload jsonb, id uuid) returns uuid
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
  #variable_conflict use_column
  declare
    caller constant text := 'sql:' || session_user;
    request constant text := encode(sha256(convert_to(take_key.name || chr(10) || take_key.payload::text, 'UTF8')), 'hex');
    until constant timestamptz := clock_timestamp() + interval '24 hours';
    answer constant jsonb := jsonb_build_object('id', take_key.id);
    known hbnb_jobs.idempotency_keys;
  begin
    loop
      insert into hbnb_jobs.idempotency_keys as k (caller, key, request_sha256, job_ids, answer, expires_at)
      values (caller, take_key.key, request, array[take_key.id], answer, until)
      on conflict do nothing;
      if found then return take_key.id; end if;

      select k.* into known from hbnb_jobs.idempotency_keys k where k.caller = 'sql:' || session_user and k.key = take_key.key;
      if found and known.expires_at > clock_timestamp() then
        if known.request_sha256 = request then return known.job_ids[1]; end if;
        raise exception using errcode = 'JB004',
          message = format('%skey %s stands for another job', place, quote_literal(take_key.key)),
          detail = format('It was used for job %s with another name or payload, and stands for that until %s.', known.job_ids[1], known.expires_at),
          hint = 'Use one key per piece of work, such as the id of the row it is about.';
      end if;
      -- Expired: it is ours unless somebody else renews it first; the next round tells.
      delete from hbnb_jobs.idempotency_keys k
      where k.caller = 'sql:' || session_user and k.key = take_key.key and k.expires_at <= clock_timestamp();
    end loop;
  end
  $$;

  create function hbnb_jobs.accept_one(
    place text, name text, payload jsonb, key text, run_at timestamptz, priority integer, expires_at timestamptz,
    entity text, tags text[]
  ) returns uuid
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
  #variable_conflict use_column
  declare
    type hbnb_jobs.job_types;
    id constant uuid := hbnb_jobs.uuid_v7();
    tenant constant text := hbnb_jobs.session_tenant();
    first_id uuid;
  begin
    select t.* into type from hbnb_jobs.job_types t where t.name = accept_one.name;
    if not found then
      raise exception using errcode = 'JB001', message = format('%sthere is no job %s', place, quote_nullable(left(accept_one.name, 100))),
        hint = format('Jobs that may be made by SQL: %s.',
          (select coalesce(string_agg(t.name, ', ' order by t.name), 'none yet') from hbnb_jobs.job_types t where t.open));
    end if;
    if not type.open then
      raise exception using errcode = 'JB002', message = format('%s%s is only made by other jobs', place, type.name),
        hint = format('Jobs that may be made by SQL: %s.',
          (select coalesce(string_agg(t.name, ', ' order by t.name), 'none yet') from hbnb_jobs.job_types t where t.open));
    end if;
    perform hbnb_jobs.check_payload(place, type, payload);
    perform hbnb_jobs.check_options(place, key, run_at, priority, expires_at, entity, tags);

    if accept_one.key is not null then
      first_id := hbnb_jobs.take_key(place, key, type.name, payload, id);
      if first_id <> id then return first_id; end if;
    end if;

    insert into hbnb_jobs.jobs (id, name, version, payload, tenant, entity, tags, priority, run_at, expires_at)
    values (
      id, type.name, type.version, accept_one.payload, tenant, accept_one.entity, coalesce(accept_one.tags, '{}'),
      coalesce(accept_one.priority, type.priority), coalesce(accept_one.run_at, now()),
      coalesce(accept_one.expires_at,
        greatest(accept_one.run_at, clock_timestamp()) + type.expires_after_ms * interval '1 millisecond'));
    insert into hbnb_jobs.job_live (id, name, priority, run_at, lane, unique_key)
    values (
      id, type.name, coalesce(accept_one.priority, type.priority), coalesce(accept_one.run_at, now()),
      concat_ws(chr(31), tenant, hbnb_jobs.key_of(type.lane_by, payload)), hbnb_jobs.key_of(type.unique_by, payload));
    perform pg_notify('hbnb_jobs', '');
    return id;
  end
  $$;
`

const door = `
  create function hbnb_jobs.enqueue(
    name text, payload jsonb, key text default null, run_at timestamptz default null, priority integer default null,
    expires_at timestamptz default null, entity text default null, tags text[] default '{}'
  ) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
  begin
    return hbnb_jobs.accept_one('', name, payload, key, run_at, priority, expires_at, entity, tags);
  end
  $$;
  comment on function hbnb_jobs.enqueue is 'Makes a job when the surrounding transaction commits. Answers its id.';

  revoke all on function
    hbnb_jobs.uuid_v7, hbnb_jobs.key_of, hbnb_jobs.check_payload, hbnb_jobs.check_options, hbnb_jobs.session_tenant,
    hbnb_jobs.take_key, hbnb_jobs.accept_one, hbnb_jobs.enqueue
  from public;
`

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function hbnb_jobs.enqueue, hbnb_jobs.accept_one, hbnb_jobs.take_key,
      hbnb_jobs.session_tenant, hbnb_jobs.check_options, hbnb_jobs.check_payload, hbnb_jobs.key_of, hbnb_jobs.uuid_v7;
    alter table hbnb_jobs.job_types drop column fields, drop column max_payload_bytes;
  `)
}
