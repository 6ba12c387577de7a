//! An incident is over, and its tickets follow.

use dzwoni::{
    incidents,
    tickets::{
        Reply,
        command::incident::{ResolvedIncident, resolve_batch},
    },
};
use uuid::Uuid;

use super::*;
use crate::tickets::{act, history, must_be_sound, stand, stands};

/// More than two lots.
const MANY: i64 = 1_200;

/// Tickets of as many customers, some of whom reported twice, that are part of incident 1.
const FILL: &str = "
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
    insert into incident_ticket (incident_id, ticket_id, how, at) select 1, id, 'customer', $2 from made";

const EVENTS: &str = "select count(*) from ticket_event where payload ->> 'kind' = 'resolved_in_incident'";

async fn over(world: &World, anna: &Browser, incident: &str) -> ResolvedIncident {
    let submission = given::uuid();
    let fields = news(&submission);
    press(anna, incident, "resolution", &fields).await.expect(303);
    let update: i64 =
        sqlx::query_scalar("select id from incident_update where is_last").fetch_one(world.sql().await).await.unwrap();
    let text = NEWS.map(|(_, text)| Reply::parse(text.to_owned()).unwrap());
    ResolvedIncident { incident_id: 1, update_id: update, text }
}

#[tokio::test]
async fn all_are_resolved_and_each_address_hears_of_it_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    let mut references = Vec::new();
    for email in ["jan@example.com", "jan@example.com", "ola@example.com", "twin@example.com", "over@example.com"] {
        references.push(report_of(&world, email).await);
    }
    act(&anna, &references[3], "merge", &[("into", &references[2].to_string())]).await.expect(303);
    act(&anna, &references[1], "assignment", &[("assignee", "me")]).await.expect(303);
    for at in [0, 1, 2, 4] {
        join(&anna, &references[at], &incident).await.expect(303);
    }
    act(&anna, &references[4], "status", &[("status", "resolved")]).await.expect(303);
    over(&world, &anna, &incident).await;
    // everybody reads it at once, and nobody joins any more
    world.visitor().get("/pl").await.expect(200).must_not_show(TITLE);
    world.visitor().get("/pl/incident/1").await.expect(200).must_show("Zakończone").must_show(NEWS[0].1);
    let late = report_of(&world, "late@example.com").await;
    join(&anna, &late, &incident).await.expect(409);
    anna.get(&incident).await.expect(200).must_show("0 / 4");

    assert_eq!(incidents::resolve_tickets(&world.app).await.unwrap(), 3);
    assert_eq!(incidents::resolve_tickets(&world.app).await.unwrap(), 0);
    anna.get(&incident).await.expect(200).must_show("zakończona");
    assert_eq!(stands(&world, &references[0]).await, stand("resolved", None, None));
    assert_eq!(stands(&world, &references[1]).await, stand("resolved", Some("Anna"), None));
    assert_eq!(stands(&world, &references[3]).await, stand("resolved", None, Some(&references[2])));
    assert_eq!(history(&world, &references[0]).await, ["opened", "joined_incident", "resolved_in_incident"]);
    let mut sent = letters(&world).await;
    sent.sort();
    let one = |email: &str| ("incident_resolved".to_owned(), email.to_owned());
    // also to who joined and whose ticket staff had resolved before: of the incident they have heard nothing yet
    let all = ["jan@example.com", "ola@example.com", "over@example.com", "twin@example.com"];
    assert_eq!(sent, all.map(one));
    must_be_sound(&world).await;
    // the next trouble may have it
    act(&anna, &references[0], "status", &[("status", "open")]).await.expect(303);
    let next = published(&anna, &[("title_pl", "Następna")]).await;
    join(&anna, &references[0], &next).await.expect(303);
}

#[tokio::test]
async fn a_program_that_ends_in_the_middle_is_followed_by_another() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    sqlx::query(FILL)
        .bind(i32::try_from(MANY).unwrap())
        .bind(world.clock.now())
        .execute(world.sql().await)
        .await
        .unwrap();
    let reference = report_of(&world, "urzednik@example.com").await;
    join(&anna, &reference, &incident).await.expect(303);
    let over = over(&world, &anna, &incident).await;
    let now = world.clock.now();
    let resolved = "select count(*) from ticket where status = 'resolved'";

    // it ends before it has said that the lot is done: nothing was done
    let mut tx = world.app.db.begin().await.unwrap();
    assert_eq!(resolve_batch(&mut tx, &over, Uuid::nil(), 500, now).await.unwrap().unwrap().resolved_count, 500);
    tx.rollback().await.unwrap();
    assert_eq!((world.count(resolved).await, letters(&world).await.len()), (0, 0));
    // it ends after the first
    let mut tx = world.app.db.begin().await.unwrap();
    let lot = resolve_batch(&mut tx, &over, Uuid::nil(), 500, now).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!((lot.resolved_count, world.count(resolved).await), (500, 500));
    anna.get(&incident).await.expect(200).must_show("500 / 1201");

    // a clerk goes on working meanwhile, on a ticket that is still to come
    act(&anna, &reference, "notes", &[("text", "Sprawdzam."), ("submission", &given::uuid())]).await.expect(303);

    let other = world.second();
    assert_eq!(incidents::resolve_tickets(&other.app).await.unwrap(), 701);
    assert_eq!(world.count(resolved).await, MANY + 1);
    assert_eq!(world.count(EVENTS).await, MANY + 1);
    assert_eq!(history(&world, &reference).await, ["opened", "joined_incident", "noted", "resolved_in_incident"]);
    assert_eq!(letters(&world).await.len(), 1_001, "a customer of two tickets has one letter");
    assert_eq!(world.count("select count(*) from incident where state = 'resolved'").await, 1);
    must_be_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_ticket_that_somebody_holds() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    sqlx::query(FILL).bind(20).bind(world.clock.now()).execute(world.sql().await).await.unwrap();
    over(&world, &anna, &incident).await;
    let mut clerk = world.sql().await.begin().await.unwrap();
    sqlx::query("select from ticket where id = '00000000-0000-7000-8000-000000000005' for update")
        .execute(&mut *clerk)
        .await
        .unwrap();
    // it would wait for ever: the clerk's transaction ends only below
    assert_eq!(incidents::resolve_tickets(&world.app).await.unwrap(), 19);
    anna.get(&incident).await.expect(200).must_show("kończy się").must_show("19 / 20");
    clerk.rollback().await.unwrap();
    assert_eq!(incidents::resolve_tickets(&world.app).await.unwrap(), 1);
    anna.get(&incident).await.expect(200).must_show("zakończona");
    assert_eq!(letters(&world).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_share_the_work_and_do_nothing_twice() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    sqlx::query(FILL)
        .bind(i32::try_from(MANY).unwrap())
        .bind(world.clock.now())
        .execute(world.sql().await)
        .await
        .unwrap();
    over(&world, &anna, &incident).await;
    let other = world.second();
    let (one, two) = tokio::join!(incidents::resolve_tickets(&world.app), incidents::resolve_tickets(&other.app));
    let mut count = one.unwrap() + two.unwrap();
    // what one passed over because the other had it is done by that one, or at the next turn
    count += incidents::resolve_tickets(&world.app).await.unwrap();
    assert_eq!(i64::try_from(count).unwrap(), MANY);
    assert_eq!(world.count(EVENTS).await, MANY);
    assert_eq!(letters(&world).await.len(), 1_000);
    must_be_sound(&world).await;
}
