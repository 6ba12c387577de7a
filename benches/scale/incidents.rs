//! The end of an incident that ten thousand tickets belong to: how long it takes, and what a clerk who reads the queue
//! meanwhile notices of it.

use std::time::{Duration, Instant};

use anyhow::ensure;
use dzwoni::postgres::{Durability, PostgresServer};
use sqlx::{Connection, PgConnection};

use crate::{
    desk::{self, Desk},
    folder::Folder,
    table::{Row, Table, median},
};

const TICKETS: i32 = 10_000;
/// Pages read before the end, to compare with.
const BEFORE: usize = 200;
const PATIENCE: Duration = Duration::from_secs(120);

/// Tickets of as many customers, all part of the incident that is known last.
const FILL: &str = "
    with made as (
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
        select id, now(), 'customer', '{\"kind\": \"opened\", \"channel\": \"web\"}' from made
    ), known as (
        insert into incident (
            state, title_pl, title_en, text_pl, text_en, categories, began_at, created_at, changed_at, published_at
        )
        values ('published', 'Awaria', 'Outage', 'Opis', 'Text', '{outgoing}', now(), now(), now(), now())
        returning id
    )
    insert into incident_ticket (incident_id, ticket_id, how, at)
    select known.id, made.id, 'customer', now() from made cross join known";

/// What the button on the incident's page writes.
const END: &str = "
    with over as (
        update incident set state = 'resolving', resolved_at = now(), version = version + 1
        where id = (select max(id) from incident)
        returning id
    )
    insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en, is_last)
    select over.id, gen_random_uuid(), now(), (select id from staff limit 1), 'Koniec', 'Over', true from over";

pub async fn measure() -> anyhow::Result<Table> {
    let folder = Folder::new("incidents")?;
    desk::fill(folder.path(), crate::FEW)?;
    let desk = Desk::open(folder.path()).await?;
    let server = PostgresServer::start(&folder.path().join("postgres"), Durability::Safe)?;
    let mut db = PgConnection::connect(&server.url("dzwoni")).await?;
    sqlx::query(FILL).bind(TICKETS).execute(&mut db).await?;
    sqlx::raw_sql("vacuum analyze ticket, ticket_event, incident_ticket").execute(&mut db).await?;
    // what follows from so many new tickets is done by then
    tokio::time::sleep(Duration::from_secs(25)).await;

    let (mut before, mut during) = (Vec::new(), Vec::new());
    for _ in 0..BEFORE {
        before.push(desk.time(0, 1).await?);
    }
    sqlx::query(END).execute(&mut db).await?;
    let begun = Instant::now();
    loop {
        during.push(desk.time(0, 1).await?);
        let is_over: bool = sqlx::query_scalar("select state = 'resolved' from incident order by id desc limit 1")
            .fetch_one(&mut db)
            .await?;
        if is_over {
            break;
        }
        ensure!(begun.elapsed() < PATIENCE, "it does not end");
    }
    let took = begun.elapsed().as_secs_f64();
    let resolved: i64 = sqlx::query_scalar("select count(*) from outgoing_email where kind = 'incident_resolved'")
        .fetch_one(&mut db)
        .await?;
    ensure!(resolved == i64::from(TICKETS), "{resolved} letters");
    let worst = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
    let mut table = Table::default();
    table.add(Row::at_most(
        &format!("an incident with {TICKETS} tickets resolved, with its letters, after"),
        took,
        "s",
        30.0,
    ));
    table.add(Row::alone("the queue before", median(&before), "ms"));
    table.add(Row::alone("the queue before, at worst", worst(&before), "ms"));
    table.add(Row::alone("the queue meanwhile", median(&during), "ms"));
    table.add(Row::at_most("the queue meanwhile, at worst", worst(&during), "ms", 1000.0));
    db.close().await?;
    server.stop()?;
    desk.close()?;
    Ok(table)
}
