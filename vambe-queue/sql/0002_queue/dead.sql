-- The actions of a person: dead letters, holds and pauses.

-- Returns dead letters to their places in the order of their tickets, without the keys that a later update has set meanwhile.
--
-- `result` is `queued`; `superseded` if no key is left; or `busy` if the ticket has an update under way, one that may have been applied,
-- or an open transaction that enqueues: try again later. Null arguments select everything; one call looks at the 1,000 oldest.
create function vambe.dead_retry(p_seq bigint default null, p_kind text default null, p_before timestamptz default null)
returns table (seq bigint, reference text, result text, left_out text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare d vambe.dead; l vambe.lane; kept jsonb; is_quiet boolean;
begin
  for d in select * from vambe.dead x where (p_seq is null or x.seq = p_seq) and (p_kind is null or x.kind = p_kind)
             and (p_before is null or x.died_at < p_before) order by x.seq limit 1000 for update skip locked loop
    seq := d.seq; reference := d.reference; left_out := '{}'; l := null;
    -- Waiting for a service's transaction would hold the lanes that are locked already.
    is_quiet := pg_try_advisory_xact_lock(vambe.lane_lock(d.lane));
    select * into l from vambe.lane x where x.lane = d.lane for update;
    if not is_quiet or l.lease is not null or l.maybe_applied_to > l.done_seq then
      result := 'busy'; return next; continue;
    end if;
    left_out := array(select own.key from jsonb_object_keys(d.metadata) own (key)
                       where exists (select from vambe.key_seq k where k.lane = d.lane and k.key = own.key and k.seq > d.seq));
    kept := d.metadata - left_out;
    delete from vambe.dead x where x.seq = d.seq;
    if kept = '{}' then
      insert into vambe.settled (seq, lane, keys, outcome, reference, source, attempts, enqueued_at)
      values (d.seq, d.lane, left_out, 'superseded', d.reference, d.source, d.attempts, d.enqueued_at);
      result := 'superseded'; return next; continue;
    end if;
    -- It gets as much time as it had.
    insert into vambe.pending (seq, lane, ticket, metadata, allow_closed_ticket, may_join, reference, source, traceparent, enqueued_at, expires_at)
    values (d.seq, d.lane, d.ticket, kept, d.allow_closed_ticket, d.may_join, d.reference, d.source, d.traceparent, d.enqueued_at,
            clock_timestamp() + (d.expires_at - d.enqueued_at));
    insert into vambe.lane as x (lane, due_at, done_seq, maybe_applied_to)
    values (d.lane, clock_timestamp(), d.seq - 1, case when d.maybe_applied then d.seq else 0 end)
    on conflict (lane) do update set done_seq = least(x.done_seq, d.seq - 1), attempts = 0,
      maybe_applied_to = greatest(x.maybe_applied_to, excluded.maybe_applied_to),
      due_at = case when x.held then 'infinity' else clock_timestamp() end;
    result := 'queued'; return next;
  end loop;
end $$;

-- Drops dead letters for good, and returns their number.
create function vambe.dead_drop(p_seq bigint default null, p_kind text default null, p_before timestamptz default null)
returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $$
  with dropped as (
    delete from vambe.dead x where (p_seq is null or x.seq = p_seq) and (p_kind is null or x.kind = p_kind)
       and (p_before is null or x.died_at < p_before) returning *),
  kept as (
    insert into vambe.settled (seq, lane, keys, outcome, reference, source, attempts, enqueued_at)
    select seq, lane, array(select jsonb_object_keys(metadata)), 'dropped', reference, source, attempts, enqueued_at from dropped
    returning 1)
  select count(*) from kept
$$;

-- Holds a ticket, such as {"ticket_id": "…"}: its updates stay pending. An attempt under way is finished first.
create function vambe.hold(p_ticket jsonb, p_reason text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare l bytea := vambe.lane_of(p_ticket);
begin
  perform pg_advisory_xact_lock(vambe.lane_lock(l));
  insert into vambe.lane as x (lane, due_at, held, hold_reason) values (l, 'infinity', true, p_reason)
  on conflict (lane) do update set held = true, hold_reason = p_reason,
    due_at = case when x.lease is null then 'infinity' else x.due_at end;
end $$;

-- Releases a held ticket. Returns false if it was not held.
create function vambe.release(p_ticket jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update vambe.lane x set held = false, hold_reason = null,
         due_at = case when x.lease is null then clock_timestamp() else x.due_at end
   where x.lane = vambe.lane_of(p_ticket) and x.held;
  return found;
end $$;

-- Pauses all workers, or resumes them if the reason is null.
create function vambe.pause(p_reason text) returns void language sql security definer set search_path = pg_catalog, pg_temp as
$$ update vambe.queue set pause_reason = p_reason, paused_at = case when p_reason is not null then clock_timestamp() end $$;
