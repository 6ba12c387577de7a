//! Many tickets at once, and taking that back.

use dzwoni::{tickets::TicketReference, workers};
use time::Duration;
use uuid::Uuid;

use super::{Stands, act, desk, history, must_be_sound, stand, stands, tickets};
use crate::{
    given,
    support::{Answer, Browser, World},
};

/// The checkboxes of the queue, as it is drawn now.
async fn boxes(browser: &Browser, references: &[TicketReference]) -> Vec<String> {
    let page = browser.get("/staff?view=all&sort=newest").await.expect(200);
    let value = |reference: &TicketReference| {
        let (_, rest) = page.body.split_once(&format!("value=\"{reference}")).unwrap_or_else(|| panic!("{reference}"));
        format!("{reference}{}", rest.split('"').next().unwrap().replace("&#58;", ":"))
    };
    references.iter().map(value).collect()
}

async fn send(browser: &Browser, boxes: &[String], fields: &[(&str, &str)]) -> Answer {
    let tickets = boxes.iter().map(|value| ("ticket", value.as_str()));
    browser.post("/staff/bulk", &tickets.chain(fields.iter().copied()).collect::<Vec<_>>()).await
}

/// Does it to tickets as they are now, and gives what the queue says about it.
async fn done(browser: &Browser, references: &[TicketReference], fields: &[(&str, &str)]) -> Answer {
    let answer = send(browser, &boxes(browser, references).await, fields).await.expect(303);
    browser.follow(&answer).await.expect(200)
}

/// Presses the button that takes it back.
async fn undo(browser: &Browser, page: &Answer) -> Answer {
    let path = undo_path(page).unwrap_or_else(|| panic!("nothing to undo: {}", page.text()));
    browser.post(&path, &[("back", &page.value("back"))]).await
}

fn undo_path(page: &Answer) -> Option<String> {
    let (_, rest) = page.body.split_once("action=\"/staff/bulk/")?;
    let rest = rest.split('"').next()?;
    rest.ends_with("/undo").then(|| format!("/staff/bulk/{rest}"))
}

async fn all(world: &World, references: &[TicketReference]) -> Vec<Stands> {
    let mut all = Vec::new();
    for reference in references {
        all.push(stands(world, reference).await);
    }
    all
}

#[tokio::test]
async fn each_verb_leaves_one_event_a_ticket_and_is_taken_back_whole() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = tickets(&world, 3).await;
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let verbs: [(Fields, &str); 7] = [
        (&[("verb", "take")], "assigned"),
        (&[("verb", "assign"), ("assignee", "me")], "assigned"),
        (&[("verb", "status"), ("status", "waiting"), ("until", "friday"), ("whom", "carrier")], "waits"),
        (&[("verb", "status"), ("status", "resolved"), ("text", "Już działa.")], "resolved"),
        (&[("verb", "status"), ("status", "open")], "status_changed"),
        (&[("verb", "spam")], "marked_spam"),
        (&[("verb", "note"), ("note", "Ten sam operator.")], "noted"),
    ];
    for (fields, kind) in verbs {
        let before = all(&world, &references).await;
        let events = world.count("select count(*) from ticket_event").await;
        let page = done(&anna, &references, fields).await;
        page.must_show("Zmieniono 3 zgłoszenia.");
        assert_eq!(world.count("select count(*) from ticket_event").await, events + 3, "{fields:?}");
        for reference in &references {
            assert_eq!(history(&world, reference).await.last().unwrap(), kind);
        }
        if kind != "noted" {
            assert_ne!(all(&world, &references).await, before, "{fields:?}");
        }
        let undone = undo(&anna, &page).await.expect(303);
        anna.follow(&undone).await.must_show("Cofnięto 3 zgłoszenia.");
        assert_eq!(all(&world, &references).await, before, "{fields:?}");
        assert_eq!(world.count("select count(*) from ticket_event").await, events + 6, "{fields:?}");
        assert_eq!(history(&world, &references[0]).await.last().unwrap(), "undone");
        must_be_sound(&world).await;
    }
    let waits = "select count(*) from ticket where snoozed_until is not null or resolved_at is not null";
    assert_eq!(world.count(waits).await, 0);
}

#[tokio::test]
async fn a_note_that_was_taken_back_is_struck_through_and_hidden_from_nobody() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, customers) = given::report().accepted(&world).await;
    let references = [reference];
    let page = done(&anna, &references, &[("verb", "note"), ("note", "Pomyłka w zaznaczeniu")]).await;
    undo(&anna, &page).await.expect(303);
    let shown = anna.get(&desk(&references[0])).await;
    assert!(shown.body.contains("msg note withdrawn"), "{}", shown.body);
    shown.must_show("Pomyłka w zaznaczeniu").must_show("Anna: cofnięte");
    // an answer that was taken back is no answer: the customer does not see it any more
    let page = done(&anna, &references, &[("verb", "status"), ("status", "resolved"), ("text", "Za wcześnie")]).await;
    world.visitor().get(&customers).await.must_show("Za wcześnie");
    undo(&anna, &page).await.expect(303);
    world.visitor().get(&customers).await.must_not_show("Za wcześnie").must_show("Przyjęte");
    let shown = anna.get(&desk(&references[0])).await;
    assert!(shown.must_show("Za wcześnie").body.contains("msg out withdrawn"), "{}", shown.body);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn what_changed_meanwhile_is_left_and_said_so() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let references = tickets(&world, 4).await;
    let mut chosen = boxes(&anna, &references).await;
    act(&marek, &references[1], "notes", &[("text", "Patrzę.")]).await.expect(303);
    sqlx::query("delete from ticket where reference = $1")
        .bind(references[2].as_str())
        .execute(world.sql().await)
        .await
        .unwrap();
    chosen.push("nonsense".into());
    chosen.push(chosen[0].clone());
    let answer = send(&anna, &chosen, &[("verb", "take"), ("back", "/staff?view=new")]).await.expect(303);
    let page = anna.follow(&answer).await;
    page.must_show("Zmieniono 2 zgłoszenia. 1 zmienił ktoś w międzyczasie, zostało bez zmian. 2 już nie ma.");
    page.must_show(&references[1].to_string());
    assert_eq!(stands(&world, &references[1]).await, stand("new", None, None));

    // and taking back leaves what somebody touched after it
    act(&marek, &references[0], "replies", &[("text", "Już dzwonię.")]).await.expect(303);
    let undone = undo(&anna, &page).await.expect(303);
    let told = anna.follow(&undone).await;
    told.must_show("Cofnięto 1 zgłoszenie. 1 zmienił ktoś w międzyczasie, zostało bez zmian.");
    assert_eq!(stands(&world, &references[0]).await, stand("open", Some("Anna"), None));
    assert_eq!(stands(&world, &references[3]).await, stand("new", None, None));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn what_somebody_else_has_is_taken_over_only_with_a_reason() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let references = tickets(&world, 2).await;
    act(&anna, &references[0], "assignment", &[("assignee", "me")]).await.expect(303);
    let page = done(&marek, &references, &[("verb", "take")]).await;
    page.must_show("Zmieniono 1 zgłoszenie. 1 prowadzi ktoś inny: żeby je przejąć, podaj powód.");
    assert_eq!(stands(&world, &references[0]).await.who.unwrap(), "Anna");
    let page = done(&marek, &references, &[("verb", "take"), ("reason", "Anna jest chora")]).await;
    page.must_show("Zmieniono 1 zgłoszenie. 1 było takie już wcześniej.");
    assert_eq!(stands(&world, &references[0]).await.who.unwrap(), "Marek");
    marek.get(&desk(&references[0])).await.must_show("przejęte od Anna: „Anna jest chora”");
    must_be_sound(&world).await;
}

#[tokio::test]
async fn taking_back_is_for_who_did_it_for_fifteen_seconds_and_once() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let references = tickets(&world, 2).await;
    let page = done(&anna, &references, &[("verb", "take")]).await;
    let path = undo_path(&page).unwrap();
    marek.post(&path, &[]).await.expect(404);
    marek.post(&format!("/staff/bulk/{}/undo", Uuid::new_v4()), &[]).await.expect(404);
    marek.post("/staff/bulk/x/undo", &[]).await.expect(404);
    world.visitor().post(&path, &[]).await.expect(303);
    assert_eq!(stands(&world, &references[0]).await.status, "open");

    // the last moment, with a slow network
    world.advance(Duration::seconds(18));
    let (first, second) = tokio::join!(anna.post(&path, &[]), anna.post(&path, &[]));
    first.expect(303);
    second.expect(303);
    assert_eq!(history(&world, &references[0]).await, ["opened", "assigned", "undone"]);

    let page = done(&anna, &references, &[("verb", "take")]).await;
    world.advance(Duration::seconds(14));
    assert!(undo_path(&anna.get(&page_address(&page)).await).is_some());
    world.advance(Duration::seconds(1));
    assert!(undo_path(&anna.get(&page_address(&page)).await).is_none(), "an offer that can't be kept");
    world.advance(Duration::seconds(6));
    undo(&anna, &page).await.expect(409).must_show("Za późno, żeby to cofnąć");
    assert_eq!(stands(&world, &references[0]).await.status, "open");
    must_be_sound(&world).await;
}

/// The address that the page was found at.
fn page_address(page: &Answer) -> String {
    let id = undo_path(page).unwrap().split('/').nth(3).unwrap().to_owned();
    format!("/staff?view=all&said={id}")
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_done_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = tickets(&world, 3).await;
    let submission = anna.get("/staff").await.value("submission");
    let chosen = boxes(&anna, &references[..2]).await;
    let fields = [("verb", "note"), ("note", "raz"), ("submission", submission.as_str())];
    let (first, second) = tokio::join!(send(&anna, &chosen, &fields), send(&anna, &chosen, &fields));
    assert_eq!(first.expect(303).location(), second.expect(303).location());
    assert_eq!(world.count("select count(*) from ticket_event where payload ->> 'kind' = 'noted'").await, 2);
    // gone back to and filled in differently, it is another wish
    let other = boxes(&anna, &references[2..]).await;
    send(&anna, &other, &fields).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event where payload ->> 'kind' = 'noted'").await, 3);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn merging_many_takes_the_oldest_as_the_main_one_unless_told_otherwise() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = tickets(&world, 5).await;
    let [a, b, c, d, e] = &references[..] else { panic!() };
    let before = all(&world, &references).await;
    let page = done(&anna, &references[..3], &[("verb", "merge")]).await;
    page.must_show(&format!("Scalono 2 zgłoszenia z {a}."));
    assert_eq!(stands(&world, c).await, stand("duplicate", None, Some(a)));
    let undone = undo(&anna, &page).await.expect(303);
    anna.follow(&undone).await.must_show("Cofnięto 2 zgłoszenia.");
    assert_eq!(all(&world, &references).await, before);
    must_be_sound(&world).await;

    // families come along, and go back as they were
    act(&anna, b, "merge", &[("into", &a.to_string())]).await.expect(303);
    act(&anna, d, "merge", &[("into", &c.to_string())]).await.expect(303);
    let before = all(&world, &references).await;
    let chosen = [a.clone(), b.clone(), c.clone()];
    let page = done(&anna, &chosen, &[("verb", "merge"), ("into", &e.to_string())]).await;
    page.must_show(&format!("Scalono 3 zgłoszenia z {e}."));
    for duplicate in [a, b, c, d] {
        assert_eq!(stands(&world, duplicate).await, stand("duplicate", None, Some(e)));
    }
    must_be_sound(&world).await;
    undo(&anna, &page).await.expect(303);
    assert_eq!(all(&world, &references).await, before);
    must_be_sound(&world).await;

    // a duplicate whose former main somebody has touched since stays where its main is
    let page = done(&anna, std::slice::from_ref(c), &[("verb", "merge"), ("into", &e.to_string())]).await;
    let marek = world.agent("Marek").await;
    act(&marek, c, "notes", &[("text", "Tak, to samo.")]).await.expect(303);
    undo(&anna, &page).await.expect(303);
    assert_eq!(stands(&world, c).await, stand("duplicate", None, Some(e)));
    assert_eq!(stands(&world, d).await, stand("duplicate", None, Some(e)));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn duplicates_follow_and_come_back_with_their_main() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = tickets(&world, 4).await;
    let [main, b, c, other] = &references[..] else { panic!() };
    for duplicate in [b, c] {
        act(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    }
    let before = all(&world, &references).await;
    let chosen = [main.clone(), b.clone(), other.clone()];
    // b ends with its main, which is chosen, too
    let page = done(&anna, &chosen, &[("verb", "status"), ("status", "resolved")]).await;
    page.must_show("Zmieniono 3 zgłoszenia.");
    assert_eq!(stands(&world, c).await.status, "resolved");
    // somebody looks at one of them; its main is opened again, so it must not stay behind
    act(&anna, c, "notes", &[("text", "Sprawdzone.")]).await.expect(303);
    undo(&anna, &page).await.expect(303);
    assert_eq!(all(&world, &references).await, before);
    assert_eq!(history(&world, c).await.last().unwrap(), "follows_again");
    must_be_sound(&world).await;

    // a duplicate alone is told about
    let page = done(&anna, std::slice::from_ref(b), &[("verb", "spam")]).await;
    page.must_show("Nic się nie zmieniło. 1 to duplikat i kończy się razem z głównym.");
    assert!(undo_path(&page).is_none());
}

#[tokio::test]
async fn a_main_ticket_and_its_duplicate_are_spam_together() {
    let world = World::new().await;
    let these = tickets(&world, 3).await;
    let anna = world.agent("Anna").await;
    let into = these[2].to_string();
    for duplicate in &these[..2] {
        act(&anna, duplicate, "merge", &[("into", &into)]).await.expect(303);
    }
    let before = all(&world, &these).await;
    let page = done(&anna, &these[1..], &[("verb", "spam")]).await;
    page.must_show("Zmieniono 2 zgłoszenia");
    assert_eq!(stands(&world, &these[0]).await, stand("new", None, None), "nobody called this one spam");
    assert_eq!(stands(&world, &these[1]).await, stand("spam", None, None));
    assert_eq!(stands(&world, &these[2]).await, stand("spam", None, None));
    must_be_sound(&world).await;
    undo(&anna, &page).await;
    assert_eq!(all(&world, &these).await, before);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn what_a_verb_lacks_is_asked_again_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = tickets(&world, 2).await;
    let chosen = boxes(&anna, &references).await;
    let long = "za długie ".repeat(600);
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let table: [(Fields<'_>, &str, &str); 7] = [
        (&[("verb", "note"), ("note", " ")], "Wpisz treść", "bulk-note"),
        (&[("verb", "note"), ("note", &long)], "Ten tekst ma 5999 znaków", "bulk-note"),
        (&[("verb", "status"), ("status", "resolved"), ("text", &long)], "Ten tekst ma 5999 znaków", "bulk-text"),
        (&[("verb", "status"), ("status", "waiting"), ("until", "date")], "Wybierz dzień", "bulk-status"),
        (&[("verb", "merge"), ("into", "DZ-1")], "Numer zgłoszenia ma litery DZ", "bulk-into"),
        (&[("verb", "take"), ("reason", &long)], "Ten tekst ma 5999 znaków", "bulk-reason"),
        (&[("verb", "assign"), ("assignee", "none"), ("reason", &long)], "Ten tekst ma", "bulk-assignee"),
    ];
    for (fields, complaint, field) in table {
        let refused = send(&anna, &chosen, fields).await.expect(422);
        refused.must_show("Trzeba poprawić jedną rzecz");
        assert_eq!(refused.body.matches("aria-invalid=\"true\"").count(), 1, "{fields:?}");
        refused.must_show(complaint).must_show("Zmień 2 zgłoszenia");
        assert!(refused.body.contains(&format!("id=\"{field}\"")), "{fields:?}");
        assert_eq!(refused.body.matches("name=\"ticket\"").count(), 2);
        if fields.iter().any(|(_, value)| *value == long) {
            assert!(refused.body.contains(long.trim()), "{fields:?}");
        }
    }
    let refused = send(&anna, &chosen, &[("verb", "merge"), ("into", &references[0].to_string())]).await;
    refused.expect(303);
    let chosen = boxes(&anna, &references).await;
    let refused = send(&anna, &chosen[..1], &[("verb", "merge")]).await.expect(422);
    refused.must_show("to samo zgłoszenie albo jego duplikat");
    assert_eq!(world.count("select count(*) from bulk_action").await, 1);
}

#[tokio::test]
async fn nonsense_gets_a_plain_answer() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = tickets(&world, 1).await;
    let chosen = boxes(&anna, &references).await;
    send(&anna, &[], &[("verb", "take")]).await.expect(422).must_show("Nic nie jest zaznaczone");
    for fields in [
        &[][..],
        &[("verb", "explode")],
        &[("verb", "status"), ("status", "x")],
        &[("verb", "status"), ("status", "duplicate")],
        &[("verb", "assign"), ("assignee", "x")],
        &[("verb", "assign"), ("assignee", "00000000-0000-7000-8000-0000000000ff")],
    ] {
        send(&anna, &chosen, fields).await.expect(400);
    }
    let many: Vec<_> = (0..10_000).map(|_| TicketReference::random().to_string()).collect();
    let refused = send(&anna, &many, &[("verb", "take"), ("back", "/staff?view=new")]).await.expect(422);
    refused.must_show("Zaznaczone: 10000. Naraz zmienisz najwyżej 200 zgłoszeń");
    assert!(refused.body.contains("href=\"/staff?view=new\""));
    // two hundred that are not there are not there
    let page = send(&anna, &many[..200], &[("verb", "take")]).await.expect(303);
    anna.follow(&page).await.must_show("Nic się nie zmieniło. 200 już nie ma.");
    // what was done by somebody else, or is forgotten, is not told
    anna.get(&format!("/staff?said={}", Uuid::new_v4())).await.expect(200);
    anna.get("/staff?said=%3Cb%3E").await.expect(200).must_not_show("<b>");
    world.visitor().post("/staff/bulk", &[("verb", "take")]).await.expect(303);
    assert_eq!(stands(&world, &references[0]).await, stand("new", None, None));
}

#[tokio::test]
async fn two_people_who_change_the_same_tickets_at_once_do_not_wait_for_each_other() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let references = tickets(&world, 20).await;
    for round in 0..6 {
        let chosen = boxes(&anna, &references).await;
        let verb = if round % 2 == 0 { "note" } else { "spam" };
        let mut backwards = chosen.clone();
        backwards.reverse();
        let (annas, mareks) =
            ([("verb", "status"), ("status", "waiting"), ("until", "week")], [("verb", verb), ("note", "b")]);
        let (annas, mareks) = (send(&anna, &chosen, &annas), send(&marek, &backwards, &mareks));
        let (annas, mareks) = tokio::join!(annas, mareks);
        annas.expect(303);
        mareks.expect(303);
        must_be_sound(&world).await;
        send(&anna, &boxes(&anna, &references).await, &[("verb", "status"), ("status", "new")]).await.expect(303);
    }
}

#[tokio::test]
async fn what_can_no_longer_be_taken_back_is_forgotten() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = tickets(&world, 2).await;
    done(&anna, &references, &[("verb", "take")]).await;
    workers::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from bulk_action_ticket").await, 2);
    world.advance(Duration::hours(2));
    workers::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from bulk_action").await, 0);
    assert_eq!(world.count("select count(*) from bulk_action_ticket").await, 0);
    assert_eq!(world.count("select count(*) from ticket_event where bulk_action_id is not null").await, 2);
}
