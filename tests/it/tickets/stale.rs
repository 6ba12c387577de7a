//! Who was second is shown both sides, and nothing that was written is lost.

use super::{act, act_from, desk, history, must_be_sound, stand, stands, tickets};
use crate::support::World;

#[tokio::test]
async fn everything_that_happened_since_the_page_was_drawn_is_shown() {
    let world = World::new().await;
    let reference = &tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let stale = marek.get(&desk(reference)).await;
    act(&anna, reference, "assignment", &[("assignee", "me")]).await.expect(303);
    act(&anna, reference, "replies", &[("text", "Naprawione.")]).await.expect(303);
    let fields = [("status", "waiting"), ("whom", "carrier"), ("until", "tomorrow"), ("reason", "druga trasa")];
    let refused = act_from(&marek, &stale, reference, "status", &fields).await.expect(409);
    refused.must_show("Anna: wzięte").must_show("Anna: odpowiedź do klienta").must_show("Naprawione.");
    refused.must_show("Zmienić status na „wstrzymane”").must_not_show("Przyjęto");
    for (name, value) in &fields[1..] {
        assert_eq!(refused.value(name), *value);
    }
    act_from(&marek, &refused, reference, "status", &fields).await.expect(303);
    marek
        .get(&desk(reference))
        .await
        .must_show("Marek: wstrzymane, czekamy na innego operatora, do 21.11.2026, 8:00: „druga trasa”");
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_stale_note_is_kept() {
    let world = World::new().await;
    let reference = &tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let stale = marek.get(&desk(reference)).await;
    act(&anna, reference, "status", &[("status", "resolved")]).await.expect(303);
    act_from(&marek, &stale, reference, "notes", &[("text", "Widziałem to samo.")]).await.expect(303);
    anna.get(&desk(reference)).await.must_show("Widziałem to samo.");
    assert_eq!(history(&world, reference).await, ["opened", "resolved", "noted"]);
}

#[tokio::test]
async fn a_customer_is_not_answered_by_two_people_at_once() {
    let world = World::new().await;
    let reference = &tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let stale = marek.get(&desk(reference)).await;
    let submission = stale.value("submission");
    // a note and a status are no reason to hold an answer back
    act(&anna, reference, "notes", &[("text", "Patrzę.")]).await.expect(303);
    act_from(&marek, &stale, reference, "replies", &[("text", "Sprawdzamy.")]).await.expect(303);

    let stale = marek.get(&desk(reference)).await;
    act(&anna, reference, "replies", &[("text", "Już działa.")]).await.expect(303);
    let fields = [("text", "Proszę czekać."), ("submission", submission.as_str())];
    let refused = act_from(&marek, &stale, reference, "replies", &fields).await.expect(409);
    refused.must_show("Już działa.").must_show("Proszę czekać.").must_show("Wysłać odpowiedź");
    assert_eq!(history(&world, reference).await, ["opened", "noted", "replied", "replied"]);
    // having seen both, Marek insists: once, however often he presses
    act_from(&marek, &refused, reference, "replies", &fields).await.expect(303);
    act_from(&marek, &refused, reference, "replies", &fields).await.expect(303);
    assert_eq!(history(&world, reference).await.len(), 5);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn an_answer_to_a_customer_who_wrote_meanwhile_is_held_back() {
    let world = World::new().await;
    let report = crate::given::report();
    let (reference, _) = report.accepted(&world).await;
    let anna = world.agent("Anna").await;
    let stale = anna.get(&desk(&reference)).await;
    report.with("description", "Jeszcze coś.").send(&world.visitor()).await.expect(303);
    act_from(&anna, &stale, &reference, "replies", &[("text", "Gotowe.")]).await.expect(409).must_show("Gotowe.");
}

#[tokio::test]
async fn pressing_twice_is_pressing_once() {
    let world = World::new().await;
    let references = tickets(&world, 3).await;
    let anna = world.agent("Anna").await;
    let twice: [(&str, &[(&str, &str)]); 3] = [
        ("status", &[("status", "resolved"), ("text", "Już działa.")]),
        ("status", &[("status", "waiting"), ("until", "tomorrow"), ("reason", "druga trasa")]),
        ("assignment", &[("assignee", "me")]),
    ];
    for (reference, (path, fields)) in references.iter().zip(twice) {
        let page = anna.get(&desk(reference)).await;
        act_from(&anna, &page, reference, path, fields).await.expect(303);
        act_from(&anna, &page, reference, path, fields).await.expect(303);
        assert_eq!(history(&world, reference).await.len(), 2, "{path}");
    }
    // with other words it is another wish
    let page = anna.get(&desk(&references[2])).await;
    act_from(&anna, &page, &references[2], "status", &[("status", "resolved"), ("text", "A")]).await.expect(303);
    let other = [("status", "resolved"), ("text", "B")];
    let refused = act_from(&anna, &page, &references[2], "status", &other).await.expect(409);
    assert_eq!(history(&world, &references[2]).await, ["opened", "assigned", "resolved"]);
    act_from(&anna, &refused, &references[2], "status", &other).await.expect(303);
    anna.get(&desk(&references[2])).await.must_show("B");
    assert_eq!(stands(&world, &references[2]).await, stand("resolved", Some("Anna"), None));
}
