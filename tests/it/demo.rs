//! Demo data: generated tickets look like those that the portal stores.

use dzwoni::{demo, guides, tickets::TicketReference};

use crate::support::World;

async fn fill(world: &World, tickets: u32, seed: Option<u64>) -> anyhow::Result<()> {
    let guides = guides::load_built_in().unwrap_or_else(|errors| panic!("{errors:?}"));
    demo::fill_bulk(&world.app.db, guides, tickets, seed, world.clock.now()).await
}

/// A hash of all tickets without the staff ids, which differ in every database.
async fn ticket_hash(world: &World) -> String {
    let sql = "select md5(string_agg(row(id, reference, status, caller_raw, callee, call_at, account, error_text,
            description, email, client_ip, trail, access_key_hash, created_at, updated_at, resolved_at, version)::text, ',' order by id))
        from ticket";
    sqlx::query_scalar(sql).fetch_one(world.sql().await).await.unwrap()
}

#[tokio::test]
async fn demo_data_is_deterministic_for_a_seed() {
    let (first, second) = (World::new().await, World::new().await);
    fill(&first, 2_500, None).await.unwrap();
    fill(&second, 2_500, Some(1)).await.unwrap();
    assert_eq!(first.count("select count(*) from ticket").await, 2_500);
    assert_eq!(ticket_hash(&first).await, ticket_hash(&second).await);

    let again = fill(&second, 10, Some(1)).await.unwrap_err();
    assert!(again.to_string().contains("seed 1 are in this database already"), "{again}");
    fill(&second, 10, None).await.unwrap();
    assert_eq!(second.count("select count(*) from ticket").await, 2_510);
    assert_ne!(ticket_hash(&first).await, ticket_hash(&second).await);
}

#[tokio::test]
async fn demo_tickets_keep_the_rules_of_real_tickets() {
    let world = World::new().await;
    fill(&world, 3_000, Some(5)).await.unwrap();

    for (rule, sql) in [
        (
            "ids are in the order of arrival",
            "select count(*) from (select created_at < lag(created_at) over (order by id) as off from ticket) x where off",
        ),
        (
            "nothing is in the future",
            "select count(*) from ticket where updated_at > '2026-11-20 13:30Z' or created_at < '2025-11-20 13:30Z'",
        ),
        (
            "every change has one event",
            "select count(*) from ticket
            where version <> (select count(*) from ticket_event where ticket_id = ticket.id)",
        ),
        (
            "the last event is the last change",
            "select count(*) from ticket
            where updated_at <> (select max(at) from ticket_event where ticket_id = ticket.id)",
        ),
        (
            "events are in their order",
            "select count(*) from (
                select at < lag(at) over (partition by ticket_id order by id) as off from ticket_event
            ) x where off",
        ),
        ("an open ticket is assigned", "select count(*) from ticket where status = 'open' and assignee is null"),
        (
            "a duplicate ends with its main ticket",
            "select count(*) from ticket join ticket main on main.id = ticket.merged_into
            where main.merged_into is not null or (ticket.resolved_at is distinct from main.resolved_at)",
        ),
        ("a snooze ends in the future", "select count(*) from ticket where snoozed_until < '2026-11-20 13:30Z'"),
        (
            "the pages of a guide path were viewed that day",
            "select count(*) from ticket where trail is not null and not exists (
                select from guide_page_view
                where day = (created_at at time zone 'Europe/Warsaw')::date and starts_with(trail, path)
            )",
        ),
    ] {
        assert_eq!(world.count(sql).await, 0, "{rule}");
    }
    for (kind, sql) in [
        ("active", "select count(*) from ticket where status in ('new', 'open', 'waiting')"),
        ("waiting until", "select count(*) from ticket where snoozed_until is not null"),
        ("duplicates", "select count(*) from ticket where merged_into is not null"),
        ("spam", "select count(*) from ticket where status = 'spam'"),
        ("with guide answers", "select count(*) from ticket where guide_answers <> '[]'"),
        ("with a code", "select count(*) from ticket where sip_code = 503"),
        ("saved replies", "select count(*) from saved_reply"),
    ] {
        assert!(world.count(sql).await > 0, "there are no tickets: {kind}");
    }
    assert!(world.count("select count(*) from ticket where status = 'resolved'").await > 2_700);

    let references: Vec<String> = sqlx::query_scalar("select reference from ticket order by id desc limit 40")
        .fetch_all(world.sql().await)
        .await
        .unwrap();
    let anna = world.agent("Anna2").await;
    for reference in references {
        let reference: TicketReference = reference.parse().expect("the check character is right");
        anna.get(&format!("/staff/tickets/{reference}")).await.expect(200).assert_shows("Przyjęto");
    }
}

#[tokio::test]
async fn demo_tickets_are_refused_in_a_database_with_real_staff() {
    let world = World::new().await;
    let admin = "insert into staff (id, email, name, role, created_at)
        values (gen_random_uuid(), 'ewa@operator.pl', 'Ewa', 'admin', now())";
    sqlx::query(admin).execute(world.sql().await).await.unwrap();
    assert!(fill(&world, 10, None).await.is_err());
    assert_eq!(world.count("select count(*) from ticket").await, 0);
}

#[tokio::test]
async fn the_sample_data_fills_only_an_empty_database() {
    let world = World::new().await;
    for _ in 0..2 {
        demo::fill_empty(&world.app, &world.guides).await.unwrap();
        assert_eq!(world.count("select count(*) from ticket").await, 120);
    }
    let kinds = "select count(distinct kind) from check_result join ticket on ticket.id = ticket_id";
    assert_eq!(world.count(kinds).await, 3);
}
