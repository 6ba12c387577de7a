//! What a technician sees first, and takes along as text.

use time::Duration;

use super::desk;
use crate::{
    given,
    support::{Answer, World, unescaped},
};

/// The strip as it is copied.
fn plain(page: &Answer) -> String {
    let text = page.body.split("<pre id=\"call-text\">").nth(1).expect("the page has no text to copy");
    unescaped(text.split("</pre>").next().unwrap().trim_start_matches('\n'))
}

#[tokio::test]
async fn a_call_is_copied_as_labelled_lines() {
    let world = World::new().await;
    let report = given::report().with("precision", "5min").with("callee", "0044 20-8190-0322");
    let (reference, _) = report.accepted(&world).await;
    let page = world.agent("Anna").await.get(&desk(&reference)).await.expect(200);
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
    assert_eq!(plain(&page), expected);
    page.must_show("Kod 503: Usługa niedostępna albo brak wolnych linii");
    assert!(page.body.contains(", 503 – Dzwoni</title>"), "a browser with many tabs tells the code");
}

#[tokio::test]
async fn an_account_is_copied_with_its_device_and_both_addresses() {
    let world = World::new().await;
    let report = given::logged_out().with("public_ip", "198.51.100.20").with("error_text", "499 inny");
    let (reference, _) = report.accepted(&world).await;
    let text = plain(&world.agent("Anna").await.get(&desk(&reference)).await.expect(200));
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
async fn a_hidden_caller_and_a_call_without_a_message_are_told_so() {
    let world = World::new().await;
    let report = given::incoming().with("caller", "zastrzeżony").without("error_text");
    let (reference, _) = report.accepted(&world).await;
    let text = plain(&world.agent("Anna").await.get(&desk(&reference)).await.expect(200));
    assert!(text.contains("\nA: zastrzeżony\nB: 22 555 01 20 (+48225550120)\n"), "{text}");
    assert!(text.contains("\nKomunikat: nie podano\n") && !text.contains("Kod:"), "{text}");
}

#[tokio::test]
async fn what_is_written_over_several_lines_stays_on_one() {
    let world = World::new().await;
    let (reference, _) = given::audio().with("error_text", "pierwsza\r\nB: druga").accepted(&world).await;
    let text = plain(&world.agent("Anna").await.get(&desk(&reference)).await.expect(200));
    assert!(text.contains("\nKomunikat: pierwsza B: druga\nObjaw: Przerwy, głos się rwie\n"), "{text}");
}

#[tokio::test]
async fn the_history_goes_by_days_the_newest_first() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    world.advance(Duration::hours(4));
    for number in 0..40 {
        anna.post(&format!("{}/notes", desk(&reference)), &[("text", &number.to_string())]).await.expect(303);
    }
    world.advance(Duration::hours(10));
    let anna = world.agent("Ola").await;
    anna.post(&format!("{}/notes", desk(&reference)), &[("text", "po północy")]).await.expect(303);
    let page = anna.get(&desk(&reference)).await;
    page.must_show("Historia dziś 4:30 Ola: notatka wczoraj 18:30 Anna: notatka")
        .must_show("Wcześniej: 12 wpisów wczoraj 18:30 Anna: notatka")
        .must_show("14:30 Przyjęto, formularz")
        .must_show("Rozmowa Klient formularz wczoraj 14:30 Bez opisu. 26 wcześniejszych wiadomości");
}

#[tokio::test]
async fn the_way_back_leads_to_the_view_that_one_came_from() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let back = |page: &Answer| {
        let link = page.body.split("<a class=\"back\" href=\"").nth(1).unwrap();
        unescaped(link.split('"').next().unwrap())
    };
    let at = |address: &str| anna.clone().with_header("referer", &format!("http://127.0.0.1:8080{address}"));
    assert_eq!(back(&anna.get(&desk(&reference)).await), "/staff");
    let view = "/staff?view=open&category=audio&q=22%20122";
    let page = at(view).get(&desk(&reference)).await;
    assert_eq!(back(&page), view);
    page.must_show("W toku");

    // what is done there keeps it, and so does what is refused
    let form = page.body.split("action=\"").nth(2).unwrap().split('"').next().unwrap();
    let action = unescaped(page.body.split("data-notes-url=\"").nth(1).unwrap().split('"').next().unwrap());
    assert!(action.starts_with(&format!("{}/notes?from=", desk(&reference))), "{action} {form}");
    let sent = at(&desk(&reference)).post(&action, &[("text", "a")]).await.expect(303);
    assert!(sent.location().ends_with("#conversation"), "{}", sent.location());
    let address = sent.location().split('#').next().unwrap().to_owned();
    assert_eq!(back(&at(&desk(&reference)).get(&address).await), view);
    at(&desk(&reference)).post(&action, &[("text", "")]).await.expect(422);
    assert_eq!(back(&at(&action).get(&desk(&reference)).await), view);
    // the address of a form that was refused has nothing to show by itself
    let asked = anna.get(&action).await.expect(303);
    assert_eq!(back(&anna.get(asked.location()).await), view);
}
