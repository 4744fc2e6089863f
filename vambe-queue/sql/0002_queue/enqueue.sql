-- Enqueues an update in the caller's transaction, and returns its number.
--
-- The update is {"ticket_id" | "ai_contact_id" | "contact_number": "…", "metadata": {"key": "value", …}}, with these optional members:
--   allow_closed_ticket  boolean, as in the API
--   may_join             boolean: may be sent in one request with the next updates of its ticket
--   reference            text: an update whose reference is known is not enqueued again; its number is returned
--   source               text: the service, for status and metrics
--   traceparent          text: W3C trace context of the service's span
--   expires_in           seconds until the update is given up, if it is not applied; 72 hours if absent
--
-- Transactions that enqueue for the same ticket wait for each other, so enqueue last. Two transactions that name two tickets in
-- opposite order can deadlock, and one of them fails with 40P01. A REPEATABLE READ transaction may fail with 40001. Try both again.
create function vambe.enqueue(p_update jsonb) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare l bytea; s bigint; m jsonb; unknown text; lifetime interval;
begin
  if jsonb_typeof(p_update) is distinct from 'object' then
    raise exception 'the update is not a JSON object' using errcode = '22023';
  end if;
  select min(key) into unknown from jsonb_object_keys(p_update) key where key not in ('ticket_id', 'ai_contact_id', 'contact_number',
    'metadata', 'allow_closed_ticket', 'may_join', 'reference', 'source', 'traceparent', 'expires_in');
  if unknown is not null then
    raise exception 'the update has an unknown member %', quote_ident(unknown) using errcode = '22023';
  end if;
  m := p_update -> 'metadata';
  if jsonb_typeof(m) is distinct from 'object' or m = '{}' then
    raise exception 'the metadata is not an object with at least one key' using errcode = '22023';
  end if;
  if exists (select from jsonb_each(m) where jsonb_typeof(value) <> 'string') then
    raise exception 'a value of the metadata is not a string' using errcode = '22023';
  end if;
  select min(key) into unknown from jsonb_each(p_update) where jsonb_typeof(value) <> case
    when key in ('allow_closed_ticket', 'may_join') then 'boolean' when key = 'expires_in' then 'number'
    when key = 'metadata' then 'object' else 'string' end;
  if unknown is not null then
    raise exception 'the member % has the wrong type', unknown using errcode = '22023';
  end if;
  -- A decade is more than any update is worth, and always an interval.
  lifetime := make_interval(secs => least(coalesce((p_update ->> 'expires_in')::numeric, 259200), 315360000)::float8);
  l := vambe.lane_of(p_update - array['metadata', 'allow_closed_ticket', 'may_join', 'reference', 'source', 'traceparent', 'expires_in']);

  -- Before the sequence; held until the caller's transaction ends.
  perform pg_advisory_xact_lock(vambe.lane_lock(l));
  s := nextval('vambe.update_seq');
  if p_update ? 'reference' then
    insert into vambe.reference values (p_update ->> 'reference', s) on conflict do nothing;
    if not found then
      return (select r.seq from vambe.reference r where r.reference = p_update ->> 'reference');
    end if;
  end if;
  insert into vambe.lane (lane, due_at) values (l, clock_timestamp()) on conflict (lane) do nothing;
  if exists (select from vambe.pending p where p.lane = l order by p.seq offset 999 limit 1) then
    raise exception 'the ticket has 1000 pending updates' using errcode = '54000',
      hint = 'Wait until workers have sent some of them.';
  end if;
  insert into vambe.pending (seq, lane, ticket, metadata, allow_closed_ticket, may_join, reference, source, traceparent, expires_at)
  values (s, l, p_update - array['metadata', 'allow_closed_ticket', 'may_join', 'reference', 'source', 'traceparent', 'expires_in'], m,
          coalesce((p_update ->> 'allow_closed_ticket')::boolean, false), coalesce((p_update ->> 'may_join')::boolean, false),
          p_update ->> 'reference', p_update ->> 'source', p_update ->> 'traceparent', clock_timestamp() + lifetime);
  return s;
end $$;
