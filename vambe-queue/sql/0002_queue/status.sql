-- The state of the queue for people and metrics, without values and identifiers; and the upkeep by the workers.

create function vambe.queue_status(out pending bigint, out tickets bigint, out oldest_s double precision, out in_flight bigint,
  out retrying bigint, out held bigint, out dead_rejected bigint, out dead_not_found bigint, out dead_expired bigint,
  out applied_last_hour bigint, out workers bigint, out pause_reason text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select (select count(*) from vambe.pending), lane.tickets,
         (select extract(epoch from clock_timestamp() - min(enqueued_at))::float8 from vambe.pending),
         lane.in_flight, lane.retrying, lane.held, dead.rejected, dead.not_found, dead.expired,
         (select count(*) from vambe.settled where outcome = 'applied' and settled_at > clock_timestamp() - interval '1 h'),
         (select count(*) from vambe.worker where seen_at > clock_timestamp() - interval '1 min'),
         (select s.pause_reason from vambe.queue s)
    from (select count(*) as tickets, count(lease) as in_flight, count(*) filter (where held) as held,
                 count(*) filter (where lease is null and attempts > 0) as retrying from vambe.lane) lane,
         (select count(*) filter (where kind = 'rejected') as rejected, count(*) filter (where kind = 'not_found') as not_found,
                 count(*) filter (where kind = 'expired') as expired from vambe.dead) dead
$$;

create function vambe.queue_sources() returns table (source text, pending bigint, oldest_s double precision, dead bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select source, sum(pending)::bigint, extract(epoch from clock_timestamp() - min(oldest))::float8, sum(dead)::bigint
    from (select source, count(*) as pending, min(enqueued_at) as oldest, 0 as dead from vambe.pending group by source
          union all select source, 0, null, count(*) from vambe.dead group by source) both_kinds
   group by source order by source nulls last
$$;

-- One line for each pending update and dead letter after p_after, in the order of their numbers.
create function vambe.queue_list(p_state text default null, p_after bigint default 0, p_limit integer default 100)
returns table (seq bigint, state text, reference text, source text, identifier text, keys text[], attempts integer,
  status smallint, reason text, age_s double precision, due_in_s double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select all_states.* from (
    select p.seq, case when l.held then 'held' when l.head <= p.seq and p.seq <= l.tail and l.lease is not null then 'in_flight'
                       when l.head = p.seq then 'retrying' else 'pending' end as state,
           p.reference, p.source, (select jsonb_object_keys(p.ticket)) as identifier,
           array(select jsonb_object_keys(p.metadata)) as keys, case when l.head = p.seq then l.attempts else 0 end as attempts,
           case when l.head = p.seq then l.last_status end as status, case when l.head = p.seq then l.last_reason end as reason,
           extract(epoch from clock_timestamp() - p.enqueued_at)::float8 as age_s,
           case when l.due_at < 'infinity' then greatest(0, extract(epoch from l.due_at - clock_timestamp()))::float8 end as due_in_s
      from vambe.pending p left join vambe.lane l on l.lane = p.lane
    union all
    select d.seq, d.kind, d.reference, d.source, (select jsonb_object_keys(d.ticket)), array(select jsonb_object_keys(d.metadata)),
           d.attempts, d.status, d.reason, extract(epoch from clock_timestamp() - d.enqueued_at)::float8, null
      from vambe.dead d) all_states
   where all_states.seq > p_after
     and (p_state is null or all_states.state = p_state or p_state = 'dead' and all_states.state in ('rejected', 'not_found', 'expired'))
   order by all_states.seq limit p_limit
$$;

-- The update with this number or this reference, also a finished one; no line if it is not known, or no longer.
create function vambe.queue_show(p_seq bigint default null, p_reference text default null)
returns table (seq bigint, state text, reference text, source text, identifier text, keys text[], attempts integer,
  status smallint, reason text, age_s double precision, due_in_s double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with wanted as (select coalesce(p_seq, (select r.seq from vambe.reference r where r.reference = p_reference)) as seq)
  select l.* from wanted w, vambe.queue_list(null, w.seq - 1, 1) l where l.seq = w.seq
  union all
  select s.seq, s.outcome, s.reference, s.source, null, s.keys, s.attempts, null, null,
         extract(epoch from clock_timestamp() - s.enqueued_at)::float8, null
    from wanted w join vambe.settled s on s.seq = w.seq
$$;

-- Records that a worker is alive, or with null that it has ended.
create function vambe.worker_seen(p_worker text, p_version text, p_in_flight integer) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from vambe.worker where worker = p_worker and p_in_flight is null or seen_at < clock_timestamp() - interval '1 day';
  insert into vambe.worker (worker, version, in_flight) select p_worker, p_version, p_in_flight where p_in_flight is not null
  on conflict (worker) do update set version = excluded.version, in_flight = excluded.in_flight, seen_at = clock_timestamp();
$$;

-- Deletes up to 10,000 records of each kind that are older than their retention, and returns their number. One session at a time.
--
-- A key's last update is kept as long as a dead letter could come back and undo it. Dead letters are not deleted: a person sends or
-- drops them.
create function vambe.clean(p_settled interval default '7 days') returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare removed bigint; n bigint; t timestamptz := clock_timestamp() - p_settled;
begin
  if not pg_try_advisory_xact_lock(7809635) then return 0; end if;
  with old as (delete from vambe.settled where seq in (
    select seq from vambe.settled where settled_at < t order by settled_at limit 10000) returning seq)
  delete from vambe.reference r using old where r.seq = old.seq;
  get diagnostics removed = row_count;
  with old as (delete from vambe.key_seq where (lane, key) in (
    select k.lane, k.key from vambe.key_seq k where k.settled_at < t and not exists (select from vambe.dead d where d.lane = k.lane)
     order by k.settled_at limit 10000) returning 1)
  select count(*) into n from old;
  return removed + n;
end $$;
