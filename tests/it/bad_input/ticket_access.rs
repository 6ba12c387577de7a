//! Access to the customer's ticket page without the right key.

use dzwoni::tickets::TicketReference;

use crate::{
    given,
    support::{TestResponse, World},
};

const REFUSED: &str = "Numer zgłoszenia i kod dostępu do siebie nie pasują albo link wygasł";

/// The page without the reference: everything else must not depend on the ticket.
fn without_reference(page: &TestResponse, reference: &str) -> String {
    page.body.replace(reference, "")
}

#[tokio::test]
async fn a_wrong_key_reveals_no_more_than_an_unknown_reference() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let (_, other) = given::report().accepted(&world).await;
    let (known, unknown) = (reference.to_string(), TicketReference::random().to_string());
    let others_key = other.split_once("?key=").unwrap().1;
    let right_key = page.split_once("?key=").unwrap().1;
    let shorter = format!("?key={}", &right_key[..25]);
    let longer = format!("?key={right_key}0");
    let others = format!("?key={others_key}");
    let hash = "?key='%20or%201=1--";
    for query in
        ["", "?key=", "?key=WRONG", "?key=%00", "?kye=x", "?key=a&key=b", "?key=%ff", hash, &others, &shorter, &longer]
    {
        let visitor = world.visitor();
        let wrong = visitor.get(&format!("/pl/ticket/{known}{query}")).await.expect(404);
        let not_found = visitor.get(&format!("/pl/ticket/{unknown}{query}")).await.expect(404);
        wrong.assert_shows(REFUSED).assert_hides("22 555 01 20").assert_hides("jan.nowak");
        assert_eq!(without_reference(&wrong, &known), without_reference(&not_found, &unknown), "{query}");
        assert!(!wrong.body.contains(others_key), "the key is in the page");
    }
    world.visitor().get(&format!("/en/ticket/{known}?key=x")).await.expect(404).assert_shows("do not belong together");
    world.visitor().get(&page).await.expect(200);
}

#[tokio::test]
async fn a_mistyped_reference_is_explained() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let shown = reference.to_string();
    let last = if shown.ends_with('7') { '8' } else { '7' };
    let mistyped = format!("{}{last}", &shown[..shown.len() - 1]);
    let key = page.split_once('?').unwrap().1;
    let response = world.visitor().get(&format!("/pl/ticket/{mistyped}?{key}")).await.expect(404);
    response.assert_shows("W tym numerze zgłoszenia jest pomyłka: któryś znak jest inny");
    assert_eq!(response.value("reference"), mistyped);
    let short = world.visitor().get(&format!("/pl/ticket/DZ-123?{key}")).await.expect(404);
    short.assert_shows("Numer zgłoszenia ma litery DZ i dziesięć znaków");
    let script = world.visitor().get("/pl/ticket/%3Cscript%3E?key=x").await.expect(404);
    assert!(!script.body.contains("<script"));
}

#[tokio::test]
async fn reference_and_key_are_accepted_in_any_spelling() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let shown = reference.to_string();
    let key = page.split_once("?key=").unwrap().1;
    let lower_key = key.to_lowercase();
    let grouped = key.as_bytes().chunks(5).map(|part| str::from_utf8(part).unwrap()).collect::<Vec<_>>().join("-");
    let spellings = [
        shown.to_lowercase(),
        shown.replace('-', ""),
        shown.replace('-', "%20"),
        reference.as_str().to_owned(),
        shown.replace('0', "O").replace('1', "l"),
        format!("%20{shown}%20"),
    ];
    for spelling in &spellings {
        for key in [key, lower_key.as_str(), grouped.as_str(), &key.replace('0', "o").replace('1', "I")] {
            let visitor = world.visitor();
            visitor.get(&format!("/pl/ticket/{spelling}?key={key}")).await.expect(200).assert_shows(&shown);
            let redirect = visitor.get(&format!("/pl/ticket?reference={spelling}&key={key}")).await.expect(303);
            visitor.follow(&redirect).await.expect(200).assert_shows(&shown);
        }
    }
}

#[tokio::test]
async fn the_ticket_form_shows_what_is_missing_and_keeps_the_rest() {
    let visitor = World::without_database().await.visitor();
    let page = visitor.get("/pl/ticket?reference=DZ-7K3M9-Q2XWC&key=").await.expect(422);
    page.assert_shows("Wpisz kod dostępu");
    assert_eq!(page.value("reference"), "DZ-7K3M9-Q2XWC");
    let page = visitor.get("/pl/ticket?reference=%3Cb%3E&key=ABC").await.expect(422);
    page.assert_shows("Numer zgłoszenia ma litery DZ");
    assert_eq!((page.value("reference"), page.value("key")), ("<b>".to_owned(), "ABC".to_owned()));
}

#[tokio::test]
async fn guessing_a_key_is_rate_limited_but_not_the_right_key() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let visitor = world.visitor();
    let mut last = 404;
    for _ in 0..40 {
        let guess = visitor.get(&format!("/pl/ticket/{reference}?key=GUESS")).await;
        last = guess.status.as_u16();
        if last != 404 {
            guess.assert_shows("Za dużo prób w krótkim czasie").assert_links_home_and_report("pl");
            assert!(guess.header("retry-after").parse::<u32>().unwrap() > 0);
            break;
        }
    }
    assert_eq!(last, 429);
    visitor.get(&page).await.expect(200);
}

#[tokio::test]
async fn without_the_database_the_ticket_page_is_unavailable() {
    let visitor = World::without_database().await.visitor();
    let reference = TicketReference::random();
    let page = visitor.get(&format!("/pl/ticket/{reference}?key=x")).await.expect(503);
    page.assert_shows("Zgłoszenia są chwilowo niedostępne").assert_links_home_and_report("pl");
    assert_eq!(page.header("retry-after"), "5");
    let page = visitor.get(&format!("/en/ticket/{reference}?key=x")).await.expect(503);
    page.assert_shows("Tickets are out of reach for a moment");
}
