//! The search: every kind of term finds its tickets and no others.

use dzwoni::tickets::TicketReference;

use super::{post_with_version, ticket_path};
use crate::{
    given::{self, Report},
    support::{Browser, TestResponse, World},
};

async fn search(browser: &Browser, input: &str) -> TestResponse {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", input).finish();
    browser.get(&format!("/staff?{query}")).await
}

/// The names of the tickets that a search finds.
async fn finds(browser: &Browser, input: &str, tickets: &[(&str, TicketReference)]) -> Vec<String> {
    let response = search(browser, input).await;
    let text = match response.status.as_u16() {
        303 => response.location().to_owned(),
        _ => response.expect(200).body,
    };
    tickets
        .iter()
        .filter(|(_, reference)| text.contains(&reference.to_string()))
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

async fn accepted<const N: usize>(
    world: &World,
    reports: [(&'static str, Report); N],
) -> Vec<(&'static str, TicketReference)> {
    let mut all = Vec::new();
    for (name, report) in reports {
        all.push((name, report.accepted(world).await.0));
    }
    all
}

/// Five tickets that have little in common.
async fn five_tickets(world: &World) -> Vec<(&'static str, TicketReference)> {
    let call = |caller, callee| given::report().with("caller", caller).with("callee", callee).without("error_text");
    accepted(
        world,
        [
            (
                "office",
                call("22 122 80 22", "601 555 210")
                    .with("error_text", "SIP/2.0 503 Service Unavailable")
                    .with("email", "biuro@example.com"),
            ),
            (
                "abroad",
                call("12345-101", "0049 30 5550 170")
                    .with("day", "yesterday")
                    .with("time", "14:10")
                    .with("error_text", "„Numer nieosiągalny”, kod 480")
                    .with("email", "ewa@example.com"),
            ),
            (
                "anna",
                call("anna@sip.example.org", "22 122 80 23")
                    .with("category", "audio")
                    .with("symptom", "echo")
                    .with("day", "other")
                    .with("date", "2026-11-16")
                    .with("time", "8:00")
                    .with("description", "Brak WOLNYCH linii, słyszę tylko szum"),
            ),
            (
                "hidden",
                call("zastrzeżony", "22 555 03 40").with("category", "incoming").with("email", "ola@example.com"),
            ),
            (
                "account",
                given::logged_out().with("account", "54321-7").without("error_text").with("email", "jan@example.net"),
            ),
        ],
    )
    .await
}

#[tokio::test]
async fn every_search_term_finds_its_tickets_and_no_others() {
    let world = World::new().await;
    let all = five_tickets(&world).await;
    let anna = world.agent("Anna").await;
    let mine = ticket_path(&all[1].1);
    let page = anna.get(&mine).await;
    post_with_version(&anna, &page, &format!("{mine}/assignment"), &[("assignee", "me")]).await.expect(303);

    let mut failures = Vec::new();
    for (input, expected) in [
        // a number, however it is written
        ("22 122-80-22", &["office"][..]),
        ("0048221228022", &["office"]),
        ("+48 22 122 80 22", &["office"]),
        ("221228022", &["office"]),
        ("0 22 122 80 22", &["office"]),
        ("(22) 1228022", &["office"]),
        ("22.122.80.22", &["office"]),
        ("tel:+48-22-122-80-22", &["office"]),
        ("8022", &["office"]),
        ("228022", &["office"]),
        ("601555210", &["office"]),
        ("5210", &["office"]),
        ("+48601", &["office"]),
        ("601 555", &["office"]),
        // A or B
        ("22 122", &["office", "anna"]),
        ("4822122", &["office", "anna"]),
        ("a:22 122", &["office"]),
        ("od: 22 122", &["office"]),
        ("from:8022", &["office"]),
        ("b:22 122", &["anna"]),
        ("do:22 122 80 23", &["anna"]),
        ("to:22 122 80 22", &[]),
        ("+49 30 5550170", &["abroad"]),
        ("49 30 5550170", &["abroad"]),
        ("004930", &["abroad"]),
        ("0170", &["abroad"]),
        ("od:zastrzeżony", &["hidden"]),
        // accounts
        ("12345-101", &["abroad"]),
        ("a:12345-101", &["abroad"]),
        ("b:12345-101", &[]),
        ("12345101", &["abroad"]),
        ("konto:54321-7", &["account"]),
        ("54321", &["account"]),
        ("od:54321-7", &["account"]),
        ("sip:anna@sip.example.org", &["anna"]),
        ("anna@sip.example.org", &["anna"]),
        // e-mail and client addresses
        ("Biuro@Example.com", &["office"]),
        ("email:ewa@example.com", &["abroad"]),
        ("nobody@example.com", &[]),
        ("203.0.113.7", &["office", "abroad", "anna", "hidden", "account"]),
        ("203.0.113.8", &[]),
        // codes
        ("kod:503", &["office"]),
        ("503", &["office"]),
        ("code:480 kod:503", &["office", "abroad"]),
        ("kod:486", &[]),
        // times; a ticket without a call counts with the time of its report
        ("wczoraj", &["abroad"]),
        ("wczoraj 14:00-14:30", &["abroad"]),
        ("wczoraj 14:00-14:10", &["abroad"]),
        ("wczoraj 14:11-14:30", &[]),
        ("yesterday 14:12", &["abroad"]),
        ("19.11.2026", &["abroad"]),
        ("2026-11-19", &["abroad"]),
        ("dziś", &["office", "hidden", "account"]),
        ("14:00-14:10", &["office", "hidden"]),
        ("14:30", &["account"]),
        ("poniedziałek", &["anna"]),
        ("w poniedziałek o 8", &["anna"]),
        ("16.11-19.11", &["abroad", "anna"]),
        // assignee, status, category
        ("moje", &["abroad"]),
        ("wolne", &["office", "anna", "hidden", "account"]),
        ("status:otwarte", &["abroad"]),
        ("nowe dźwięk", &["anna"]),
        ("wylogowane", &["account"]),
        ("status:rozwiązane", &[]),
        // words
        ("\"Service Unavailable\"", &["office"]),
        ("\"2.0 503 service\"", &["office"]),
        ("\"Unavailable Service\"", &[]),
        ("\"numer nieosiagalny\"", &["abroad"]),
        ("NIEOSIĄGALNY", &["abroad"]),
        ("\"brak wolnych linii\"", &["anna"]),
        ("linii brak", &["anna"]),
        ("\"linii brak\"", &[]),
        ("\"brak wolnych\" \"szum\"", &["anna"]),
        // several terms
        ("22 122 kod:503", &["office"]),
        ("22 122 80 22 5210", &["office"]),
        ("22 122 80 22 → 601 555 210", &["office"]),
        ("22 122 80 22, 22 122 80 23", &[]),
        ("22 122 poniedziałek \"szum\" dźwięk", &["anna"]),
        ("nieosiągalny moje wczoraj kod:480 0170", &["abroad"]),
        ("8022 wczoraj", &[]),
        ("moje wolne", &[]),
        ("9999", &[]),
    ] {
        let found = finds(&anna, input, &all).await;
        if found != expected {
            failures.push(format!("{input} finds {found:?} and not {expected:?}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[tokio::test]
async fn searching_for_a_reference_in_any_spelling_opens_its_ticket() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (other, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let shown = reference.to_string();
    for input in [
        shown.clone(),
        shown.to_lowercase(),
        shown.replace('-', ""),
        shown.replace('-', " "),
        shown.replace('0', "O").replace('1', "l"),
        reference.as_str().to_owned(),
        format!("#{shown}"),
    ] {
        assert_eq!(search(&anna, &input).await.expect(303).location(), ticket_path(&reference), "{input}");
    }
    let unknown = TicketReference::random().to_string();
    search(&anna, &unknown).await.expect(200).assert_shows(&format!("Nie ma zgłoszenia {unknown}"));
    let last = if shown.ends_with('0') { '1' } else { '0' };
    let mistyped = format!("{}{last}", &shown[..shown.len() - 1]);
    search(&anna, &mistyped).await.expect(200).assert_shows("jest pomyłka");
    anna.get(&format!("/staff/tickets/{unknown}")).await.expect(404);
    // several references show a list
    let both = search(&anna, &format!("{reference} {other}")).await.expect(200);
    both.assert_shows(&shown).assert_shows(&other.to_string()).assert_shows("2 zgłoszenia");
}

#[tokio::test]
async fn a_single_hit_opens_at_once_unless_a_filter_is_set() {
    let world = World::new().await;
    let all = five_tickets(&world).await;
    let anna = world.agent("Anna").await;
    assert_eq!(search(&anna, "8022").await.expect(303).location(), ticket_path(&all[0].1));
    // with a filter or an order, the list is shown
    for address in ["/staff?q=8022&view=all", "/staff?q=8022&sort=call", "/staff?q=8022&category=outgoing"] {
        anna.get(address).await.expect(200).assert_shows(&all[0].1.to_string()).assert_shows("1 zgłoszenie");
    }
    // a search by day or category shows a list even with one hit
    search(&anna, "wczoraj").await.expect(200).assert_shows(&all[1].1.to_string());
    search(&anna, "wylogowane").await.expect(200).assert_shows(&all[4].1.to_string());
}

#[tokio::test]
async fn every_search_term_is_shown_and_can_be_removed() {
    let world = World::new().await;
    five_tickets(&world).await;
    let anna = world.agent("Anna").await;
    let page = anna.get("/staff?q=22+122+kod:503+wczoraj+14:00-14:30+abonent&view=all").await.expect(200);
    for chip in ["cyfry numeru: 22122", "kod: 503", "dzień: czw. 19.11.2026", "godziny: 14:00–14:30", "słowa: abonent"]
    {
        page.assert_shows(chip);
        assert!(page.body.contains(&format!("aria-label=\"Usuń warunek: {chip}\"")), "{chip}");
    }
    assert!(
        page.body.contains("href=\"/staff?view=all&#38;q=22%20122%20wczoraj%2014%3A00-14%3A30%20abonent\""),
        "{}",
        page.body
    );
    // a term that can not be parsed finds nothing and is named
    let page = anna.get("/staff?q=%25").await.expect(200);
    page.assert_shows("nieczytelne: %").assert_shows("Tego nie umiemy odczytać");
    // keywords in the other language
    let page = anna.get("/staff?q=from:8022+yesterday&view=all").await.expect(200);
    page.assert_shows("od, cyfry: 8022");
}

#[tokio::test]
async fn a_search_with_too_many_hits_is_cut_with_a_message() {
    let world = World::new().await;
    super::queue::insert_tickets(&world, 320).await;
    let anna = world.agent("Anna").await;
    let page = search(&anna, "0044 20 8190 0322").await.expect(200);
    page.assert_shows("Pasuje więcej, niż pokazujemy (300)");
    // the newest are among those shown
    page.assert_shows("DZ-00000-00140");
    search(&anna, "0044 20 8190 0322 14:20-14:25").await.expect(200).assert_hides("Pasuje więcej");
}
