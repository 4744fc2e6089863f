//! The quota on a PostgreSQL server of its own: the limit over several hosts, its pauses, and what the roles may do.

use std::{sync::Arc, time::Duration};

use vambe_api::{Client, Error as CallError, Metadata, NotGranted, Seen, SharedLimit as _, TicketRef, blocking};
use vambe_emulator::Emulator;
use vambe_queue::{Admin, Error, Quota};
use vambe_test_postgres::{Cluster, Shutdown};

use crate::support::{TICKET, database, hourly, limit, sql};

/// Takes slots until one ends as expected: a report arrives at the database after the call that made it.
async fn until(quota: &Quota, expected: impl Fn(&Result<u64, NotGranted>) -> bool) -> Result<u64, NotGranted> {
    loop {
        let result = quota.take().await;
        if expected(&result) {
            return result;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn waits(result: &Result<u64, NotGranted>) -> bool {
    matches!(result, Err(NotGranted::Wait(_)))
}

fn emulator() -> Emulator {
    crate::support::emulator(1)
}

/// Invariant: no window of the period has more grants than the limit, over all hosts.
#[tokio::test]
async fn no_window_has_more_grants_than_the_limit() {
    let cluster = Cluster::shared().unwrap();
    let (period, margin) = (Duration::from_millis(400), Duration::from_millis(50));
    let (url, _admin) = database(&cluster, "windows", limit(5, period).margin(margin)).await;
    let sql = sql(&url).await;
    // The database keeps only twice the limit, and this copy keeps all.
    let copy = "create table granted (slot bigint, at timestamptz);
        create function copy_grant() returns trigger language plpgsql as
            $$ begin insert into public.granted values (new.slot, new.at); return null; end $$;
        create trigger copy_grant after insert on vambe.quota_grant for each row execute function copy_grant()";
    sql.batch_execute(copy).await.unwrap();
    let vambe = emulator();
    let mut calls = Vec::new();
    for _host in 0..3 {
        let quota = Quota::connect(&url, "q").await.unwrap();
        let builder = Client::builder().api_key("key").base_url(vambe.url()).timeout(Duration::from_secs(300));
        let client = builder.shared_limit(quota).build().unwrap();
        for _ in 0..10 {
            let client = client.clone();
            calls.push(tokio::spawn(async move {
                let ticket = TicketRef::ticket_id(TICKET).unwrap();
                client.update_ticket_metadata(ticket, Metadata::from([("key", "value")])).await
            }));
        }
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let statement = "select extract(epoch from lead(at, 5) over w - at)::float8,
                            extract(epoch from lead(at, 4) over w - at)::float8
                     from granted window w as (order by slot)";
    let rows = sql.query(statement, &[]).await.unwrap();
    let of = |column| rows.iter().filter_map(move |row| row.get::<_, Option<f64>>(column)).collect::<Vec<_>>();
    let (sixth, fifth): (Vec<f64>, Vec<f64>) = (of(0), of(1));
    assert_eq!((rows.len(), vambe.requests().len()), (30, 30));
    assert!(sixth.iter().all(|apart| *apart >= (period + margin).as_secs_f64() - 1e-6), "{sixth:?}");
    assert!(fifth.iter().any(|apart| *apart < period.as_secs_f64()), "a window was full: {fifth:?}");
}

#[tokio::test]
async fn a_429_pauses_all_hosts_and_one_probe_goes_first() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "pause", hourly(1_000)).await;
    let [here, there] = [Quota::connect(&url, "q").await.unwrap(), Quota::connect(&url, "q").await.unwrap()];
    let before = there.take().await.unwrap();
    here.report(here.take().await.unwrap(), Seen::TooMany(Some(Duration::from_secs(600))));
    let Err(NotGranted::Wait(wait)) = until(&there, waits).await else { panic!("it is paused") };
    assert!(wait > Duration::from_secs(500), "{wait:?}");
    assert_eq!(admin.quotas().await.unwrap()[0].pause_reason.as_deref(), Some("too_many"));

    let sql = sql(&url).await;
    sql.batch_execute("update vambe.quota set paused_until = now() - interval '1 s'").await.unwrap();
    // An answer to a request from before the pause does not end it.
    sql.execute("select vambe.quota_report('q', $1, 'answered')", &[&i64::try_from(before >> 1).unwrap()])
        .await
        .unwrap();
    let probe = there.take().await.unwrap();
    assert!(waits(&here.take().await), "the probe has no answer yet");
    there.report(probe, Seen::Answered);
    until(&here, Result::is_ok).await.unwrap();
    assert_eq!(admin.quotas().await.unwrap()[0].pause_reason, None);
}

#[tokio::test]
async fn an_outage_pauses_all_hosts() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "outage", hourly(1_000)).await;
    let quota = Quota::connect(&url, "q").await.unwrap();
    for _ in 0..8 {
        assert_eq!(admin.quotas().await.unwrap()[0].pause_reason, None);
        quota.report(quota.take().await.unwrap(), Seen::NoAnswer);
    }
    until(&quota, waits).await.unwrap_err();
    assert_eq!(admin.quotas().await.unwrap()[0].pause_reason.as_deref(), Some("outage"));
}

#[tokio::test]
async fn a_refused_key_closes_the_quota_until_it_is_resumed() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "refused", hourly(1_000)).await;
    let [here, there] = [Quota::connect(&url, "q").await.unwrap(), Quota::connect(&url, "q").await.unwrap()];
    for (seen, times) in [(Seen::Unauthorized, 1), (Seen::Forbidden, 10)] {
        for _ in 0..times {
            assert!(!admin.quotas().await.unwrap()[0].is_key_refused, "{seen:?}");
            here.report(here.take().await.unwrap(), seen);
        }
        until(&there, |result| *result == Err(NotGranted::KeyRefused)).await.unwrap_err();
        admin.resume_quota("q").await.unwrap();
        assert!(there.take().await.is_ok());
    }
    assert!(matches!(admin.resume_quota("other").await, Err(Error::NoQuota)));
}

#[tokio::test]
async fn a_slot_has_the_time_after_the_wait_for_it() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "slot_time", hourly(10)).await;
    let sql = sql(&url).await;
    // The transaction is older than the slot, as if it had waited for the lock.
    sql.batch_execute("begin; create temporary table before as select clock_timestamp() as at").await.unwrap();
    sql.query_one("select slot from vambe.quota_take('q')", &[]).await.unwrap();
    let is_later = "select max(g.at) >= max(b.at) from vambe.quota_grant g, before b";
    assert!(sql.query_one(is_later, &[]).await.unwrap().get::<_, bool>(0));
}

#[tokio::test]
async fn a_busy_quota_is_asked_again_later() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "busy", hourly(10)).await;
    let (quota, other) = (Quota::connect(&url, "q").await.unwrap(), sql(&url).await);
    other.batch_execute("begin; select from vambe.quota for update").await.unwrap();
    assert!(waits(&quota.take().await), "it is not away");
    other.batch_execute("commit").await.unwrap();
    until(&quota, Result::is_ok).await.unwrap();
}

#[tokio::test]
async fn without_the_database_nothing_is_sent_until_it_is_back() {
    let cluster = Cluster::start(&[]).unwrap();
    let (url, _admin) = database(&cluster, "away", hourly(1_000)).await;
    let (vambe, quota) = (emulator(), Arc::new(Quota::connect(&url, "q").await.unwrap()));
    let builder = Client::builder().api_key("key").base_url(vambe.url()).shared_limit(Arc::clone(&quota));
    let client = builder.build().unwrap();
    let call = || {
        let ticket = TicketRef::ticket_id(TICKET).unwrap();
        client.update_ticket_metadata(ticket, Metadata::from([("key", "value")]))
    };
    call().await.unwrap();
    cluster.stop(Shutdown::Immediate).unwrap();
    for _ in 0..3 {
        let error = call().await.unwrap_err();
        assert!(matches!(error, CallError::NoSlot(_)), "{error}");
    }
    assert_eq!(vambe.requests().len(), 1);
    cluster.resume().unwrap();
    until(&quota, Result::is_ok).await.unwrap();
    call().await.unwrap();
}

#[test]
fn a_blocking_client_takes_its_slots_from_it() {
    let cluster = Cluster::shared().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let quota = runtime.block_on(async {
        let (url, _admin) = database(&cluster, "blocking", hourly(1)).await;
        Quota::connect(&url, "q").await.unwrap()
    });
    drop(runtime);
    let vambe = emulator();
    let builder = Client::builder().api_key("key").base_url(vambe.url()).shared_limit(quota);
    let client = blocking::Client::new(builder).unwrap();
    let call = || {
        let ticket = TicketRef::ticket_id(TICKET).unwrap();
        client.update_ticket_metadata(ticket, Metadata::from([("key", "value")])).send()
    };
    call().unwrap();
    assert!(matches!(call().unwrap_err(), CallError::NoSlot(_)));
}

#[tokio::test]
async fn a_quota_needs_a_schema_and_a_name() {
    let cluster = Cluster::shared().unwrap();
    let url = cluster.create_database("empty").unwrap();
    assert!(matches!(Quota::connect(&url, "q").await, Err(Error::NotMigrated { needed: 1 })));
    assert!(matches!(Quota::connect("no URL", "q").await, Err(Error::Url(_))));
    let admin = Admin::connect(&url).await.unwrap();
    admin.migrate().await.unwrap();
    admin.migrate().await.unwrap();
    assert!(matches!(Quota::connect(&url, "q").await, Err(Error::NoQuota)));
    sql(&url).await.batch_execute("update vambe.migration set sha256 = ''").await.unwrap();
    assert!(matches!(admin.migrate().await, Err(Error::OtherMigration { version: 1 })));
}

#[tokio::test]
async fn a_worker_takes_slots_and_changes_nothing_else() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "roles", hourly(10)).await;
    sql(&url).await.batch_execute("create role service login in role vambe_worker").await.unwrap();
    let url = cluster.url_of("service", "roles");
    let quota = Quota::connect(&url, "q").await.unwrap();
    assert!(quota.take().await.is_ok());
    let admin = Admin::connect(&url).await.unwrap();
    assert_eq!(admin.quotas().await.unwrap()[0].used, 1);
    assert!(matches!(admin.set_quota("q", hourly(1_000)).await, Err(Error::Database(_))));
    assert!(matches!(admin.resume_quota("q").await, Err(Error::Database(_))));
    let sql = sql(&url).await;
    for statement in ["select * from vambe.quota", "delete from vambe.quota_grant", "create table vambe.other ()"] {
        assert!(sql.batch_execute(statement).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn a_raised_limit_counts_the_old_slots() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "raised", hourly(2)).await;
    let quota = Quota::connect(&url, "q").await.unwrap();
    for requests in [2, 4] {
        admin.set_quota("q", hourly(requests)).await.unwrap();
        for _ in 0..2 {
            quota.take().await.unwrap();
        }
        assert!(waits(&quota.take().await), "{requests} slots are used");
    }
    // Lowered, the database forgets old slots, so a limit of more than twice as much has to wait for them.
    admin.set_quota("q", hourly(1)).await.unwrap();
    assert!(waits(&quota.take().await));
    admin.set_quota("q", hourly(100)).await.unwrap();
    assert!(waits(&quota.take().await), "slots that count may be forgotten");
}

#[tokio::test]
async fn a_limit_raised_in_steps_counts_the_old_slots() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "steps", hourly(4)).await;
    let quota = Quota::connect(&url, "q").await.unwrap();
    for _ in 0..4 {
        quota.take().await.unwrap();
    }
    for requests in [1, 2, 4] {
        admin.set_quota("q", hourly(requests)).await.unwrap();
        assert!(waits(&quota.take().await), "4 slots are used, more than {requests} are not allowed");
    }
}
