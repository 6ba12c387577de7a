//! Resolves an incident with ten thousand tickets: how long it takes, and how much it slows down the staff queue.

use std::time::{Duration, Instant};

use anyhow::ensure;
use private_postgres::{Durability, PostgresServer};
use sqlx::{Connection, PgConnection};

use crate::{
    data_dir::DataDir,
    staff_queue::{self, StaffQueue},
    table::{Row, Table, median},
};

const TICKET_COUNT: i32 = 10_000;
/// Requests before the incident is resolved: the baseline.
const BASELINE_REQUESTS: usize = 200;
const TIMEOUT: Duration = Duration::from_secs(120);

/// Tickets of as many customers, all in a new published incident.
const FILL: &str = "
    with created as (
        insert into ticket (
            id, reference, category, status, channel, lang, service, caller_kind, caller, caller_raw, callee_kind,
            callee, callee_raw, call_at, call_precision, in_billing, email, client_ip, user_agent, submission_hash,
            form_hash, access_key_hash, created_at, updated_at, awaiting_staff_since
        )
        select
            ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Z' || upper(lpad(to_hex(n), 9, '0')), 'outgoing',
            'new', 'web', case when n % 2 = 0 then 'pl'::language else 'en' end, 'unknown', 'number', '+48225550120', 'x',
            'number', '+442081900322', 'x', now(), 'exact', 'yes', 'osoba' || n || '@example.com', '203.0.113.7', '',
            sha256(('submission' || n)::bytea), sha256(('form' || n)::bytea), sha256(('key' || n)::bytea), now(), now(), now()
        from generate_series(1, $1) n
        returning id
    ), opened as (
        insert into ticket_event (ticket_id, at, actor, payload)
        select id, now(), 'customer', '{\"kind\": \"opened\", \"channel\": \"web\"}' from created
    ), published as (
        insert into incident (
            state, title_pl, title_en, text_pl, text_en, categories, began_at, created_at, updated_at, published_at
        )
        values ('published', 'Awaria', 'Outage', 'Opis', 'Text', '{outgoing}', now(), now(), now(), now())
        returning id
    )
    insert into incident_ticket (incident_id, ticket_id, join_source, at)
    select published.id, created.id, 'customer', now() from created cross join published";

/// What the staff's action on the incident writes.
const RESOLVE: &str = "
    with resolving as (
        update incident set state = 'resolving', resolved_at = now(), version = version + 1
        where id = (select max(id) from incident)
        returning id
    )
    insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en, is_last)
    select resolving.id, gen_random_uuid(), now(), (select id from staff limit 1), 'Koniec', 'Over', true from resolving";

pub(crate) async fn measure() -> anyhow::Result<Table> {
    let data_dir = DataDir::new("incidents")?;
    staff_queue::fill(data_dir.path(), crate::SMALL)?;
    let queue = StaffQueue::open(data_dir.path()).await?;
    let server = PostgresServer::start(&data_dir.path().join("postgres"), Durability::Safe)?;
    let mut db = PgConnection::connect(&server.url("dzwoni")).await?;
    sqlx::query(FILL).bind(TICKET_COUNT).execute(&mut db).await?;
    sqlx::raw_sql("vacuum analyze ticket, ticket_event, incident_ticket").execute(&mut db).await?;
    // background jobs about the new tickets are done by then
    tokio::time::sleep(Duration::from_secs(25)).await;

    let (mut before, mut during) = (Vec::new(), Vec::new());
    for _ in 0..BASELINE_REQUESTS {
        before.push(queue.measure(0, 1).await?);
    }
    sqlx::query(RESOLVE).execute(&mut db).await?;
    let started_at = Instant::now();
    loop {
        during.push(queue.measure(0, 1).await?);
        let is_resolved: bool = sqlx::query_scalar("select state = 'resolved' from incident order by id desc limit 1")
            .fetch_one(&mut db)
            .await?;
        if is_resolved {
            break;
        }
        ensure!(started_at.elapsed() < TIMEOUT, "the incident is not resolved after {TIMEOUT:?}");
    }
    let elapsed = started_at.elapsed().as_secs_f64();
    let email_count: i64 = sqlx::query_scalar("select count(*) from outgoing_email where kind = 'incident_resolved'")
        .fetch_one(&mut db)
        .await?;
    ensure!(email_count == i64::from(TICKET_COUNT), "{email_count} emails");
    let max = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
    let mut table = Table::default();
    table.add(Row::at_most(
        &format!("an incident with {TICKET_COUNT} tickets resolved, emails included, after"),
        elapsed,
        "s",
        30.0,
    ));
    table.add(Row::alone("the queue before", median(&before), "ms"));
    table.add(Row::alone("the queue before, worst case", max(&before), "ms"));
    table.add(Row::alone("the queue meanwhile", median(&during), "ms"));
    table.add(Row::at_most("the queue meanwhile, worst case", max(&during), "ms", 1000.0));
    db.close().await?;
    server.stop()?;
    queue.close()?;
    Ok(table)
}
