//! The made-up year: as many tickets as one likes, such as the portal itself would have stored.

use dzwoni::{demo, guides, tickets::TicketReference};

use crate::support::World;

async fn fill(world: &World, tickets: u32, seed: Option<u64>) -> anyhow::Result<()> {
    let guides = guides::load_built_in().unwrap_or_else(|faults| panic!("{faults:?}"));
    demo::fill_bulk(&world.app.db, guides, tickets, seed, world.clock.now()).await
}

/// Everything about the tickets but who handled them, whose ids are new in every database.
async fn sum(world: &World) -> String {
    let sql = "select md5(string_agg(row(id, reference, status, caller_raw, callee, call_at, account, error_text,
            description, email, client_ip, trail, access_key_hash, created_at, updated_at, resolved_at, version)::text, ',' order by id))
        from ticket";
    sqlx::query_scalar(sql).fetch_one(world.sql().await).await.unwrap()
}

#[tokio::test]
async fn the_same_seed_makes_the_same_year() {
    let (one, other) = (World::new().await, World::new().await);
    fill(&one, 2_500, None).await.unwrap();
    fill(&other, 2_500, Some(1)).await.unwrap();
    assert_eq!(one.count("select count(*) from ticket").await, 2_500);
    assert_eq!(sum(&one).await, sum(&other).await);

    let again = fill(&other, 10, Some(1)).await.unwrap_err();
    assert!(again.to_string().contains("seed 1 are in this database already"), "{again}");
    fill(&other, 10, None).await.unwrap();
    assert_eq!(other.count("select count(*) from ticket").await, 2_510);
    assert_ne!(sum(&one).await, sum(&other).await);
}

#[tokio::test]
async fn made_up_tickets_are_such_as_the_portal_stores() {
    let world = World::new().await;
    fill(&world, 3_000, Some(5)).await.unwrap();

    for (rule, sql) in [
        (
            "ids are in the order of arrival",
            "select count(*) from (select created_at < lag(created_at) over (order by id) as off from ticket) x where off",
        ),
        (
            "nothing is later than now",
            "select count(*) from ticket where updated_at > '2026-11-20 13:30Z' or created_at < '2025-11-20 13:30Z'",
        ),
        (
            "each change has its event",
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
        (
            "a ticket that is worked on is somebody's",
            "select count(*) from ticket where status = 'open' and assignee is null",
        ),
        (
            "a duplicate ends with its main ticket",
            "select count(*) from ticket join ticket main on main.id = ticket.merged_into
            where main.merged_into is not null or (ticket.resolved_at is distinct from main.resolved_at)",
        ),
        ("who waits comes back later", "select count(*) from ticket where snoozed_until < '2026-11-20 13:30Z'"),
        (
            "whoever reported after a walk had opened its pages that day",
            "select count(*) from ticket where trail is not null and not exists (
                select from guide_page_view
                where day = (created_at at time zone 'Europe/Warsaw')::date and starts_with(trail, path)
            )",
        ),
    ] {
        assert_eq!(world.count(sql).await, 0, "{rule}");
    }
    for (some, sql) in [
        ("active", "select count(*) from ticket where status in ('new', 'open', 'waiting')"),
        ("waiting until", "select count(*) from ticket where snoozed_until is not null"),
        ("duplicates", "select count(*) from ticket where merged_into is not null"),
        ("spam", "select count(*) from ticket where status = 'spam'"),
        ("walked", "select count(*) from ticket where guide_answers <> '[]'"),
        ("with a code", "select count(*) from ticket where sip_code = 503"),
        ("saved replies", "select count(*) from saved_reply"),
    ] {
        assert!(world.count(sql).await > 0, "there are none {some}");
    }
    assert!(world.count("select count(*) from ticket where status = 'resolved'").await > 2_700);

    let references: Vec<String> = sqlx::query_scalar("select reference from ticket order by id desc limit 40")
        .fetch_all(world.sql().await)
        .await
        .unwrap();
    let anna = world.agent("Anna2").await;
    for reference in references {
        let reference: TicketReference = reference.parse().expect("the check character is right");
        anna.get(&format!("/staff/tickets/{reference}")).await.expect(200).must_show("Przyjęto");
    }
}

#[tokio::test]
async fn made_up_tickets_never_come_among_real_ones() {
    let world = World::new().await;
    let somebody = "insert into staff (id, email, name, role, created_at)
        values (gen_random_uuid(), 'ewa@operator.pl', 'Ewa', 'admin', now())";
    sqlx::query(somebody).execute(world.sql().await).await.unwrap();
    assert!(fill(&world, 10, None).await.is_err());
    assert_eq!(world.count("select count(*) from ticket").await, 0);
}

#[tokio::test]
async fn an_empty_database_gets_tickets_of_every_kind_and_any_other_is_left_alone() {
    let world = World::new().await;
    for _ in 0..2 {
        demo::fill_empty(&world.app, &world.guides).await.unwrap();
        assert_eq!(world.count("select count(*) from ticket").await, 120);
    }
    let kinds = "select count(distinct kind) from check_result join ticket on ticket.id = ticket_id";
    assert_eq!(world.count(kinds).await, 3);
}
