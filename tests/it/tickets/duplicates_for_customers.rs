//! What customers of main tickets and duplicates see of each other.

use super::{create_tickets, post_action, ticket_path};
use crate::{given, support::World};

#[tokio::test]
async fn the_customer_of_a_duplicate_sees_new_replies_to_the_main_ticket_but_nothing_about_its_reporter() {
    let world = World::new().await;
    let report = given::report()
        .with("caller", "601 555 210")
        .with("callee", "0049 30 5550 1700")
        .with("email", "tajny@example.com")
        .with("phone", "602 555 118")
        .with("error_text", "480 chwilowo")
        .with("description", "Opis drugiego klienta");
    let (main, _) = report.accepted(&world).await;
    let (duplicate, page) = given::report().with("description", "Mój opis").accepted(&world).await;
    let anna = world.agent("Anna Nowicka").await;
    let customer = world.visitor();
    post_action(&anna, &main, "replies", &[("text", "Panie Janie, czy to numer domowy?")]).await.expect(303);
    post_action(&anna, &main, "notes", &[("text", "tylko dla nas")]).await.expect(303);
    customer.get(&page).await.assert_shows("Przyjęte").assert_hides("Panie Janie");

    post_action(&anna, &duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    post_action(&anna, &duplicate, "replies", &[("text", "Odpowiedź tylko dla tego klienta")]).await.expect(303);
    // what was written to the other customer before stays between them
    customer.get(&page).await.assert_hides("Panie Janie").assert_shows("Odpowiedź tylko dla tego klienta");
    post_action(&anna, &main, "replies", &[("text", "Awaria u operatora w Niemczech.")]).await.expect(303);
    let shown = customer.get(&page).await.expect(200);
    shown.assert_hides("Panie Janie");
    shown.assert_shows("Sprawdzamy").assert_shows("Awaria u operatora w Niemczech.").assert_shows("Mój opis");
    shown.assert_shows("Rozpatrujemy je razem z innym zgłoszeniem tej samej usterki");
    shown.assert_shows("Odpowiedź tylko dla tego klienta");
    let assert_no_secrets = |text: &str| {
        for secret in
            ["601 555 210", "5550 1700", "555 17", "tajny@", "602 555 118", "480 chwilowo", "Opis drugiego", "dla nas"]
        {
            assert!(!text.contains(secret), "{secret}");
        }
        assert!(!text.contains(&main.to_string()) && !text.contains(main.as_str()));
    };
    assert_no_secrets(&shown.body);

    post_action(&anna, &main, "status", &[("status", "waiting"), ("waiting_for", "carrier"), ("reason", "sekret")])
        .await
        .expect(303);
    let shown = customer.get(&page).await;
    shown.assert_shows("Czekamy na wyjaśnienie").assert_hides("sekret");
    post_action(&anna, &main, "status", &[("status", "resolved"), ("text", "Trasa już działa.")]).await.expect(303);
    let shown = customer.get(&page).await;
    shown.assert_shows("Problem jest rozwiązany").assert_shows("Trasa już działa.");
    assert_eq!(shown.text().matches("Trasa już działa.").count(), 1);
    assert_no_secrets(&shown.body);
    post_action(&anna, &main, "status", &[("status", "open")]).await.expect(303);
    customer.get(&page).await.assert_shows("Sprawdzamy").assert_shows("Otwarte ponownie");
    let english = customer.get(&page.replace("/pl/", "/en/")).await;
    english.assert_shows("We treat it together with another report of the same trouble");
    assert_no_secrets(&english.body);

    // after it is separated, only the replies to this ticket remain
    post_action(&anna, &duplicate, "merge", &[("into", "none")]).await.expect(303);
    let shown = customer.get(&page).await;
    shown.assert_hides("Niemczech").assert_hides("Trasa już działa.").assert_hides("Rozpatrujemy je razem");
    shown.assert_shows("Odpowiedź tylko dla tego klienta").assert_shows("Sprawdzamy");
}

#[tokio::test]
async fn the_customer_of_a_main_ticket_sees_nothing_of_its_duplicates() {
    let world = World::new().await;
    let (main, page) = given::report().accepted(&world).await;
    let (duplicate, _) = given::report().with("email", "tajny@example.com").accepted(&world).await;
    let anna = world.agent("Anna").await;
    post_action(&anna, &duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    post_action(&anna, &duplicate, "replies", &[("text", "Odpowiedź dla drugiego")]).await.expect(303);
    let shown = world.visitor().get(&page).await.expect(200);
    shown.assert_hides("Odpowiedź dla drugiego").assert_hides("tajny").assert_hides(&duplicate.to_string());
    shown.assert_hides("Rozpatrujemy je razem");
}

#[tokio::test]
async fn a_duplicate_and_its_main_ticket_link_to_each_other_for_staff() {
    let world = World::new().await;
    let [duplicate, main] = &create_tickets(&world, 2).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    post_action(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    let page = anna.get(&ticket_path(duplicate)).await;
    assert!(page.body.contains(&format!("href=\"{}\"", ticket_path(main))), "the duplicate links to its main ticket");
    let page = anna.get(&ticket_path(main)).await;
    assert!(
        page.body.contains(&format!("href=\"{}\"", ticket_path(duplicate))),
        "the main ticket links to its duplicates"
    );
}

#[tokio::test]
async fn the_customer_page_says_whether_we_wait_for_the_customer_or_the_carrier() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    post_action(&anna, &reference, "status", &[("status", "waiting"), ("waiting_for", "customer")]).await.expect(303);
    world.visitor().get(&page).await.assert_shows("Czekamy na informację od Ciebie");
    post_action(&anna, &reference, "status", &[("status", "waiting"), ("waiting_for", "carrier")]).await.expect(303);
    world.visitor().get(&page).await.assert_shows("Czekamy na odpowiedź innego operatora");
}
