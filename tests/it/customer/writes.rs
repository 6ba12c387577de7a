//! What customers say on the page, and what becomes of the ticket.

use time::Duration;

use super::{below, send, taken};
use crate::{
    given,
    support::World,
    tickets::{act, history, must_be_sound, stand, stands},
};

#[tokio::test]
async fn the_page_says_what_happens_next_and_by_when() {
    let world = World::new().await;
    // a Friday, 14:30: four working hours end on Monday at 8:30
    let (reference, page) = given::report().accepted(&world).await;
    let visitor = world.visitor();
    visitor.get(&page).await.must_show("Zgłoszenie jest w kolejce. Odpowiemy w poniedziałek 23.11 do 8:30.");
    let english = page.replace("/pl/", "/en/");
    visitor.get(&english).await.must_show("We will answer by 8:30 on Monday, 23.11.");
    let anna = world.agent("Anna").await;
    act(&anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    visitor.get(&page).await.must_show("Technik sprawdza Twoje zgłoszenie. Odpowiemy w poniedziałek 23.11 do 8:30.");
    act(&anna, &reference, "status", &[("status", "waiting"), ("whom", "carrier"), ("until", "week")])
        .await
        .expect(303);
    visitor
        .get(&page)
        .await
        .must_show("Czekamy na odpowiedź innego operatora.")
        .must_show("Wrócimy do tego w piątek 27.11 do 8:00");
    act(&anna, &reference, "status", &[("status", "open")]).await.expect(303);
    world.advance(Duration::days(4));
    // nobody pretends that the promise was kept
    visitor
        .get(&page)
        .await
        .must_show("Przepraszamy, trwa to dłużej")
        .must_show("poniedziałek, 23 listopada 2026, 8:30");
    let anna = world.signed_in("anna@example.com").await;
    act(&anna, &reference, "replies", &[("text", "Już wiemy, dlaczego.")]).await.expect(303);
    visitor.get(&page).await.must_not_show("Przepraszamy").must_show("Technik zajmuje się Twoim zgłoszeniem");
}

#[tokio::test]
async fn the_page_says_how_sure_a_time_is_and_no_seconds_that_nobody_gave() {
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
        visitor.get(&page).await.must_show(shown);
    }
}

#[tokio::test]
async fn what_is_resolved_asks_for_nothing_and_leads_to_a_new_report() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::report().accepted(&world).await;
    let customer = world.visitor();
    assert!(customer.get(&page).await.body.contains("href=\"#bookmark\""), "the way back is far below on a telephone");
    act(&anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    let taken = customer.get(&page).await;
    assert!(!taken.must_show("Mamy wszystko, co potrzebne").body.contains("href=\"#bookmark\""));
    act(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    customer.get(&page).await.must_show("Wyślij nowe zgłoszenie").must_not_show("Mamy wszystko");
}

#[tokio::test]
async fn it_works_now_resolves_the_ticket_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    let customer = world.visitor();
    let form = given::uuid();
    let address = below(&page, "/works");
    let fields = [("submission", form.as_str())];
    let (one, two) = tokio::join!(customer.post(&address, &fields), customer.post(&address, &fields));
    for answer in [one, two] {
        customer.follow(&answer.expect(303)).await.expect(200).must_show("Dziękujemy, zapisaliśmy, że już działa.");
    }
    assert_eq!(history(&world, &reference).await, ["opened", "assigned", "works"]);
    assert_eq!(stands(&world, &reference).await, stand("resolved", Some("Anna"), None));
    anna.get(&format!("/staff/tickets/{reference}")).await.must_show("Klient: już działa, rozwiązane");
    must_be_sound(&world).await;
}

#[tokio::test]
async fn it_still_fails_opens_again_for_whom_it_was() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    act(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    let customer = world.visitor();
    customer.get(&page).await.must_show("Nadal nie działa?").must_not_show("Wyślij wiadomość");
    world.advance(Duration::days(3));
    let said = send(&customer, &page, "/fails", &[("text", "Dziś o 9:15 znowu cisza.")]).await.expect(303);
    customer.follow(&said).await.must_show("Technik wróci do sprawy").must_show("Dziś o 9:15 znowu cisza.");
    assert_eq!(stands(&world, &reference).await, stand("open", Some("Anna"), None));
    let anna = world.signed_in("anna@example.com").await;
    anna.get(&format!("/staff/tickets/{reference}"))
        .await
        .must_show("Klient: nadal nie działa, otwarte ponownie")
        .must_show("Dziś o 9:15 znowu cisza.");
    // while it is open it is confirmed, without a word
    send(&customer, &page, "/fails", &[]).await.expect(303);
    assert_eq!(history(&world, &reference).await, ["opened", "assigned", "resolved", "fails", "fails"]);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_message_brings_the_ticket_back_and_counts_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    act(&anna, &reference, "status", &[("status", "waiting"), ("whom", "customer")]).await.expect(303);
    let customer = world.visitor();
    let form = given::uuid();
    let fields = [("submission", form.as_str()), ("text", "To był numer 22 555 01 21.\nPrzepraszam.")];
    let address = below(&page, "/messages");
    let (one, two) = tokio::join!(customer.post(&address, &fields), customer.post(&address, &fields));
    one.expect(303);
    two.expect(303);
    assert_eq!(history(&world, &reference).await, ["opened", "assigned", "waits", "wrote"]);
    assert_eq!(stands(&world, &reference).await, stand("open", Some("Anna"), None));
    // written on, it is another message
    customer.post(&address, &[("submission", &form), ("text", "I jeszcze jedno.")]).await.expect(303);
    anna.get(&format!("/staff/tickets/{reference}")).await.must_show("To był numer 22 555 01 21. Przepraszam.");
    customer.get(&page).await.must_show("I jeszcze jedno.");
    for (text, complaint) in [("  ", "Napisz coś, zanim wyślesz"), (&"ż".repeat(5001), "Ten tekst ma 5001 znaków")]
    {
        let refused = send(&customer, &page, "/messages", &[("text", text)]).await.expect(422);
        refused.must_show(complaint);
        assert!(refused.body.contains(text.trim()), "what was typed stays");
        assert!(refused.body.contains(&format!("href=\"/en/ticket/{reference}?key=")), "the other language is a page");
    }
    let script = send(&customer, &page, "/messages", &[("text", "<script>alert(1)</script>")]).await.expect(303);
    assert!(!customer.follow(&script).await.body.contains("<script>alert"));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn another_call_is_kept_as_typed_and_found_by_its_numbers() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    let (other, _) = given::report().accepted(&world).await;
    let customer = world.visitor();
    let blank = customer.get(&below(&page, "/example")).await.expect(200);
    blank.must_show("Dodaj przykład połączenia").must_show("Na jaki numer?");
    // the report's own complaints
    let wrong = [("caller", "22 122 80 22, 601 555 210"), ("callee", "1234"), ("time", "14:75"), ("day", "today")];
    let refused = send(&customer, &page, "/example", &wrong).await.expect(422);
    refused.must_show("dwa numery").must_show("Nie ma takiej godziny jak 14:75");
    assert_eq!(refused.value("callee"), "1234");

    let call = [
        ("submission", "0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1a01"),
        ("caller", "+48 22 555 09 99"),
        ("callee", "601 555 777"),
        ("day", "yesterday"),
        ("time", "około 9"),
        ("error_text", "404 Not Found"),
    ];
    let address = below(&page, "/example");
    let (one, two) = tokio::join!(customer.post(&address, &call), customer.post(&address, &call));
    one.expect(303);
    let told = customer.follow(&two.expect(303)).await;
    told.must_show("Dziękujemy, przykład jest w zgłoszeniu.")
        .must_show("22 555 09 99, numer stacjonarny, Warszawa")
        .must_show("wpisano: +48 22 555 09 99")
        .must_show("czwartek, 19 listopada 2026, 9:00");
    assert_eq!(world.count("select count(*) from call_example").await, 1);
    let shown = anna.get(&format!("/staff/tickets/{reference}")).await;
    shown
        .must_show("22 555 09 99 → 601 555 777, czw. 19.11.2026, 8:30–9:30, 404 Not Found")
        .must_show("Klient: kolejny przykład połączenia");
    // by the whole number, a part of it, from either side, and not by two calls put together
    for (line, found) in [
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
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", line).finish();
        let answer = anna.get(&format!("/staff?view=all&{query}")).await;
        let is_found = answer.status == 303 || answer.shows(&reference.to_string());
        assert_eq!(is_found, found, "{line}");
        assert!(!answer.shows(&other.to_string()), "{line}");
    }
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_ticket_takes_so_many_examples_and_an_account_none() {
    let world = World::new().await;
    let (_, page) = given::report().accepted(&world).await;
    let call = [("caller", "101"), ("callee", "601 555 777"), ("day", "today"), ("time", "9:00")];
    for number in 0..21 {
        let customer = world.visitor().from_ip(&format!("198.51.100.{number}"));
        let answer = send(&customer, &page, "/example", &call).await;
        match number {
            20 => answer.expect(422).must_show("więcej nie potrzebujemy"),
            _ => answer.expect(303).must_not_show("więcej"),
        };
    }
    assert_eq!(world.count("select count(*) from call_example").await, 20);
    must_be_sound(&world).await;
    let (_, account) = given::logged_out().accepted(&world).await;
    world.visitor().get(&below(&account, "/example")).await.expect(404);
    world.visitor().get(&account).await.must_not_show("Dodaj przykład");
}

#[tokio::test]
async fn what_is_closed_for_good_says_so_and_keeps_what_was_written() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    act(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    world.advance(Duration::days(14) + Duration::seconds(1));
    let customer = world.visitor();
    customer.get(&page).await.must_show("To zgłoszenie jest zamknięte.").must_not_show("Nadal nie działa");
    for path in ["/fails", "/messages"] {
        let refused = send(&customer, &page, path, &[("text", "Znowu nie działa od rana.")]).await.expect(409);
        refused.must_show("nie przyjmuje wiadomości").must_show("Znowu nie działa od rana.");
    }
    let call = [("caller", "101"), ("callee", "601 555 777"), ("day", "today"), ("time", "9:00")];
    send(&customer, &page, "/example", &call).await.expect(409).must_show("już zamknięte");
    assert_eq!(history(&world, &reference).await, ["opened", "assigned", "resolved"]);
}

#[tokio::test]
async fn a_duplicates_customer_follows_the_main_ticket_and_is_heard() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (main, main_page) = taken(&world, &anna).await;
    let (duplicate, page) = given::report().with("email", "ewa@example.com").accepted(&world).await;
    act(&anna, &duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    let customer = world.visitor();
    customer.get(&page).await.must_show("Sprawdzamy").must_show("Rozpatrujemy je razem");
    // one of two says that it works: neither ends, and who works on it hears
    send(&customer, &page, "/works", &[]).await.expect(303);
    send(&customer, &page, "/messages", &[("text", "Działa od 15:00.")]).await.expect(303);
    assert_eq!(stands(&world, &duplicate).await, stand("duplicate", None, Some(&main)));
    send(&customer, &main_page, "/works", &[]).await.expect(303);
    assert_eq!(stands(&world, &main).await, stand("open", Some("Anna"), None));
    let desk = anna.get(&format!("/staff/tickets/{main}")).await;
    desk.must_show(&format!("Odezwał się klient duplikatu {duplicate}")).must_show("Klient: już działa");
    // neither reads the other's words
    customer.get(&main_page).await.must_not_show("Działa od 15:00.");
    customer.get(&page).await.must_not_show("ewa@example.com, ").must_show("Działa od 15:00.");

    // it is over, and for one of them it is not: that was another trouble
    act(&anna, &main, "status", &[("status", "resolved")]).await.expect(303);
    assert_eq!(stands(&world, &duplicate).await, stand("resolved", None, Some(&main)));
    send(&customer, &page, "/fails", &[("text", "U mnie nie.")]).await.expect(303);
    assert_eq!(stands(&world, &duplicate).await, stand("new", None, None));
    assert_eq!(stands(&world, &main).await, stand("resolved", Some("Anna"), None));
    let desk = anna.get(&format!("/staff/tickets/{duplicate}")).await;
    desk.must_show(&format!("Klient: nadal nie działa, otwarte ponownie, już nie duplikat {main}"));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn spam_stays_where_it_is_and_its_customer_sees_no_difference() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::report().accepted(&world).await;
    act(&anna, &reference, "status", &[("status", "spam")]).await.expect(303);
    let customer = world.visitor();
    for path in ["/works", "/fails", "/messages"] {
        send(&customer, &page, path, &[("text", "Proszę o odpowiedź.")]).await.expect(303);
    }
    assert_eq!(stands(&world, &reference).await, stand("spam", None, None));
    customer.get(&page).await.must_show("Przyjęte");
}

#[tokio::test]
async fn who_writes_without_end_has_to_wait() {
    let world = World::new().await;
    let (_, page) = given::report().accepted(&world).await;
    let customer = world.visitor();
    let mut last = 303;
    for number in 0..40 {
        last = send(&customer, &page, "/messages", &[("text", &format!("Wiadomość {number}"))]).await.status.as_u16();
        if last != 303 {
            break;
        }
    }
    assert_eq!(last, 429);
    customer.get(&page).await.expect(200);
}
