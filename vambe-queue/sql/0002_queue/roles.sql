-- A service logs in as a member of vambe_enqueue: it cannot read the queue.
do $$ begin create role vambe_enqueue nologin; exception when duplicate_object or unique_violation then null; end $$;
revoke all on all functions in schema vambe from public;
grant usage on schema vambe to vambe_enqueue;
grant execute on function vambe.enqueue to vambe_enqueue, vambe_admin;
grant execute on function vambe.take, vambe.settle, vambe.worker_seen, vambe.clean to vambe_worker, vambe_admin;
grant execute on function vambe.queue_status, vambe.queue_sources to vambe_worker, vambe_admin;
grant execute on function vambe.queue_list, vambe.queue_show, vambe.dead_retry, vambe.dead_drop, vambe.hold, vambe.release, vambe.pause to vambe_admin;
