//! Snoozed tickets and their return to the queue.

use dzwoni::jobs;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::{create_tickets, event_kinds, expected_state, post_action, ticket_path, ticket_state};
use crate::support::World;

async fn snoozed_until(world: &World, reference: &dzwoni::tickets::TicketReference) -> Option<OffsetDateTime> {
    sqlx::query_scalar("select snoozed_until from ticket where reference = $1")
        .bind(reference.as_str())
        .fetch_one(world.sql().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_ticket_snoozed_until_friday_is_reopened_once_on_friday() {
    // a Tuesday
    let world = World::at(datetime!(2026-11-17 13:30 UTC)).await;
    let references = create_tickets(&world, 2).await;
    let anna = world.agent("Anna").await;
    let page = anna.get(&format!("{}/waiting", ticket_path(&references[0]))).await.expect(200);
    page.assert_shows("do piątku (piątek, 20 listopada 2026)").assert_shows("do jutra (środa, 18 listopada 2026)");
    let fields = [("status", "waiting"), ("waiting_for", "carrier"), ("until", "friday"), ("reason", "druga trasa")];
    super::post_action_from(&anna, &page, &references[0], "status", &fields).await.expect(303);
    anna.get(&ticket_path(&references[0]))
        .await
        .assert_shows("Anna: wstrzymane, czekamy na innego operatora, do 20.11.2026, 8:00: „druga trasa”");
    // the other one is snoozed and unassigned
    post_action(&anna, &references[1], "status", &[("status", "waiting"), ("until", "friday")]).await.expect(303);
    post_action(&anna, &references[1], "assignment", &[("assignee", "none")]).await.expect(303);
    assert_eq!(ticket_state(&world, &references[1]).await, expected_state("waiting", None, None));

    let friday = datetime!(2026-11-20 7:00 UTC);
    world.advance(friday - world.clock.now() - Duration::seconds(1));
    assert_eq!(jobs::reopen_due(&world.app).await.unwrap(), 0);
    world.advance(Duration::seconds(1));
    // several processes may do this at the same time
    let other = world.second();
    other.advance(world.clock.now() - other.clock.now());
    let (first, second) = tokio::join!(jobs::reopen_due(&world.app), jobs::reopen_due(&other.app));
    assert_eq!(first.unwrap() + second.unwrap(), 2);
    assert_eq!(ticket_state(&world, &references[0]).await, expected_state("open", Some("Anna"), None));
    assert_eq!(ticket_state(&world, &references[1]).await, expected_state("new", None, None));
    for reference in &references {
        assert_eq!(snoozed_until(&world, reference).await, None);
        assert_eq!(event_kinds(&world, reference).await.last().unwrap(), "came_back");
    }
    let reopened = "select count(*) from ticket where awaiting_staff_since = '2026-11-20 07:00Z'";
    assert_eq!(world.count(reopened).await, 2);
    let marek = world.agent("Marek").await;
    marek.get(&ticket_path(&references[0])).await.assert_shows("Termin minął, zgłoszenie wróciło do pracy");
    assert_eq!(jobs::reopen_due(&world.app).await.unwrap(), 0);
}

#[tokio::test]
async fn a_ticket_that_left_waiting_is_not_reopened_by_its_old_snooze() {
    let world = World::new().await;
    let references = create_tickets(&world, 6).await;
    let anna = world.agent("Anna").await;
    for reference in &references {
        post_action(&anna, reference, "status", &[("status", "waiting"), ("until", "tomorrow")]).await.expect(303);
    }
    for (reference, status) in references.iter().zip(["open", "resolved", "spam", "new"]) {
        post_action(&anna, reference, "status", &[("status", status)]).await.expect(303);
        assert_eq!(snoozed_until(&world, reference).await, None, "{status}");
    }
    let main = references[5].to_string();
    post_action(&anna, &references[4], "merge", &[("into", &main)]).await.expect(303);
    // the day can be moved
    post_action(&anna, &references[5], "status", &[("status", "waiting"), ("until", "week")]).await.expect(303);
    world.advance(Duration::days(2));
    assert_eq!(jobs::reopen_due(&world.app).await.unwrap(), 0);
}

#[tokio::test]
async fn an_invalid_snooze_day_is_explained_and_kept_in_the_form() {
    let world = World::new().await;
    let reference = &create_tickets(&world, 1).await[0];
    let anna = world.agent("Anna").await;
    for (date, time, message) in [
        ("2026-11-19", "", "Ta chwila już minęła"),
        ("31.02.2027", "", "Nie ma takiej daty jak 31.02.2027"),
        ("2036-01-01", "", "To za daleko"),
        ("", "", "Wybierz dzień"),
        ("2026-12-01", "26:00", "Nie ma takiej godziny jak 26:00"),
    ] {
        let fields = [
            ("status", "waiting"),
            ("waiting_for", "customer"),
            ("until", "date"),
            ("date", date),
            ("time", time),
            ("reason", "numer drugiej strony"),
        ];
        let refused = post_action(&anna, reference, "status", &fields).await.expect(422);
        refused.assert_shows(message);
        assert_eq!(refused.value("date"), date);
        assert_eq!(refused.value("reason"), "numer drugiej strony");
    }
    assert_eq!(ticket_state(&world, reference).await, expected_state("new", None, None));
}

#[tokio::test]
async fn due_snoozes_end_in_limited_batches() {
    let world = World::new().await;
    create_tickets(&world, 3).await;
    sqlx::query("update ticket set status = 'waiting', snoozed_until = '2026-11-20', version = version")
        .execute(world.sql().await)
        .await
        .unwrap();
    let mut tx = world.app.db.begin().await.unwrap();
    // one transaction reopens a limited number
    let now = world.clock.now();
    assert_eq!(dzwoni::tickets::command::end_due_snoozes(&mut tx, 2, now).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(jobs::reopen_due(&world.app).await.unwrap(), 1);
}
