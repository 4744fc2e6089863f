//! Steps of the database's clock.

use std::time::Duration;

use vambe_test_postgres::Cluster;

use super::{
    fleet::{Fleet, until},
    judge,
    services::Services,
};

/// Replaces the clock in the functions of the schema by one that a test can set.
const CLOCK: &str = "
    create table public.step (hours integer);
    insert into public.step values (0);
    create function public.clock() returns timestamptz language sql volatile security definer as
        $$ select clock_timestamp() + make_interval(hours => hours) from public.step $$;
    do $$ declare f record; begin
        for f in select pg_get_functiondef(p.oid) as text from pg_proc p where pronamespace = 'vambe'::regnamespace
                 and prosrc like '%clock_timestamp()%' loop
            execute replace(f.text, 'clock_timestamp()', 'public.clock()');
        end loop;
    end $$";

#[tokio::test(flavor = "multi_thread")]
async fn steps_of_the_database_clock_lose_nothing() {
    let cluster = Cluster::shared().unwrap();
    let mut fleet = Fleet::new(&cluster, "clock", Duration::from_secs(60)).await;
    let sql = fleet.sql().await;
    sql.batch_execute(CLOCK).await.unwrap();
    let services = Services::start(&fleet).await;
    fleet.start_workers(3).await;
    fleet.until_more_requests(20).await;
    sql.batch_execute("update public.step set hours = -1").await.unwrap();
    // What was due before the step is due in an hour.
    let waits = "select not exists (select from vambe.lane where due_at <= public.clock())
                     or (select next_in_s > 60 from vambe.quota_status())";
    until("all workers wait", async || sql.query_one(waits, &[]).await.unwrap().get(0)).await;
    judge::limit(&fleet.vambe);

    // Set forward, the clock forgets slots and leases: the limit may be exceeded, and a request under way may be sent again.
    fleet.admin.pause_queue("the clock").await.unwrap();
    let idle = "select not exists (select from vambe.lane where lease is not null)";
    until("nothing is under way", async || sql.query_one(idle, &[]).await.unwrap().get(0)).await;
    sql.batch_execute("update public.step set hours = 1").await.unwrap();
    fleet.admin.resume_queue().await.unwrap();
    let committed = fleet.finish_services(services).await;
    judge::delivery(&fleet, &committed).await;
}
