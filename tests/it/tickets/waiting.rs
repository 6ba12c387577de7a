//! Waiting for somebody, and coming back.

use dzwoni::workers;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::{act, desk, history, must_be_sound, stand, stands, tickets};
use crate::support::World;

async fn until(world: &World, reference: &dzwoni::tickets::TicketReference) -> Option<OffsetDateTime> {
    sqlx::query_scalar("select snoozed_until from ticket where reference = $1")
        .bind(reference.as_str())
        .fetch_one(world.sql().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_ticket_that_waits_for_a_carrier_until_friday_comes_back_on_friday() {
    // a Tuesday
    let world = World::at(datetime!(2026-11-17 13:30 UTC)).await;
    let references = tickets(&world, 2).await;
    let anna = world.agent("Anna").await;
    let page = anna.get(&format!("{}/waiting", desk(&references[0]))).await.expect(200);
    page.must_show("do piątku (piątek, 20 listopada 2026)").must_show("do jutra (środa, 18 listopada 2026)");
    let fields = [("status", "waiting"), ("whom", "carrier"), ("until", "friday"), ("reason", "druga trasa")];
    super::act_from(&anna, &page, &references[0], "status", &fields).await.expect(303);
    anna.get(&desk(&references[0]))
        .await
        .must_show("Anna: wstrzymane, czekamy na innego operatora, do 20.11.2026, 8:00: „druga trasa”");
    // the other is put back and waits for nobody in particular
    act(&anna, &references[1], "status", &[("status", "waiting"), ("until", "friday")]).await.expect(303);
    act(&anna, &references[1], "assignment", &[("assignee", "none")]).await.expect(303);
    assert_eq!(stands(&world, &references[1]).await, stand("waiting", None, None));

    let friday = datetime!(2026-11-20 7:00 UTC);
    world.advance(friday - world.clock.now() - Duration::seconds(1));
    assert_eq!(workers::reopen_due(&world.app).await.unwrap(), 0);
    world.advance(Duration::seconds(1));
    // several programs may look at once
    let other = world.second();
    other.advance(world.clock.now() - other.clock.now());
    let (here, there) = tokio::join!(workers::reopen_due(&world.app), workers::reopen_due(&other.app));
    assert_eq!(here.unwrap() + there.unwrap(), 2);
    assert_eq!(stands(&world, &references[0]).await, stand("open", Some("Anna"), None));
    assert_eq!(stands(&world, &references[1]).await, stand("new", None, None));
    for reference in &references {
        assert_eq!(until(&world, reference).await, None);
        assert_eq!(history(&world, reference).await.last().unwrap(), "came_back");
    }
    let since = "select count(*) from ticket where awaiting_staff_since = '2026-11-20 07:00Z'";
    assert_eq!(world.count(since).await, 2);
    let marek = world.agent("Marek").await;
    marek.get(&desk(&references[0])).await.must_show("Termin minął, zgłoszenie wróciło do pracy");
    assert_eq!(workers::reopen_due(&world.app).await.unwrap(), 0);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn what_no_longer_waits_does_not_come_back() {
    let world = World::new().await;
    let references = tickets(&world, 6).await;
    let anna = world.agent("Anna").await;
    for reference in &references {
        act(&anna, reference, "status", &[("status", "waiting"), ("until", "tomorrow")]).await.expect(303);
    }
    for (reference, status) in references.iter().zip(["open", "resolved", "spam", "new"]) {
        act(&anna, reference, "status", &[("status", status)]).await.expect(303);
        assert_eq!(until(&world, reference).await, None, "{status}");
    }
    let main = references[5].to_string();
    act(&anna, &references[4], "merge", &[("into", &main)]).await.expect(303);
    // the day can be put off
    act(&anna, &references[5], "status", &[("status", "waiting"), ("until", "week")]).await.expect(303);
    world.advance(Duration::days(2));
    assert_eq!(workers::reopen_due(&world.app).await.unwrap(), 0);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_day_that_can_not_be_is_said_so_and_kept() {
    let world = World::new().await;
    let reference = &tickets(&world, 1).await[0];
    let anna = world.agent("Anna").await;
    for (date, time, complaint) in [
        ("2026-11-19", "", "Ta chwila już minęła"),
        ("31.02.2027", "", "Nie ma takiej daty jak 31.02.2027"),
        ("2036-01-01", "", "To za daleko"),
        ("", "", "Wybierz dzień"),
        ("2026-12-01", "26:00", "Nie ma takiej godziny jak 26:00"),
    ] {
        let fields = [
            ("status", "waiting"),
            ("whom", "customer"),
            ("until", "date"),
            ("date", date),
            ("time", time),
            ("reason", "numer drugiej strony"),
        ];
        let refused = act(&anna, reference, "status", &fields).await.expect(422);
        refused.must_show(complaint);
        assert_eq!(refused.value("date"), date);
        assert_eq!(refused.value("reason"), "numer drugiej strony");
    }
    assert_eq!(stands(&world, reference).await, stand("new", None, None));
}

#[tokio::test]
async fn many_come_back_together() {
    let world = World::new().await;
    tickets(&world, 3).await;
    sqlx::query("update ticket set status = 'waiting', snoozed_until = '2026-11-20', version = version")
        .execute(world.sql().await)
        .await
        .unwrap();
    let mut tx = world.app.db.begin().await.unwrap();
    // one transaction takes only so many
    let now = world.clock.now();
    assert_eq!(dzwoni::tickets::command::update::end_due_snoozes(&mut tx, 2, now).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(workers::reopen_due(&world.app).await.unwrap(), 1);
    must_be_sound(&world).await;
}
