-- The quota: a request limit that all hosts share. It works without the queue.
--
-- The quota's row is locked and not rewritten by a grant, and grants are only added and deleted, so that an old snapshot (a
-- backup, a forgotten session) cannot pile up dead versions of a row that is read for every request.

create table vambe.quota (
  name           text primary key check (name <> ''),
  requests       integer not null check (requests between 1 and 1000000),
  period         interval not null check (period > interval '0'),
  margin         interval not null check (margin >= interval '0'),
  opens_at       timestamptz,
  paused_until   timestamptz,
  pause_reason   text,
  -- The last grant before the pause. Only an answer to a later one ends it.
  pause_slot     bigint not null default 0,
  -- Pauses in a row, for the back-off.
  pauses         integer not null default 0,
  -- Attempts without an answer, and answers 403, in a row.
  unanswered     integer not null default 0,
  forbidden      integer not null default 0,
  probe_until    timestamptz,
  key_refused_at timestamptz
);

-- Grants are numbered: a slot is free if the grant `requests` numbers before it is older than period and margin.
create table vambe.quota_grant (
  quota text not null references vambe.quota on delete cascade,
  slot  bigint not null,
  at    timestamptz not null,
  primary key (quota, slot)
);

-- Grants one slot, or says how long to wait; `wait` is null if the key is refused. `troubled` asks for a report of the answer.
--
-- It is one statement in a transaction of its own: a transaction that stays open with the lock stops everybody.
create function vambe.quota_take(p_quota text, out slot bigint, out wait interval, out reason text, out troubled boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  q vambe.quota; last_slot bigint; last_at timestamptz; old_at timestamptz; t timestamptz;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a slot needs a READ COMMITTED transaction' using errcode = '25001';
  end if;
  select * into q from vambe.quota where name = p_quota for update;
  if not found then
    raise exception 'there is no quota named %', p_quota using errcode = 'P0002', hint = 'Set it with "vambe quota set".';
  end if;
  select g.slot, g.at into last_slot, last_at from vambe.quota_grant g where g.quota = p_quota order by g.slot desc limit 1;
  last_slot := coalesce(last_slot, 0);
  -- Read the clock after the lock: now() is older by the wait for it. It never runs backwards.
  t := greatest(clock_timestamp(), last_at);
  if q.key_refused_at is not null then
    reason := 'key_refused'; return;
  end if;
  if q.opens_at > t then
    wait := q.opens_at - t; reason := 'changed'; return;
  end if;
  if q.paused_until > t then
    wait := q.paused_until - t; reason := q.pause_reason; return;
  end if;
  if q.paused_until is not null and q.probe_until > t then
    wait := least(q.probe_until - t, interval '1 s'); reason := 'probe'; return;
  end if;
  select g.at into old_at from vambe.quota_grant g where g.quota = p_quota and g.slot = last_slot + 1 - q.requests;
  if old_at > t - q.period - q.margin then
    wait := old_at + q.period + q.margin - t; reason := 'full'; return;
  end if;
  if q.paused_until is not null then
    -- The pause is over, and this request is the probe.
    update vambe.quota set probe_until = t + interval '20 s' where name = p_quota;
  end if;
  slot := last_slot + 1;
  insert into vambe.quota_grant values (p_quota, slot, t);
  -- Twice the limit is kept, so that the limit can be raised.
  delete from vambe.quota_grant g where g.quota = p_quota and g.slot = last_slot + 1 - 2 * q.requests;
  troubled := q.paused_until is not null or q.unanswered > 0 or q.forbidden > 0 or q.pauses > 0;
end $$;

-- Records the result of the attempt with a slot: answered, too_many, unauthorized, forbidden or no_answer.
create function vambe.quota_report(p_quota text, p_slot bigint, p_seen text, p_retry_after interval default null)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare q vambe.quota; t timestamptz; last_slot bigint;
begin
  select * into q from vambe.quota where name = p_quota for update;
  if not found then return; end if;
  t := clock_timestamp();
  select coalesce(max(g.slot), 0) into last_slot from vambe.quota_grant g where g.quota = p_quota;
  if p_seen in ('answered', 'forbidden', 'unauthorized') and p_slot > q.pause_slot then
    q.paused_until := null; q.pause_reason := null; q.probe_until := null; q.pauses := 0; q.unanswered := 0;
  end if;
  case p_seen
    when 'answered' then
      q.forbidden := 0;
    when 'unauthorized' then
      q.key_refused_at := coalesce(q.key_refused_at, t);
    when 'forbidden' then
      -- A firewall may have refused one request; ten in a row are about the key.
      q.forbidden := q.forbidden + 1;
      if q.forbidden >= 10 then q.key_refused_at := coalesce(q.key_refused_at, t); end if;
    when 'too_many', 'no_answer' then
      if p_seen = 'no_answer' then q.unanswered := q.unanswered + 1; end if;
      if p_seen = 'too_many' or q.unanswered >= 8 or q.probe_until is not null and p_slot > q.pause_slot then
        if p_slot > q.pause_slot or q.paused_until is null then
          q.pauses := q.pauses + 1; q.pause_slot := last_slot; q.probe_until := null; q.unanswered := 0;
          q.pause_reason := case p_seen when 'too_many' then 'too_many' else 'outage' end;
        end if;
        -- A wrong header must not stop all hosts for good.
        q.paused_until := greatest(q.paused_until, t + greatest(
          least(p_retry_after, interval '1 h'), least(interval '60 s', interval '1 s' * 2 ^ least(q.pauses - 1, 6))));
      end if;
    else
      raise exception 'unknown result %', p_seen using errcode = '22023';
  end case;
  update vambe.quota set paused_until = q.paused_until, pause_reason = q.pause_reason, pause_slot = q.pause_slot,
         pauses = q.pauses, unanswered = q.unanswered, forbidden = q.forbidden, probe_until = q.probe_until,
         key_refused_at = q.key_refused_at
   where name = p_quota and (paused_until, pause_reason, pause_slot, pauses, unanswered, forbidden, probe_until, key_refused_at)
         is distinct from (q.paused_until, q.pause_reason, q.pause_slot, q.pauses, q.unanswered, q.forbidden, q.probe_until,
         q.key_refused_at);
end $$;

-- Creates a quota, or changes its limit.
create function vambe.quota_set(p_quota text, p_requests integer, p_period interval, p_margin interval)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare last_slot bigint; oldest vambe.quota_grant;
begin
  insert into vambe.quota (name, requests, period, margin) values (p_quota, p_requests, p_period, p_margin)
  on conflict (name) do nothing;
  if found then return; end if;
  perform from vambe.quota where name = p_quota for update;
  select max(g.slot) into last_slot from vambe.quota_grant g where g.quota = p_quota;
  select * into oldest from vambe.quota_grant g where g.quota = p_quota order by g.slot limit 1;
  update vambe.quota set requests = p_requests, period = p_period, margin = p_margin,
         -- Grants that would count under the new limit are deleted already: they are not newer than the oldest one that is kept.
         opens_at = case when oldest.slot > 1 and oldest.slot > last_slot + 1 - p_requests
                         then oldest.at + p_period + p_margin end
   where name = p_quota;
  delete from vambe.quota_grant g where g.quota = p_quota and g.slot <= last_slot - 2 * p_requests;
end $$;

-- Opens a quota again after a refused key or during a pause. Returns null if no quota has this name.
create function vambe.quota_resume(p_quota text)
returns boolean language sql security definer set search_path = pg_catalog, pg_temp as $$
  update vambe.quota set key_refused_at = null, paused_until = null, pause_reason = null, probe_until = null, pauses = 0,
         unanswered = 0, forbidden = 0
   where name = p_quota returning true
$$;

-- The state of each quota, for people and metrics.
create function vambe.quota_status(out name text, out requests integer, out period_s double precision,
  out margin_s double precision, out used integer, out next_in_s double precision, out pause_reason text,
  out paused_s double precision, out key_refused_at timestamptz)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select q.name, q.requests, extract(epoch from q.period)::float8, extract(epoch from q.margin)::float8,
         (select count(*)::int from vambe.quota_grant g where g.quota = q.name
             and g.slot > last.slot - q.requests and g.at > clock_timestamp() - q.period - q.margin),
         greatest(0, extract(epoch from greatest(q.opens_at, q.paused_until, old.at + q.period + q.margin) - clock_timestamp()))::float8,
         q.pause_reason, greatest(0, extract(epoch from q.paused_until - clock_timestamp()))::float8, q.key_refused_at
    from vambe.quota q
    left join lateral (select max(g.slot) as slot from vambe.quota_grant g where g.quota = q.name) last on true
    left join vambe.quota_grant old on old.quota = q.name and old.slot = last.slot + 1 - q.requests
   order by q.name
$$;

-- A worker or a service logs in as a member of one of these roles.
do $$ begin create role vambe_worker nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role vambe_admin nologin; exception when duplicate_object or unique_violation then null; end $$;
revoke all on all functions in schema vambe from public;
grant usage on schema vambe to vambe_worker, vambe_admin;
grant select on vambe.migration to vambe_worker, vambe_admin;
grant execute on function vambe.quota_take, vambe.quota_report, vambe.quota_status to vambe_worker, vambe_admin;
grant execute on function vambe.quota_set, vambe.quota_resume to vambe_admin;
