//! Saved replies: edited by staff, filled in with the data of a ticket, inserted into the composer.

use super::ticket_path;
use crate::{
    given,
    support::{Browser, TestResponse, World, unescape_html},
};

/// The text in the composer.
fn composer_text(page: &TestResponse) -> String {
    let text = page.body.split("<textarea id=\"text\"").nth(1).unwrap();
    let text = text.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
    unescape_html(text.strip_prefix('\n').unwrap())
}

/// Adds a saved reply and returns its address.
async fn add_saved_reply(browser: &Browser, title: &str, lang: &str, body: &str) -> String {
    let id = browser.get("/staff/replies/new").await.expect(200).value("id");
    let fields = [("id", id.as_str()), ("title", title), ("lang", lang), ("body", body)];
    browser.post("/staff/replies", &fields).await.expect(303);
    format!("/staff/replies/{id}")
}

fn id_of(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_saved_reply_is_added_changed_and_deleted() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.admin("Marek").await);
    anna.get("/staff/replies").await.expect(200).assert_shows("Nie ma jeszcze zapisanych odpowiedzi");
    let address = add_saved_reply(&anna, "Szukamy", "pl", "Sprawdzamy {numer_b}.").await;
    let fields = [("id", id_of(&address)), ("title", "Szukamy"), ("lang", "pl"), ("body", "Sprawdzamy {numer_b}.")];
    anna.post("/staff/replies", &fields).await.expect(303);
    assert_eq!(world.count("select count(*) from saved_reply").await, 1);
    marek.get("/staff/replies").await.assert_shows("Polski Szukamy Sprawdzamy {numer_b}. Anna, 14:30");

    let page = marek.get(&address).await.expect(200);
    let version = page.value("version");
    let fields = [("version", version.as_str()), ("title", "Looking"), ("lang", "en"), ("body", "We look.")];
    marek.post(&address, &fields).await.expect(303);
    anna.get("/staff/replies").await.assert_shows("Angielski Looking We look. Marek, 14:30").assert_hides("Szukamy");

    let version = anna.get(&address).await.value("version");
    for _ in 0..2 {
        anna.post(&format!("{address}/deletion"), &[("version", &version)]).await.expect(303);
    }
    anna.get(&address).await.expect(404);
    anna.get("/staff/replies").await.assert_shows("Nie ma jeszcze zapisanych odpowiedzi");
}

#[tokio::test]
async fn a_saved_reply_form_shows_all_errors_at_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let refused = anna.post("/staff/replies", &[("title", " "), ("body", "Numer {numer_x}")]).await.expect(422);
    refused.assert_shows("Wpisz tytuł").assert_shows("Nie ma pola „numer_x”").assert_shows("Numer {numer_x}");
    let long = ("t".repeat(81), "b".repeat(5001));
    let refused = anna.post("/staff/replies", &[("title", &long.0), ("body", &long.1)]).await.expect(422);
    refused.assert_shows("Ten tekst ma 81 znaków").assert_shows("Ten tekst ma 5001 znaków");

    add_saved_reply(&anna, "Szukamy", "pl", "a").await;
    let other = add_saved_reply(&anna, "szukamy", "en", "b").await;
    let duplicate = [("title", "SZUKAMY"), ("lang", "pl"), ("body", "c")];
    anna.post("/staff/replies", &duplicate)
        .await
        .expect(422)
        .assert_shows("W tym języku jest już odpowiedź o takim tytule");
    let duplicate = [duplicate[0], duplicate[1], duplicate[2], ("version", "1")];
    anna.post(&other, &duplicate).await.expect(422).assert_shows("W tym języku jest już odpowiedź o takim tytule");
    assert_eq!(world.count("select count(*) from saved_reply").await, 2);
}

#[tokio::test]
async fn a_conflict_on_a_saved_reply_shows_both_versions() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let address = add_saved_reply(&anna, "Szukamy", "pl", "pierwsza").await;
    let change = async |staff: &Browser, version: &str, body: &str| {
        staff.post(&address, &[("version", version), ("title", "Szukamy"), ("lang", "pl"), ("body", body)]).await
    };
    change(&anna, "1", "druga").await.expect(303);
    let refused = change(&marek, "1", "trzecia").await.expect(409);
    refused
        .assert_shows("Ktoś zmienił tę odpowiedź przed Tobą Anna, 14:30")
        .assert_shows("druga")
        .assert_shows("trzecia");
    marek.post(&format!("{address}/deletion"), &[("version", "1")]).await.expect(409).assert_shows("druga");
    change(&marek, &refused.value("version"), "trzecia").await.expect(303);

    anna.post(&format!("{address}/deletion"), &[("version", "3")]).await.expect(303);
    let deleted = change(&marek, "3", "czwarta").await.expect(409);
    deleted.assert_shows("Ktoś usunął tę odpowiedź przed Tobą").assert_shows("czwarta");
    let fields = [("id", &*deleted.value("id")), ("title", "Szukamy"), ("lang", "pl"), ("body", "czwarta")];
    marek.post("/staff/replies", &fields).await.expect(303);
    anna.get("/staff/replies").await.assert_shows("czwarta");
}

#[tokio::test]
async fn placeholders_are_filled_in_from_the_ticket_and_unfilled_ones_are_not_sent() {
    let world = World::new().await;
    let (call, customer_page) = given::report().accepted(&world).await;
    let (account, _) = given::logged_out().accepted(&world).await;
    let anna = world.agent("Anna Maria").await;
    let body = "{Numer A} → {numer_b}, {data} {godzina}, {kod} „{komunikat}”, {numer_zgloszenia}, {imię_pracownika}";
    let reply = add_saved_reply(&anna, "Wszystko", "pl", body).await;
    let ticket = ticket_path(&call);
    let page = anna.get(&format!("{ticket}?saved={}", id_of(&reply))).await.expect(200);
    let filled =
        format!("22 555 01 20 → 0044 20 8190 0322, 20.11.2026 14:05, 503 „503 Service Unavailable”, {call}, Anna");
    assert_eq!(composer_text(&page), filled);

    // without JavaScript the typed text is kept, and nothing is stored
    let fields = [("saved", id_of(&reply)), ("text", "Dzień dobry,"), ("submission", &*page.value("submission"))];
    let both = anna.post(&format!("{ticket}/saved"), &fields).await.expect(200);
    assert_eq!(composer_text(&both), format!("Dzień dobry,\n\n{filled}"));
    assert_eq!(both.value("submission"), page.value("submission"));
    assert_eq!(world.count("select count(*) from ticket_event").await, 2);

    let page = anna.get(&format!("{}?saved={}", ticket_path(&account), id_of(&reply))).await.expect(200);
    let unfilled = composer_text(&page);
    assert!(unfilled.starts_with("[uzupełnij: numer_a] → [uzupełnij: numer_b]"), "{unfilled}");
    for text in [unfilled.as_str(), "Numer {number_b} działa"] {
        let refused = anna.post(&format!("{}/replies", ticket_path(&account)), &[("text", text)]).await.expect(422);
        refused.assert_shows("W odpowiedzi zostało „").assert_shows(text);
    }
    anna.post(&format!("{}/notes", ticket_path(&account)), &[("text", &unfilled)]).await.expect(303);
    anna.post(&format!("{ticket}/replies"), &[("text", &filled)]).await.expect(303);
    world.visitor().get(&customer_page).await.assert_shows(&filled);
}

#[tokio::test]
async fn saved_replies_in_the_language_of_the_customer_come_first() {
    let world = World::new().await;
    let response =
        given::report().with("caller", "zastrzeżony").send_to(&world.visitor(), "/en/report").await.expect(303);
    let reference = response.location().split(['/', '?']).nth(3).unwrap().parse().unwrap();
    let anna = world.agent("Anna").await;
    add_saved_reply(&anna, "Po polsku", "pl", "a").await;
    let english = add_saved_reply(&anna, "In English", "en", "From {numer_a} at {time}").await;
    let page = anna.get(&ticket_path(&reference)).await;
    let position = |text: &str| page.body.find(text).unwrap_or_else(|| panic!("{text} is not there"));
    assert!(
        position("label=\"Angielski\"") < position("In English")
            && position("In English") < position("label=\"Polski\"")
    );
    let page = anna.get(&format!("{}?saved={}", ticket_path(&reference), id_of(&english))).await;
    assert_eq!(composer_text(&page), "From [fill in: number_a] at 14:05");
    // a deleted reply and an invalid id
    for id in ["00000000-0000-4000-8000-000000000000", "x"] {
        assert_eq!(composer_text(&anna.get(&format!("{}?saved={id}", ticket_path(&reference))).await.expect(200)), "");
    }
}
