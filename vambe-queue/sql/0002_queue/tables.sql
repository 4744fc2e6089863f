-- The queue: updates that services enqueue in their own transactions, in the order of their commits for each ticket.
--
-- The rules:
--  1. A lane is the queue of one ticket, as one of its identifiers names it. `enqueue` takes the lane's advisory lock before the
--     sequence, so that `seq` is the order of commits within a lane.
--  2. Workers only ever try that lock. A service's transaction that stays open for minutes delays others that enqueue for the same
--     ticket, and no worker.
--  3. An update is written once and deleted once. All that changes while it is tried is in the lane's small row, and only lanes
--     are searched, so that followers of an update that is retried cost nothing.
--  4. Only a session that holds the lane's advisory lock creates or deletes the lane's row.
--
-- The newest thing that the versions need is gen_random_uuid, which the server has since PostgreSQL 13.

-- The settings of the queue: one row.
create table vambe.queue (
  only_row       boolean primary key default true check (only_row),
  -- A lane is a hash with this salt: a hash of a phone number alone can be guessed. Only the functions can read it.
  salt           bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')),
  paused_at      timestamptz,
  pause_reason   text
);
insert into vambe.queue default values;

create sequence vambe.update_seq;
create sequence vambe.lease_seq;

create table vambe.lane (
  lane             bytea primary key,
  -- The time to look at it: the end of the lease while its head is out, and infinity while it is held.
  due_at           timestamptz not null,
  -- All updates up to this one are finished, which spares a walk over their dead index entries.
  done_seq         bigint not null default 0,
  -- The number of the current attempt, and its updates: several if they are joined.
  lease            bigint,
  head             bigint,
  tail             bigint,
  worker           text,
  -- Attempts with this head that reached the server.
  attempts         integer not null default 0,
  -- An attempt with the updates up to this one may have been applied.
  maybe_applied_to bigint not null default 0,
  -- A joined request with the updates up to this one was rejected, so they are sent one by one.
  split_to         bigint not null default 0,
  last_status      smallint,
  last_reason      text,
  held             boolean not null default false,
  hold_reason      text
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
create index lane_due on vambe.lane (due_at);

create table vambe.pending (
  seq                 bigint primary key,
  lane                bytea not null,
  ticket              jsonb not null,
  metadata            jsonb not null,
  allow_closed_ticket boolean not null,
  may_join            boolean not null,
  reference           text,
  source              text,
  traceparent         text,
  enqueued_at         timestamptz not null default clock_timestamp(),
  expires_at          timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
create index pending_lane on vambe.pending (lane, seq);

-- The references of updates, kept as long as the update is known, so that a service can repeat its transaction.
create table vambe.reference (reference text primary key, seq bigint not null);
create index reference_seq on vambe.reference (seq);

-- Finished updates, without values and identifiers.
create table vambe.settled (
  seq         bigint primary key,
  lane        bytea not null,
  keys        text[] not null,
  outcome     text not null check (outcome in ('applied', 'superseded', 'dropped')),
  reference   text,
  source      text,
  attempts    integer not null,
  enqueued_at timestamptz not null,
  settled_at  timestamptz not null default clock_timestamp()
);
create index settled_at on vambe.settled (settled_at);

-- Updates that failed for good, until a person sends or drops them.
create table vambe.dead (
  like vambe.pending,
  kind          text not null check (kind in ('rejected', 'not_found', 'expired')),
  attempts      integer not null,
  maybe_applied boolean not null,
  status        smallint,
  reason        text,
  died_at       timestamptz not null default clock_timestamp(),
  primary key (seq)
);
create index dead_lane on vambe.dead (lane, seq);

-- The last update that set a key, so that a dead letter that comes back undoes no newer value.
create table vambe.key_seq (
  lane       bytea not null,
  key        text not null,
  seq        bigint not null,
  settled_at timestamptz not null default clock_timestamp(),
  primary key (lane, key)
);
create index key_seq_settled_at on vambe.key_seq (settled_at);

create table vambe.worker (
  worker    text primary key,
  version   text not null,
  in_flight integer not null,
  seen_at   timestamptz not null default clock_timestamp()
);

-- The key of a lane's advisory lock. Two lanes that share it only wait for each other.
create function vambe.lane_lock(p_lane bytea) returns bigint language sql immutable parallel safe as
$$ select ('x' || encode(substr(p_lane, 1, 8), 'hex'))::bit(64)::bigint $$;

-- The lane of a ticket, such as {"ticket_id": "…"}. Fails unless it has one valid identifier; the message has no value.
create function vambe.lane_of(p_ticket jsonb) returns bytea language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare identifier text; id text;
begin
  select min(key), min(value #>> '{}') into identifier, id from jsonb_each(p_ticket) having count(*) = 1;
  if not found or identifier not in ('ticket_id', 'ai_contact_id', 'contact_number') then
    raise exception 'the ticket is not named by exactly one identifier' using errcode = '22023',
      hint = 'Give one of ticket_id, ai_contact_id and contact_number.';
  end if;
  if jsonb_typeof(p_ticket -> identifier) <> 'string' or (case identifier
       when 'contact_number' then id !~ '^\+[1-9][0-9]{6,14}$'
       else id !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' end) then
    raise exception 'the % is invalid', identifier using errcode = '22023', hint = case identifier
      when 'contact_number' then 'Write it in the form +56912345678.' else 'It is a UUID.' end;
  end if;
  return (select sha256(q.salt || convert_to(identifier || ':' || lower(id), 'UTF8')) from vambe.queue q);
end $$;
