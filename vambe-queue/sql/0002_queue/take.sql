-- Ends the turn of a lane's head. The caller holds the lane's row lock and has removed what is finished, up to p_done.
--
-- Deletes the lane if it is empty and nobody enqueues to it now; makes it due otherwise.
create function vambe.lane_next(p_lane bytea, p_done bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare is_quiet boolean; has_more boolean;
begin
  is_quiet := pg_try_advisory_xact_lock(vambe.lane_lock(p_lane));
  -- A statement of its own: with the lock it sees all that have committed.
  has_more := exists (select from vambe.pending p where p.lane = p_lane and p.seq > p_done);
  if is_quiet and not has_more then
    delete from vambe.lane l where l.lane = p_lane and not l.held;
    if found then return; end if;
  end if;
  -- Without the lock, somebody enqueues, in a transaction that may stay open: look again in a second.
  update vambe.lane l set done_seq = p_done, lease = null, head = null, tail = null, worker = null, attempts = 0,
         last_status = null, last_reason = null,
         due_at = case when l.held then 'infinity' when has_more then clock_timestamp() else clock_timestamp() + interval '1 s' end
   where l.lane = p_lane;
end $$;

-- Moves an update to the dead letters.
create function vambe.bury(p vambe.pending, p_lane vambe.lane, p_kind text, p_status smallint, p_reason text, p_maybe_applied boolean)
returns void language sql set search_path = pg_catalog, pg_temp as $$
  insert into vambe.dead select (p).*, p_kind, (p_lane).attempts, p_maybe_applied, p_status, p_reason;
  delete from vambe.pending where seq = (p).seq;
$$;

-- Takes the next update of a ticket, with a slot of the quota, for the time of the lease. `reason` says why there is none: `empty`,
-- `paused`, or that of `vambe.quota_take` with its `wait`, which is null if the key is refused.
--
-- Without a quota, the caller has a slot from elsewhere: with p_only_look it first asks whether there is something to send, and takes
-- nothing; `reason` is `ready` then. No lane that was due before p_since is looked at: an open snapshot keeps
-- the dead index entries of earlier turns. It is one statement in a transaction of its own, since it locks the quota.
create function vambe.take(p_worker text, p_quota text, p_lease interval, p_since timestamptz default '-infinity',
  p_only_look boolean default false,
  out seq bigint, out lease bigint, out lane bytea, out ticket jsonb, out metadata jsonb, out allow_closed_ticket boolean,
  out updates integer, out reference text, out traceparent text, out attempts integer, out maybe_applied boolean,
  out due_at timestamptz, out slot bigint, out troubled boolean, out wait interval, out reason text)
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare l vambe.lane; p vambe.pending; f vambe.pending; q record; t timestamptz; last bigint;
begin
  if exists (select from vambe.queue s where s.paused_at is not null) then
    reason := 'paused'; return;
  end if;
  -- Each turn but the last one removes a lane, or an update that has expired.
  for turn in 1..100 loop
    -- A variable: an index is not searched for a volatile expression.
    t := clock_timestamp();
    select * into l from vambe.lane x where x.due_at >= p_since and x.due_at <= t order by x.due_at limit 1 for update skip locked;
    if not found then
      reason := 'empty'; return;
    end if;
    select * into p from vambe.pending x where x.lane = l.lane and x.seq > l.done_seq order by x.seq limit 1;
    if not found then
      -- Its transaction was rolled back, or is still open.
      perform vambe.lane_next(l.lane, l.done_seq);
      continue;
    end if;
    if l.lease is not null then
      -- The worker has died or was cut off, after it may have sent.
      l.maybe_applied_to := greatest(l.maybe_applied_to, l.tail);
    end if;
    if l.head is distinct from p.seq then
      l.attempts := 0;
    end if;
    if p.expires_at <= t then
      perform vambe.bury(p, l, 'expired', l.last_status, l.last_reason, p.seq <= l.maybe_applied_to);
      update vambe.lane x set maybe_applied_to = l.maybe_applied_to where x.lane = l.lane;
      perform vambe.lane_next(l.lane, p.seq);
      continue;
    end if;

    if p_only_look then
      reason := 'ready'; return;
    end if;
    if p_quota is not null then
      select * into q from vambe.quota_take(p_quota);
      if q.slot is null then
        wait := q.wait; reason := q.reason; return;
      end if;
      slot := q.slot; troubled := q.troubled;
    end if;
    metadata := p.metadata; last := p.seq; updates := 1;
    if p.may_join and p.seq > l.split_to then
      for f in select * from vambe.pending x where x.lane = l.lane and x.seq > p.seq order by x.seq limit 15 loop
        exit when not f.may_join or f.allow_closed_ticket <> p.allow_closed_ticket or f.expires_at <= t;
        -- The later value of a key counts.
        metadata := metadata || f.metadata; last := f.seq; updates := updates + 1;
      end loop;
    end if;
    lease := nextval('vambe.lease_seq');
    update vambe.lane x set due_at = clock_timestamp() + p_lease, lease = take.lease, head = p.seq, tail = last, worker = p_worker,
           attempts = l.attempts + 1, maybe_applied_to = l.maybe_applied_to
     where x.lane = l.lane;
    seq := p.seq; lane := l.lane; ticket := p.ticket; allow_closed_ticket := p.allow_closed_ticket; reference := p.reference;
    traceparent := p.traceparent; attempts := l.attempts + 1; maybe_applied := p.seq <= l.maybe_applied_to; due_at := l.due_at;
    return;
  end loop;
  wait := interval '0'; reason := 'busy';
end $$;

-- Records the outcome of an attempt, and returns true. If the lease is not the lane's any more, changes nothing and returns false:
-- the next holder's copy may be under way, so not even a success may let the followers go.
--
-- Outcomes: `applied`; `rejected` and `not_found`, which make dead letters; `retry` after p_delay; `not_sent`, which is a retry
-- that is not counted. p_maybe_applied says that this attempt may have been applied, although it failed.
create function vambe.settle(p_lane bytea, p_lease bigint, p_outcome text, p_delay interval default '0', p_status integer default null,
  p_reason text default null, p_maybe_applied boolean default false)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare l vambe.lane; p vambe.pending;
begin
  select * into l from vambe.lane x where x.lane = p_lane and x.lease = p_lease for update;
  if not found then return false; end if;
  if p_maybe_applied then
    l.maybe_applied_to := greatest(l.maybe_applied_to, l.tail);
  end if;
  if p_outcome in ('retry', 'not_sent') or p_outcome = 'rejected' and l.tail > l.head then
    -- Of a joined request, any update may have caused the rejection.
    if p_outcome = 'rejected' then l.split_to := l.tail; end if;
    update vambe.lane x set lease = null, worker = null, last_status = p_status, last_reason = p_reason, split_to = l.split_to,
           maybe_applied_to = l.maybe_applied_to,
           attempts = case p_outcome when 'retry' then l.attempts when 'not_sent' then l.attempts - 1 else 0 end,
           due_at = case when l.held then 'infinity' else clock_timestamp() + greatest(p_delay, interval '0') end
     where x.lane = p_lane;
    return true;
  end if;
  if p_outcome = 'applied' then
    insert into vambe.key_seq (lane, key, seq)
    select p_lane, key, max(x.seq) from vambe.pending x, jsonb_object_keys(x.metadata) key
     where x.lane = p_lane and x.seq between l.head and l.tail group by key
    on conflict (lane, key) do update set seq = greatest(vambe.key_seq.seq, excluded.seq), settled_at = excluded.settled_at;
    with applied as (delete from vambe.pending x where x.lane = p_lane and x.seq between l.head and l.tail returning *)
    insert into vambe.settled (seq, lane, keys, outcome, reference, source, attempts, enqueued_at)
    select a.seq, a.lane, array(select jsonb_object_keys(a.metadata)), 'applied', a.reference, a.source, l.attempts, a.enqueued_at
      from applied a;
  elsif p_outcome in ('rejected', 'not_found') then
    for p in select * from vambe.pending x where x.lane = p_lane and x.seq between l.head and l.tail order by x.seq loop
      perform vambe.bury(p, l, p_outcome, p_status::smallint, p_reason, p.seq <= l.maybe_applied_to);
    end loop;
  else
    raise exception 'unknown outcome %', p_outcome using errcode = '22023';
  end if;
  update vambe.lane x set maybe_applied_to = l.maybe_applied_to where x.lane = p_lane;
  perform vambe.lane_next(p_lane, l.tail);
  return true;
end $$;
