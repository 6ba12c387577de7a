//! Who has a ticket.

use std::collections::HashSet;

use tokio::task::JoinSet;

use super::{act, act_from, desk, history, must_be_sound, stand, stands, tickets};
use crate::support::World;

#[tokio::test]
async fn fifty_who_take_the_next_one_at_once_get_fifty_tickets_the_oldest_ones() {
    let world = World::new().await;
    let references = tickets(&world, 60).await;
    let people = [world.agent("Anna").await, world.agent("Marek").await, world.agent("Ola").await];
    let mut takers = JoinSet::new();
    for number in 0..50 {
        let browser = people[number % people.len()].clone();
        takers.spawn(async move { browser.post("/staff/next", &[]).await.expect(303).location().to_owned() });
    }
    let got: HashSet<_> = takers.join_all().await.into_iter().collect();
    let oldest: HashSet<_> = references[..50].iter().map(desk).collect();
    assert_eq!(got, oldest);
    for reference in &references[..50] {
        assert_eq!(history(&world, reference).await, ["opened", "assigned"]);
        assert_eq!(stands(&world, reference).await.status, "open");
    }
    assert_eq!(world.count("select count(*) from ticket where status = 'new'").await, 10);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn the_next_one_is_of_the_category_that_is_looked_at() {
    let world = World::new().await;
    let old = tickets(&world, 2).await;
    let (account, _) = crate::given::logged_out().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let taken = anna.post("/staff/next", &[("category", "logged-out")]).await.expect(303);
    assert_eq!(taken.location(), desk(&account));
    anna.get(taken.location()).await.must_show("Anna: wzięte");
    // nonsense counts as not said
    assert_eq!(anna.post("/staff/next", &[("category", "x")]).await.expect(303).location(), desk(&old[0]));
}

#[tokio::test]
async fn when_nobody_new_waits_the_queue_says_so_where_one_was() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let back = anna.post("/staff/next", &[("back", "/staff?view=mine&category=audio")]).await.expect(303);
    assert_eq!(back.location(), "/staff?view=mine&category=audio&said=none-new");
    anna.follow(&back).await.expect(200).must_show("Nikt nowy nie czeka.");
    // another site's address leads nowhere
    let back = anna.post("/staff/next", &[("back", "https://evil.example/staff?")]).await.expect(303);
    assert_eq!(back.location(), "/staff?said=none-new");
    anna.get("/staff").await.must_not_show("Nikt nowy nie czeka.");
}

#[tokio::test]
async fn taking_over_from_somebody_needs_a_reason_which_the_history_tells() {
    let world = World::new().await;
    let reference = &tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    act(&anna, reference, "assignment", &[("assignee", "me")]).await.expect(303);

    let asked = act(&marek, reference, "assignment", &[("assignee", "me")]).await.expect(422);
    asked.must_show("To zgłoszenie prowadzi ktoś inny").must_show("Prowadzi: Anna").must_show("Przypisać do: Marek");
    asked.must_not_show("Napisz, dlaczego");
    let again = act_from(&marek, &asked, reference, "assignment", &[("assignee", "me"), ("reason", " ")]).await;
    again.expect(422).must_show("Napisz, dlaczego je przejmujesz");
    assert_eq!(stands(&world, reference).await, stand("open", Some("Anna"), None));

    let fields = [("assignee", "me"), ("reason", "Anna jest na urlopie")];
    act_from(&marek, &asked, reference, "assignment", &fields).await.expect(303);
    assert_eq!(stands(&world, reference).await, stand("open", Some("Marek"), None));
    marek.get(&desk(reference)).await.must_show("Marek: przejęte od Anna: „Anna jest na urlopie”");

    // one's own ticket is given away, and put back, without being asked
    act(&marek, reference, "assignment", &[("assignee", "none"), ("reason", "nie wiem")]).await.expect(303);
    marek.get(&desk(reference)).await.must_show("Marek: oddane do kolejki: „nie wiem”");
    assert_eq!(stands(&world, reference).await, stand("new", None, None));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_reason_without_end_is_not_taken_and_not_lost() {
    let world = World::new().await;
    let reference = &tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    act(&anna, reference, "assignment", &[("assignee", "me")]).await.expect(303);
    let long = "bo tak ".repeat(1000);
    let refused = act(&marek, reference, "assignment", &[("assignee", "me"), ("reason", &long)]).await.expect(422);
    refused.must_show("Ten tekst ma 6999 znaków");
    assert_eq!(refused.value("reason"), long.trim());
}

#[tokio::test]
async fn who_works_on_a_ticket_that_nobody_has_has_it() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    type Fields = &'static [(&'static str, &'static str)];
    let table: [(&str, Fields, &str, &str); 4] = [
        ("replies", &[("text", "Sprawdzamy.")], "open", "Anna: odpowiedź do klienta, wzięte"),
        ("status", &[("status", "waiting")], "waiting", "Anna: wstrzymane, wzięte"),
        ("status", &[("status", "resolved")], "resolved", "Anna: rozwiązane, wzięte"),
        ("status", &[("status", "open")], "open", "Anna: status „w toku”, wzięte"),
    ];
    for (reference, (path, fields, status, told)) in tickets(&world, 4).await.iter().zip(table) {
        act(&anna, reference, path, fields).await.expect(303);
        assert_eq!(stands(&world, reference).await, stand(status, Some("Anna"), None), "{path} {fields:?}");
        anna.get(&desk(reference)).await.must_show(told);
        assert_eq!(history(&world, reference).await.len(), 2);
    }
    // opening again what nobody had, too
    let spam = &tickets(&world, 1).await[0];
    act(&anna, spam, "status", &[("status", "spam")]).await.expect(303);
    assert_eq!(stands(&world, spam).await, stand("spam", None, None));
    act(&anna, spam, "status", &[("status", "open")]).await.expect(303);
    assert_eq!(stands(&world, spam).await, stand("open", Some("Anna"), None));
    // a note is no work on it, and who has it keeps it
    let noted = &tickets(&world, 1).await[0];
    act(&anna, noted, "notes", &[("text", "Widziałam.")]).await.expect(303);
    assert_eq!(stands(&world, noted).await, stand("new", None, None));
    let marek = world.agent("Marek").await;
    act(&marek, spam, "replies", &[("text", "Już działa.")]).await.expect(303);
    assert_eq!(stands(&world, spam).await, stand("open", Some("Anna"), None));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_ticket_among_the_new_ones_is_nobodys() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    for (reference, before) in tickets(&world, 4).await.iter().zip(["open", "waiting", "resolved", "spam"]) {
        act(&anna, reference, "assignment", &[("assignee", "me")]).await.expect(303);
        act(&anna, reference, "status", &[("status", before)]).await.expect(303);
        act(&anna, reference, "status", &[("status", "new")]).await.expect(303);
        assert_eq!(stands(&world, reference).await, stand("new", None, None), "{before}");
    }
    must_be_sound(&world).await;
}
