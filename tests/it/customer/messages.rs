//! What customers can send from their page, and what it does to the ticket.

use time::Duration;

use super::{assigned_ticket, post_form, subpage};
use crate::{
    given,
    support::World,
    tickets::{event_kinds, expected_state, post_action, ticket_state},
};

#[tokio::test]
async fn the_customer_page_says_what_happens_next_and_by_when() {
    let world = World::new().await;
    // a Friday, 14:30: four working hours end on Monday at 8:30
    let (reference, page) = given::report().accepted(&world).await;
    let visitor = world.visitor();
    visitor.get(&page).await.assert_shows("Zgłoszenie jest w kolejce. Odpowiemy w poniedziałek 23.11 do 8:30.");
    let english = page.replace("/pl/", "/en/");
    visitor.get(&english).await.assert_shows("We will answer by 8:30 on Monday, 23.11.");
    let anna = world.agent("Anna").await;
    post_action(&anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    visitor.get(&page).await.assert_shows("Technik sprawdza Twoje zgłoszenie. Odpowiemy w poniedziałek 23.11 do 8:30.");
    post_action(&anna, &reference, "status", &[("status", "waiting"), ("waiting_for", "carrier"), ("until", "week")])
        .await
        .expect(303);
    visitor
        .get(&page)
        .await
        .assert_shows("Czekamy na odpowiedź innego operatora.")
        .assert_shows("Wrócimy do tego w piątek 27.11 do 8:00");
    post_action(&anna, &reference, "status", &[("status", "open")]).await.expect(303);
    world.advance(Duration::days(4));
    // the page admits that the promised time has passed
    visitor
        .get(&page)
        .await
        .assert_shows("Przepraszamy, trwa to dłużej")
        .assert_shows("poniedziałek, 23 listopada 2026, 8:30");
    let anna = world.signed_in("anna@example.com").await;
    post_action(&anna, &reference, "replies", &[("text", "Już wiemy, dlaczego.")]).await.expect(303);
    visitor.get(&page).await.assert_hides("Przepraszamy").assert_shows("Technik zajmuje się Twoim zgłoszeniem");
}

#[tokio::test]
async fn the_customer_page_shows_the_call_time_with_its_precision() {
    let world = World::new().await;
    world.advance(Duration::seconds(33));
    let visitor = world.visitor();
    for (fields, shown) in [
        ([("day", "now"), ("precision", "30min")], "14:30, z dokładnością do pół godziny"),
        ([("day", "now"), ("precision", "exact")], "14:30, z dokładnością do 5 minut"),
        ([("day", "today"), ("time", "14:05:33")], "14:05:33, godzina dokładna"),
        ([("day", "today"), ("time", "14:05")], "14:05, godzina dokładna"),
    ] {
        let report = fields.into_iter().fold(given::report(), |report, (name, value)| report.with(name, value));
        let (_, page) = report.accepted(&world).await;
        visitor.get(&page).await.assert_shows(shown);
    }
}

#[tokio::test]
async fn a_resolved_ticket_requests_nothing_and_offers_a_new_report() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::report().accepted(&world).await;
    let customer = world.visitor();
    assert!(customer.get(&page).await.body.contains("href=\"#bookmark\""), "the bookmark hint is far below on a phone");
    post_action(&anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    let page_after = customer.get(&page).await;
    assert!(!page_after.assert_shows("Mamy wszystko, co potrzebne").body.contains("href=\"#bookmark\""));
    post_action(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    customer.get(&page).await.assert_shows("Wyślij nowe zgłoszenie").assert_hides("Mamy wszystko");
}

#[tokio::test]
async fn confirming_the_fix_resolves_the_ticket_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    let customer = world.visitor();
    let form = given::uuid();
    let address = subpage(&page, "/works");
    let fields = [("submission", form.as_str())];
    let (first, second) = tokio::join!(customer.post(&address, &fields), customer.post(&address, &fields));
    for response in [first, second] {
        customer
            .follow(&response.expect(303))
            .await
            .expect(200)
            .assert_shows("Dziękujemy, zapisaliśmy, że już działa.");
    }
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "assigned", "works"]);
    assert_eq!(ticket_state(&world, &reference).await, expected_state("resolved", Some("Anna"), None));
    anna.get(&format!("/staff/tickets/{reference}")).await.assert_shows("Klient: już działa, rozwiązane");
}

#[tokio::test]
async fn reporting_still_broken_reopens_the_ticket_for_its_assignee() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    post_action(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    let customer = world.visitor();
    customer.get(&page).await.assert_shows("Nadal nie działa?").assert_hides("Wyślij wiadomość");
    world.advance(Duration::days(3));
    let response = post_form(&customer, &page, "/fails", &[("text", "Dziś o 9:15 znowu cisza.")]).await.expect(303);
    customer.follow(&response).await.assert_shows("Technik wróci do sprawy").assert_shows("Dziś o 9:15 znowu cisza.");
    assert_eq!(ticket_state(&world, &reference).await, expected_state("open", Some("Anna"), None));
    let anna = world.signed_in("anna@example.com").await;
    anna.get(&format!("/staff/tickets/{reference}"))
        .await
        .assert_shows("Klient: nadal nie działa, otwarte ponownie")
        .assert_shows("Dziś o 9:15 znowu cisza.");
    // on an open ticket no text is needed
    post_form(&customer, &page, "/fails", &[]).await.expect(303);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "assigned", "resolved", "fails", "fails"]);
}

#[tokio::test]
async fn a_customer_message_reopens_a_waiting_ticket_and_is_stored_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    post_action(&anna, &reference, "status", &[("status", "waiting"), ("waiting_for", "customer")]).await.expect(303);
    let customer = world.visitor();
    let form = given::uuid();
    let fields = [("submission", form.as_str()), ("text", "To był numer 22 555 01 21.\nPrzepraszam.")];
    let address = subpage(&page, "/messages");
    let (first, second) = tokio::join!(customer.post(&address, &fields), customer.post(&address, &fields));
    first.expect(303);
    second.expect(303);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "assigned", "waits", "wrote"]);
    assert_eq!(ticket_state(&world, &reference).await, expected_state("open", Some("Anna"), None));
    // the same submission with another text is another message
    customer.post(&address, &[("submission", &form), ("text", "I jeszcze jedno.")]).await.expect(303);
    anna.get(&format!("/staff/tickets/{reference}")).await.assert_shows("To był numer 22 555 01 21. Przepraszam.");
    customer.get(&page).await.assert_shows("I jeszcze jedno.");
    for (text, message) in [("  ", "Napisz coś, zanim wyślesz"), (&"ż".repeat(5001), "Ten tekst ma 5001 znaków")] {
        let refused = post_form(&customer, &page, "/messages", &[("text", text)]).await.expect(422);
        refused.assert_shows(message);
        assert!(refused.body.contains(text.trim()), "the typed text is kept");
        assert!(
            refused.body.contains(&format!("href=\"/en/ticket/{reference}?key=")),
            "the language switch leads to the ticket page"
        );
    }
    let response = post_form(&customer, &page, "/messages", &[("text", "<script>alert(1)</script>")]).await.expect(303);
    assert!(!customer.follow(&response).await.body.contains("<script>alert"));
}

#[tokio::test]
async fn a_further_call_example_is_stored_as_typed_and_found_by_its_numbers() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    let (other, _) = given::report().accepted(&world).await;
    let customer = world.visitor();
    let blank = customer.get(&subpage(&page, "/example")).await.expect(200);
    blank.assert_shows("Dodaj przykład połączenia").assert_shows("Na jaki numer?");
    // the same validation as for a report
    let invalid = [("caller", "22 122 80 22, 601 555 210"), ("callee", "1234"), ("time", "14:75"), ("day", "today")];
    let refused = post_form(&customer, &page, "/example", &invalid).await.expect(422);
    refused.assert_shows("dwa numery").assert_shows("Nie ma takiej godziny jak 14:75");
    assert_eq!(refused.value("callee"), "1234");

    let call = [
        ("submission", "0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1a01"),
        ("caller", "+48 22 555 09 99"),
        ("callee", "601 555 777"),
        ("day", "yesterday"),
        ("time", "około 9"),
        ("error_text", "404 Not Found"),
    ];
    let address = subpage(&page, "/example");
    let (first, second) = tokio::join!(customer.post(&address, &call), customer.post(&address, &call));
    first.expect(303);
    let page_after = customer.follow(&second.expect(303)).await;
    page_after
        .assert_shows("Dziękujemy, przykład jest w zgłoszeniu.")
        .assert_shows("22 555 09 99, numer stacjonarny, Warszawa")
        .assert_shows("wpisano: +48 22 555 09 99")
        .assert_shows("czwartek, 19 listopada 2026, 9:00");
    assert_eq!(world.count("select count(*) from call_example").await, 1);
    let shown = anna.get(&format!("/staff/tickets/{reference}")).await;
    shown
        .assert_shows("22 555 09 99 → 601 555 777, czw. 19.11.2026, 8:30–9:30, 404 Not Found")
        .assert_shows("Klient: kolejny przykład połączenia");
    // found by the whole number, by a part of it, on either side, but never by two calls together
    for (search, found) in [
        ("22 555 09 99", true),
        ("a:22 555 09 99", true),
        ("b:22 555 09 99", false),
        ("b:601 555 777", true),
        ("5777", true),
        ("22 555 09", true),
        ("a:22 555 09 99 b:601 555 777", true),
        ("a:22 555 09 99 b:0044 20 8190 0322", false),
        ("22 555 09 99 wczoraj", true),
        ("22 555 09 99 dziś", false),
    ] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", search).finish();
        let response = anna.get(&format!("/staff?view=all&{query}")).await;
        let is_found = response.status == 303 || response.shows(&reference.to_string());
        assert_eq!(is_found, found, "{search}");
        assert!(!response.shows(&other.to_string()), "{search}");
    }
}

#[tokio::test]
async fn a_ticket_takes_twenty_call_examples_and_an_account_ticket_none() {
    let world = World::new().await;
    let (_, page) = given::report().accepted(&world).await;
    let call = [("caller", "101"), ("callee", "601 555 777"), ("day", "today"), ("time", "9:00")];
    for number in 0..21 {
        let customer = world.visitor().from_ip(&format!("198.51.100.{number}"));
        let response = post_form(&customer, &page, "/example", &call).await;
        match number {
            20 => response.expect(422).assert_shows("więcej nie potrzebujemy"),
            _ => response.expect(303).assert_hides("więcej"),
        };
    }
    assert_eq!(world.count("select count(*) from call_example").await, 20);
    world.assert_invariants().await;
    let (_, account) = given::logged_out().accepted(&world).await;
    world.visitor().get(&subpage(&account, "/example")).await.expect(404);
    world.visitor().get(&account).await.assert_hides("Dodaj przykład");
}

#[tokio::test]
async fn a_ticket_closed_for_good_refuses_messages_but_keeps_the_text() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    post_action(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    world.advance(Duration::days(14) + Duration::seconds(1));
    let customer = world.visitor();
    customer.get(&page).await.assert_shows("To zgłoszenie jest zamknięte.").assert_hides("Nadal nie działa");
    for path in ["/fails", "/messages"] {
        let refused = post_form(&customer, &page, path, &[("text", "Znowu nie działa od rana.")]).await.expect(409);
        refused.assert_shows("nie przyjmuje wiadomości").assert_shows("Znowu nie działa od rana.");
    }
    let call = [("caller", "101"), ("callee", "601 555 777"), ("day", "today"), ("time", "9:00")];
    post_form(&customer, &page, "/example", &call).await.expect(409).assert_shows("już zamknięte");
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "assigned", "resolved"]);
}

#[tokio::test]
async fn messages_from_the_customer_of_a_duplicate_reach_the_main_ticket() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (main, main_page) = assigned_ticket(&world, &anna).await;
    let (duplicate, page) = given::report().with("email", "ewa@example.com").accepted(&world).await;
    post_action(&anna, &duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    let customer = world.visitor();
    customer.get(&page).await.assert_shows("Sprawdzamy").assert_shows("Rozpatrujemy je razem");
    // one of two customers confirms: neither ticket is closed, and the staff see it
    post_form(&customer, &page, "/works", &[]).await.expect(303);
    post_form(&customer, &page, "/messages", &[("text", "Działa od 15:00.")]).await.expect(303);
    assert_eq!(ticket_state(&world, &duplicate).await, expected_state("duplicate", None, Some(&main)));
    post_form(&customer, &main_page, "/works", &[]).await.expect(303);
    assert_eq!(ticket_state(&world, &main).await, expected_state("open", Some("Anna"), None));
    let staff_page = anna.get(&format!("/staff/tickets/{main}")).await;
    staff_page.assert_shows(&format!("Odezwał się klient duplikatu {duplicate}")).assert_shows("Klient: już działa");
    // neither customer sees the other's messages
    customer.get(&main_page).await.assert_hides("Działa od 15:00.");
    customer.get(&page).await.assert_hides("ewa@example.com, ").assert_shows("Działa od 15:00.");

    // the problem remains for one of them: the duplicate is separated
    post_action(&anna, &main, "status", &[("status", "resolved")]).await.expect(303);
    assert_eq!(ticket_state(&world, &duplicate).await, expected_state("resolved", None, Some(&main)));
    post_form(&customer, &page, "/fails", &[("text", "U mnie nie.")]).await.expect(303);
    assert_eq!(ticket_state(&world, &duplicate).await, expected_state("new", None, None));
    assert_eq!(ticket_state(&world, &main).await, expected_state("resolved", Some("Anna"), None));
    let staff_page = anna.get(&format!("/staff/tickets/{duplicate}")).await;
    staff_page.assert_shows(&format!("Klient: nadal nie działa, otwarte ponownie, już nie duplikat {main}"));
}

#[tokio::test]
async fn messages_do_not_reopen_spam_and_its_customer_sees_no_difference() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::report().accepted(&world).await;
    post_action(&anna, &reference, "status", &[("status", "spam")]).await.expect(303);
    let customer = world.visitor();
    for path in ["/works", "/fails", "/messages"] {
        post_form(&customer, &page, path, &[("text", "Proszę o odpowiedź.")]).await.expect(303);
    }
    assert_eq!(ticket_state(&world, &reference).await, expected_state("spam", None, None));
    customer.get(&page).await.assert_shows("Przyjęte");
}

#[tokio::test]
async fn customer_messages_are_rate_limited() {
    let world = World::new().await;
    let (_, page) = given::report().accepted(&world).await;
    let customer = world.visitor();
    let mut last = 303;
    for number in 0..40 {
        last =
            post_form(&customer, &page, "/messages", &[("text", &format!("Wiadomość {number}"))]).await.status.as_u16();
        if last != 303 {
            break;
        }
    }
    assert_eq!(last, 429);
    customer.get(&page).await.expect(200);
}
