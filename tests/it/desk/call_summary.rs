//! The summary of a call at the top of the ticket page, and its plain text for copying.

use time::Duration;

use super::ticket_path;
use crate::{
    given,
    support::{TestResponse, World, unescape_html},
};

/// The text that the copy button copies.
fn copied_text(page: &TestResponse) -> String {
    let text = page.body.split("<pre id=\"call-text\">").nth(1).expect("the page has no text to copy");
    unescape_html(text.split("</pre>").next().unwrap().trim_start_matches('\n'))
}

#[tokio::test]
async fn the_copied_summary_of_a_call_has_labelled_lines() {
    let world = World::new().await;
    let report = given::report().with("precision", "5min").with("callee", "0044 20-8190-0322");
    let (reference, _) = report.accepted(&world).await;
    let page = world.agent("Anna").await.get(&ticket_path(&reference)).await.expect(200);
    let expected = format!(
        "{reference}, Nie mogę zadzwonić\n\
         A: 22 555 01 20 (+48225550120)\n\
         B: 0044 20 8190 0322 (+442081900322), wpisano: 0044 20-8190-0322\n\
         Czas lokalny (CET): pt. 20.11.2026, 14:00–14:10\n\
         UTC: pt. 20.11.2026, 13:00–13:10\n\
         Kod: 503: Usługa niedostępna albo brak wolnych linii\n\
         Komunikat: 503 Service Unavailable\n\
         W historii połączeń: Tak, jest na liście\n\
         Publiczny IP: 203.0.113.7\n\
         Usługa: Wirtualna Centrala\n\
         http://127.0.0.1:8080/staff/tickets/{reference}"
    );
    assert_eq!(copied_text(&page), expected);
    page.assert_shows("Kod 503: Usługa niedostępna albo brak wolnych linii");
    assert!(page.body.contains(", 503 – Dzwoni</title>"), "the title of the tab contains the code");
}

#[tokio::test]
async fn the_copied_summary_of_an_account_has_its_device_and_both_addresses() {
    let world = World::new().await;
    let report = given::logged_out().with("public_ip", "198.51.100.20").with("error_text", "499 inny");
    let (reference, _) = report.accepted(&world).await;
    let text = copied_text(&world.agent("Anna").await.get(&ticket_path(&reference)).await.expect(200));
    let lines: Vec<_> = text.lines().skip(1).collect();
    assert_eq!(
        lines[..9],
        [
            "SIP: 12345-101",
            "Zgłoszono (CET): pt. 20.11.2026, 14:30–14:30",
            "UTC: pt. 20.11.2026, 13:30–13:30",
            "Kod: 499",
            "Komunikat: 499 inny",
            "Konto SIP: 12345-101",
            "Urządzenie: nie podano",
            "Publiczny IP: 198.51.100.20",
            "IP zgłaszającego: 203.0.113.7",
        ]
    );
}

#[tokio::test]
async fn the_summary_names_a_withheld_caller_and_a_missing_message() {
    let world = World::new().await;
    let report = given::incoming().with("caller", "zastrzeżony").without("error_text");
    let (reference, _) = report.accepted(&world).await;
    let text = copied_text(&world.agent("Anna").await.get(&ticket_path(&reference)).await.expect(200));
    assert!(text.contains("\nA: zastrzeżony\nB: 22 555 01 20 (+48225550120)\n"), "{text}");
    assert!(text.contains("\nKomunikat: nie podano\n") && !text.contains("Kod:"), "{text}");
}

#[tokio::test]
async fn text_of_several_lines_is_one_line_in_the_summary() {
    let world = World::new().await;
    let (reference, _) = given::audio().with("error_text", "pierwsza\r\nB: druga").accepted(&world).await;
    let text = copied_text(&world.agent("Anna").await.get(&ticket_path(&reference)).await.expect(200));
    assert!(text.contains("\nKomunikat: pierwsza B: druga\nObjaw: Przerwy, głos się rwie\n"), "{text}");
}

#[tokio::test]
async fn the_history_is_grouped_by_day_newest_first() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    world.advance(Duration::hours(4));
    for number in 0..40 {
        anna.post(&format!("{}/notes", ticket_path(&reference)), &[("text", &number.to_string())]).await.expect(303);
    }
    world.advance(Duration::hours(10));
    let anna = world.agent("Ola").await;
    anna.post(&format!("{}/notes", ticket_path(&reference)), &[("text", "po północy")]).await.expect(303);
    let page = anna.get(&ticket_path(&reference)).await;
    page.assert_shows("Historia dziś 4:30 Ola: notatka wczoraj 18:30 Anna: notatka")
        .assert_shows("Wcześniej: 12 wpisów wczoraj 18:30 Anna: notatka")
        .assert_shows("14:30 Przyjęto, formularz")
        .assert_shows("Rozmowa Klient formularz wczoraj 14:30 Bez opisu. 26 wcześniejszych wiadomości");
}

#[tokio::test]
async fn the_back_link_leads_to_the_view_that_the_ticket_was_opened_from() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let back_link = |page: &TestResponse| {
        let link = page.body.split("<a class=\"back\" href=\"").nth(1).unwrap();
        unescape_html(link.split('"').next().unwrap())
    };
    let coming_from = |address: &str| anna.clone().with_header("referer", &format!("http://127.0.0.1:8080{address}"));
    assert_eq!(back_link(&anna.get(&ticket_path(&reference)).await), "/staff");
    let view = "/staff?view=open&category=audio&q=22%20122";
    let page = coming_from(view).get(&ticket_path(&reference)).await;
    assert_eq!(back_link(&page), view);
    page.assert_shows("W toku");

    // actions on the page keep it, also refused ones
    let action = unescape_html(page.body.split("data-notes-url=\"").nth(1).unwrap().split('"').next().unwrap());
    assert!(action.starts_with(&format!("{}/notes?from=", ticket_path(&reference))), "{action}");
    let sent = coming_from(&ticket_path(&reference)).post(&action, &[("text", "a")]).await.expect(303);
    assert!(sent.location().ends_with("#conversation"), "{}", sent.location());
    let address = sent.location().split('#').next().unwrap().to_owned();
    assert_eq!(back_link(&coming_from(&ticket_path(&reference)).get(&address).await), view);
    coming_from(&ticket_path(&reference)).post(&action, &[("text", "")]).await.expect(422);
    assert_eq!(back_link(&coming_from(&action).get(&ticket_path(&reference)).await), view);
    // a GET of the action of a refused form redirects to the ticket
    let redirect = anna.get(&action).await.expect(303);
    assert_eq!(back_link(&anna.get(redirect.location()).await), view);
}
