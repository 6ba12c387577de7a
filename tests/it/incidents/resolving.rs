//! Resolving an incident resolves its tickets in batches.

use dzwoni::{
    incidents,
    tickets::{
        Reply,
        command::incident::{ResolvedIncident, resolve_batch},
    },
};
use uuid::Uuid;

use super::*;
use crate::tickets::{event_kinds, expected_state, post_action, ticket_state};

/// More than two batches.
const TICKETS: i64 = 1_200;

/// Tickets that are part of incident 1. Of the 1,000 customers, 200 have two tickets.
const INSERT_TICKETS: &str = "
    with made as (
        insert into ticket (
            id, reference, category, status, channel, lang, service, caller_kind, caller, caller_raw, callee_kind,
            callee, callee_raw, call_at, call_precision, in_billing, email, client_ip, user_agent, submission_hash,
            form_hash, access_key_hash, created_at, updated_at, awaiting_staff_since
        )
        select
            ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, upper(lpad(to_hex(n), 10, '0')), 'outgoing',
            'new', 'web', case when n % 2 = 0 then 'pl'::language else 'en' end, 'unknown', 'number', '+48225550120', 'x',
            'number', '+442081900322', 'x', $2, 'exact', 'yes', 'osoba' || n % 1000 || '@example.com', '203.0.113.7', '',
            decode(lpad(to_hex(n), 64, '0'), 'hex'), decode(lpad(to_hex(n), 64, '0'), 'hex'),
            decode(lpad(to_hex(n), 64, '0'), 'hex'), $2, $2, $2
        from generate_series(1, $1) n
        returning id
    ), opened as (
        insert into ticket_event (ticket_id, at, actor, payload)
        select id, $2, 'customer', '{\"kind\": \"opened\", \"channel\": \"web\"}' from made
    )
    insert into incident_ticket (incident_id, ticket_id, join_source, at) select 1, id, 'customer', $2 from made";

const COUNT_EVENTS: &str = "select count(*) from ticket_event where payload ->> 'kind' = 'resolved_in_incident'";

/// Resolves the incident, without its tickets.
async fn resolve(world: &World, anna: &Browser, incident: &str) -> ResolvedIncident {
    let submission = given::uuid();
    let fields = update_form(&submission);
    post_incident_action(anna, incident, "resolution", &fields).await.expect(303);
    let update: i64 =
        sqlx::query_scalar("select id from incident_update where is_last").fetch_one(world.sql().await).await.unwrap();
    let text = UPDATE_TEXTS.map(|(_, text)| Reply::parse(text.to_owned()).unwrap());
    ResolvedIncident { incident_id: 1, update_id: update, text }
}

#[tokio::test]
async fn resolving_an_incident_resolves_its_tickets_and_notifies_each_address_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    let mut references = Vec::new();
    for email in ["jan@example.com", "jan@example.com", "ola@example.com", "twin@example.com", "over@example.com"] {
        references.push(report_from(&world, email).await);
    }
    post_action(&anna, &references[3], "merge", &[("into", &references[2].to_string())]).await.expect(303);
    post_action(&anna, &references[1], "assignment", &[("assignee", "me")]).await.expect(303);
    for at in [0, 1, 2, 4] {
        join_incident(&anna, &references[at], &incident).await.expect(303);
    }
    post_action(&anna, &references[4], "status", &[("status", "resolved")]).await.expect(303);
    resolve(&world, &anna, &incident).await;
    // the public page shows it immediately, and no ticket can join any more
    world.visitor().get("/pl").await.expect(200).assert_hides(TITLE);
    world.visitor().get("/pl/incident/1").await.expect(200).assert_shows("Zakończone").assert_shows(UPDATE_TEXTS[0].1);
    let late = report_from(&world, "late@example.com").await;
    join_incident(&anna, &late, &incident).await.expect(409);
    anna.get(&incident).await.expect(200).assert_shows("0 / 4");

    assert_eq!(incidents::resolve_tickets(&world.app).await.unwrap(), 3);
    assert_eq!(incidents::resolve_tickets(&world.app).await.unwrap(), 0);
    anna.get(&incident).await.expect(200).assert_shows("zakończona");
    assert_eq!(ticket_state(&world, &references[0]).await, expected_state("resolved", None, None));
    assert_eq!(ticket_state(&world, &references[1]).await, expected_state("resolved", Some("Anna"), None));
    assert_eq!(ticket_state(&world, &references[3]).await, expected_state("resolved", None, Some(&references[2])));
    assert_eq!(event_kinds(&world, &references[0]).await, ["opened", "joined_incident", "resolved_in_incident"]);
    let mut emails = incident_emails(&world).await;
    emails.sort();
    let expected = |email: &str| ("incident_resolved".to_owned(), email.to_owned());
    // over@example.com gets the e-mail, too: the ticket was resolved before, but without a message about the incident
    let all = ["jan@example.com", "ola@example.com", "over@example.com", "twin@example.com"];
    assert_eq!(emails, all.map(expected));
    world.assert_invariants().await;
    // a reopened ticket can join the next incident
    post_action(&anna, &references[0], "status", &[("status", "open")]).await.expect(303);
    let next = publish_incident(&anna, &[("title_pl", "Następna")]).await;
    join_incident(&anna, &references[0], &next).await.expect(303);
}

#[tokio::test]
async fn another_process_continues_an_interrupted_resolution() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    sqlx::query(INSERT_TICKETS)
        .bind(i32::try_from(TICKETS).unwrap())
        .bind(world.clock.now())
        .execute(world.sql().await)
        .await
        .unwrap();
    let reference = report_from(&world, "urzednik@example.com").await;
    join_incident(&anna, &reference, &incident).await.expect(303);
    let incident_resolved = resolve(&world, &anna, &incident).await;
    let now = world.clock.now();
    let resolved = "select count(*) from ticket where status = 'resolved'";

    // the process ends before the commit: nothing is changed
    let mut tx = world.app.db.begin().await.unwrap();
    assert_eq!(
        resolve_batch(&mut tx, &incident_resolved, Uuid::nil(), 500, now).await.unwrap().unwrap().resolved_count,
        500
    );
    tx.rollback().await.unwrap();
    assert_eq!((world.count(resolved).await, incident_emails(&world).await.len()), (0, 0));
    // the process ends after the first batch
    let mut tx = world.app.db.begin().await.unwrap();
    let batch = resolve_batch(&mut tx, &incident_resolved, Uuid::nil(), 500, now).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!((batch.resolved_count, world.count(resolved).await), (500, 500));
    anna.get(&incident).await.expect(200).assert_shows("500 / 1201");

    // meanwhile Anna works on a ticket of a later batch
    post_action(&anna, &reference, "notes", &[("text", "Sprawdzam."), ("submission", &given::uuid())])
        .await
        .expect(303);

    let other = world.second();
    assert_eq!(incidents::resolve_tickets(&other.app).await.unwrap(), 701);
    assert_eq!(world.count(resolved).await, TICKETS + 1);
    assert_eq!(world.count(COUNT_EVENTS).await, TICKETS + 1);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "joined_incident", "noted", "resolved_in_incident"]);
    assert_eq!(incident_emails(&world).await.len(), 1_001, "a customer with two tickets gets one e-mail");
    assert_eq!(world.count("select count(*) from incident where state = 'resolved'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn resolving_an_incident_skips_locked_tickets_and_finishes_them_later() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    sqlx::query(INSERT_TICKETS).bind(20).bind(world.clock.now()).execute(world.sql().await).await.unwrap();
    resolve(&world, &anna, &incident).await;
    let mut other_transaction = world.sql().await.begin().await.unwrap();
    sqlx::query("select from ticket where id = '00000000-0000-7000-8000-000000000005' for update")
        .execute(&mut *other_transaction)
        .await
        .unwrap();
    // this would wait for ever if it waited for the lock, which is released only below
    assert_eq!(incidents::resolve_tickets(&world.app).await.unwrap(), 19);
    anna.get(&incident).await.expect(200).assert_shows("kończy się").assert_shows("19 / 20");
    other_transaction.rollback().await.unwrap();
    assert_eq!(incidents::resolve_tickets(&world.app).await.unwrap(), 1);
    anna.get(&incident).await.expect(200).assert_shows("zakończona");
    assert_eq!(incident_emails(&world).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_resolve_an_incident_without_doing_anything_twice() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    sqlx::query(INSERT_TICKETS)
        .bind(i32::try_from(TICKETS).unwrap())
        .bind(world.clock.now())
        .execute(world.sql().await)
        .await
        .unwrap();
    resolve(&world, &anna, &incident).await;
    let other = world.second();
    let (first, second) = tokio::join!(incidents::resolve_tickets(&world.app), incidents::resolve_tickets(&other.app));
    let mut count = first.unwrap() + second.unwrap();
    // tickets that both skipped are resolved by the next call
    count += incidents::resolve_tickets(&world.app).await.unwrap();
    assert_eq!(i64::try_from(count).unwrap(), TICKETS);
    assert_eq!(world.count(COUNT_EVENTS).await, TICKETS);
    assert_eq!(incident_emails(&world).await.len(), 1_000);
}
