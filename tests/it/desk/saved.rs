//! Saved replies: kept together, filled in by a ticket, sent by a person.

use super::desk;
use crate::{
    given,
    support::{Answer, Browser, World, unescaped},
};

/// What stands in the composer.
fn composed(page: &Answer) -> String {
    let text = page.body.split("<textarea id=\"text\"").nth(1).unwrap();
    let text = text.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
    unescaped(text.strip_prefix('\n').unwrap())
}

/// Adds a reply and gives its address.
async fn saved(browser: &Browser, title: &str, lang: &str, body: &str) -> String {
    let id = browser.get("/staff/replies/new").await.expect(200).value("id");
    let fields = [("id", id.as_str()), ("title", title), ("lang", lang), ("body", body)];
    browser.post("/staff/replies", &fields).await.expect(303);
    format!("/staff/replies/{id}")
}

fn id(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_reply_is_added_once_changed_and_deleted() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.admin("Marek").await);
    anna.get("/staff/replies").await.expect(200).must_show("Nie ma jeszcze zapisanych odpowiedzi");
    let address = saved(&anna, "Szukamy", "pl", "Sprawdzamy {numer_b}.").await;
    let fields = [("id", id(&address)), ("title", "Szukamy"), ("lang", "pl"), ("body", "Sprawdzamy {numer_b}.")];
    anna.post("/staff/replies", &fields).await.expect(303);
    assert_eq!(world.count("select count(*) from saved_reply").await, 1);
    marek.get("/staff/replies").await.must_show("Polski Szukamy Sprawdzamy {numer_b}. Anna, 14:30");

    let page = marek.get(&address).await.expect(200);
    let version = page.value("version");
    let fields = [("version", version.as_str()), ("title", "Looking"), ("lang", "en"), ("body", "We look.")];
    marek.post(&address, &fields).await.expect(303);
    anna.get("/staff/replies").await.must_show("Angielski Looking We look. Marek, 14:30").must_not_show("Szukamy");

    let version = anna.get(&address).await.value("version");
    for _ in 0..2 {
        anna.post(&format!("{address}/deletion"), &[("version", &version)]).await.expect(303);
    }
    anna.get(&address).await.expect(404);
    anna.get("/staff/replies").await.must_show("Nie ma jeszcze zapisanych odpowiedzi");
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_nothing_is_lost() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let refused = anna.post("/staff/replies", &[("title", " "), ("body", "Numer {numer_x}")]).await.expect(422);
    refused.must_show("Wpisz tytuł").must_show("Nie ma pola „numer_x”").must_show("Numer {numer_x}");
    let long = ("t".repeat(81), "b".repeat(5001));
    let refused = anna.post("/staff/replies", &[("title", &long.0), ("body", &long.1)]).await.expect(422);
    refused.must_show("Ten tekst ma 81 znaków").must_show("Ten tekst ma 5001 znaków");

    saved(&anna, "Szukamy", "pl", "a").await;
    let other = saved(&anna, "szukamy", "en", "b").await;
    let taken = [("title", "SZUKAMY"), ("lang", "pl"), ("body", "c")];
    anna.post("/staff/replies", &taken).await.expect(422).must_show("W tym języku jest już odpowiedź o takim tytule");
    let taken = [taken[0], taken[1], taken[2], ("version", "1")];
    anna.post(&other, &taken).await.expect(422).must_show("W tym języku jest już odpowiedź o takim tytule");
    assert_eq!(world.count("select count(*) from saved_reply").await, 2);
}

#[tokio::test]
async fn the_second_one_to_change_a_reply_sees_both() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let address = saved(&anna, "Szukamy", "pl", "pierwsza").await;
    let change = async |who: &Browser, version: &str, body: &str| {
        who.post(&address, &[("version", version), ("title", "Szukamy"), ("lang", "pl"), ("body", body)]).await
    };
    change(&anna, "1", "druga").await.expect(303);
    let refused = change(&marek, "1", "trzecia").await.expect(409);
    refused.must_show("Ktoś zmienił tę odpowiedź przed Tobą Anna, 14:30").must_show("druga").must_show("trzecia");
    marek.post(&format!("{address}/deletion"), &[("version", "1")]).await.expect(409).must_show("druga");
    change(&marek, &refused.value("version"), "trzecia").await.expect(303);

    anna.post(&format!("{address}/deletion"), &[("version", "3")]).await.expect(303);
    let gone = change(&marek, "3", "czwarta").await.expect(409);
    gone.must_show("Ktoś usunął tę odpowiedź przed Tobą").must_show("czwarta");
    let fields = [("id", &*gone.value("id")), ("title", "Szukamy"), ("lang", "pl"), ("body", "czwarta")];
    marek.post("/staff/replies", &fields).await.expect(303);
    anna.get("/staff/replies").await.must_show("czwarta");
}

#[tokio::test]
async fn a_ticket_fills_a_reply_in_and_nothing_unfilled_goes_out() {
    let world = World::new().await;
    let (call, customers_page) = given::report().accepted(&world).await;
    let (account, _) = given::logged_out().accepted(&world).await;
    let anna = world.agent("Anna Maria").await;
    let body = "{Numer A} → {numer_b}, {data} {godzina}, {kod} „{komunikat}”, {numer_zgloszenia}, {imię_pracownika}";
    let reply = saved(&anna, "Wszystko", "pl", body).await;
    let ticket = desk(&call);
    let page = anna.get(&format!("{ticket}?saved={}", id(&reply))).await.expect(200);
    let filled =
        format!("22 555 01 20 → 0044 20 8190 0322, 20.11.2026 14:05, 503 „503 Service Unavailable”, {call}, Anna");
    assert_eq!(composed(&page), filled);

    // without a script, what was written before stays; nothing is stored
    let fields = [("saved", id(&reply)), ("text", "Dzień dobry,"), ("submission", &*page.value("submission"))];
    let both = anna.post(&format!("{ticket}/saved"), &fields).await.expect(200);
    assert_eq!(composed(&both), format!("Dzień dobry,\n\n{filled}"));
    assert_eq!(both.value("submission"), page.value("submission"));
    assert_eq!(world.count("select count(*) from ticket_event").await, 2);

    let page = anna.get(&format!("{}?saved={}", desk(&account), id(&reply))).await.expect(200);
    let gaps = composed(&page);
    assert!(gaps.starts_with("[uzupełnij: numer_a] → [uzupełnij: numer_b]"), "{gaps}");
    for text in [gaps.as_str(), "Numer {number_b} działa"] {
        let refused = anna.post(&format!("{}/replies", desk(&account)), &[("text", text)]).await.expect(422);
        refused.must_show("W odpowiedzi zostało „").must_show(text);
    }
    anna.post(&format!("{}/notes", desk(&account)), &[("text", &gaps)]).await.expect(303);
    anna.post(&format!("{ticket}/replies"), &[("text", &filled)]).await.expect(303);
    world.visitor().get(&customers_page).await.must_show(&filled);
}

#[tokio::test]
async fn the_customers_language_comes_first_and_fills_in_its_own_words() {
    let world = World::new().await;
    let answer =
        given::report().with("caller", "zastrzeżony").send_to(&world.visitor(), "/en/report").await.expect(303);
    let reference = answer.location().split(['/', '?']).nth(3).unwrap().parse().unwrap();
    let anna = world.agent("Anna").await;
    saved(&anna, "Po polsku", "pl", "a").await;
    let english = saved(&anna, "In English", "en", "From {numer_a} at {time}").await;
    let page = anna.get(&desk(&reference)).await;
    let place = |text: &str| page.body.find(text).unwrap_or_else(|| panic!("{text} is not there"));
    assert!(place("label=\"Angielski\"") < place("In English") && place("In English") < place("label=\"Polski\""));
    let page = anna.get(&format!("{}?saved={}", desk(&reference), id(&english))).await;
    assert_eq!(composed(&page), "From [fill in: number_a] at 14:05");
    // a reply that is gone, or never was
    for saved in ["00000000-0000-4000-8000-000000000000", "x"] {
        assert_eq!(composed(&anna.get(&format!("{}?saved={saved}", desk(&reference))).await.expect(200)), "");
    }
}
