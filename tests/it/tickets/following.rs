//! The customer of a duplicate follows the main ticket's answers, and learns nothing of who reported that.

use super::{act, desk, tickets};
use crate::{given, support::World};

#[tokio::test]
async fn the_duplicates_customer_sees_the_mains_answers_and_nothing_of_its_reporter() {
    let world = World::new().await;
    let secret = given::report()
        .with("caller", "601 555 210")
        .with("callee", "0049 30 5550 1700")
        .with("email", "tajny@example.com")
        .with("phone", "602 555 118")
        .with("error_text", "480 chwilowo")
        .with("description", "Opis drugiego klienta");
    let (main, _) = secret.accepted(&world).await;
    let (own, page) = given::report().with("description", "Mój opis").accepted(&world).await;
    let anna = world.agent("Anna Nowicka").await;
    let customer = world.visitor();
    act(&anna, &main, "replies", &[("text", "Awaria u operatora w Niemczech.")]).await.expect(303);
    act(&anna, &main, "notes", &[("text", "tylko dla nas")]).await.expect(303);
    customer.get(&page).await.must_show("Przyjęte").must_not_show("Niemczech");

    act(&anna, &own, "merge", &[("into", &main.to_string())]).await.expect(303);
    act(&anna, &own, "replies", &[("text", "Odpowiedź tylko dla tego klienta")]).await.expect(303);
    let seen = customer.get(&page).await.expect(200);
    seen.must_show("Sprawdzamy").must_show("Awaria u operatora w Niemczech.").must_show("Mój opis");
    seen.must_show("Rozpatrujemy je razem z innym zgłoszeniem tej samej usterki");
    seen.must_show("Odpowiedź tylko dla tego klienta");
    let never = |text: &str| {
        for secret in
            ["601 555 210", "5550 1700", "555 17", "tajny@", "602 555 118", "480 chwilowo", "Opis drugiego", "dla nas"]
        {
            assert!(!text.contains(secret), "{secret}");
        }
        assert!(!text.contains(&main.to_string()) && !text.contains(main.as_str()));
    };
    never(&seen.body);

    act(&anna, &main, "status", &[("status", "waiting"), ("whom", "carrier"), ("reason", "sekret")]).await.expect(303);
    let seen = customer.get(&page).await;
    seen.must_show("Czekamy na wyjaśnienie").must_not_show("sekret");
    act(&anna, &main, "status", &[("status", "resolved"), ("text", "Trasa już działa.")]).await.expect(303);
    let seen = customer.get(&page).await;
    seen.must_show("Problem jest rozwiązany").must_show("Trasa już działa.");
    assert_eq!(seen.text().matches("Trasa już działa.").count(), 1);
    never(&seen.body);
    act(&anna, &main, "status", &[("status", "open")]).await.expect(303);
    customer.get(&page).await.must_show("Sprawdzamy").must_show("Otwarte ponownie");
    // the main reporter sees nothing of the duplicate
    let english = customer.get(&page.replace("/pl/", "/en/")).await;
    english.must_show("We treat it together with another report of the same trouble");
    never(&english.body);

    // separated, it is a ticket of its own, which keeps what was said to it alone
    act(&anna, &own, "merge", &[("into", "none")]).await.expect(303);
    let seen = customer.get(&page).await;
    seen.must_not_show("Niemczech").must_not_show("Trasa już działa.").must_not_show("Rozpatrujemy je razem");
    seen.must_show("Odpowiedź tylko dla tego klienta").must_show("Sprawdzamy");
}

#[tokio::test]
async fn the_main_reporter_learns_nothing_of_the_duplicates() {
    let world = World::new().await;
    let (main, page) = given::report().accepted(&world).await;
    let (own, _) = given::report().with("email", "tajny@example.com").accepted(&world).await;
    let anna = world.agent("Anna").await;
    act(&anna, &own, "merge", &[("into", &main.to_string())]).await.expect(303);
    act(&anna, &own, "replies", &[("text", "Odpowiedź dla drugiego")]).await.expect(303);
    let seen = world.visitor().get(&page).await.expect(200);
    seen.must_not_show("Odpowiedź dla drugiego").must_not_show("tajny").must_not_show(&own.to_string());
    seen.must_not_show("Rozpatrujemy je razem");
}

#[tokio::test]
async fn the_duplicates_page_and_the_mains_lead_to_each_other_at_the_desk() {
    let world = World::new().await;
    let [a, main] = &tickets(&world, 2).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    act(&anna, a, "merge", &[("into", &main.to_string())]).await.expect(303);
    let page = anna.get(&desk(a)).await;
    assert!(page.body.contains(&format!("href=\"{}\"", desk(main))), "the duplicate links its main");
    let page = anna.get(&desk(main)).await;
    assert!(page.body.contains(&format!("href=\"{}\"", desk(a))), "the main links its duplicates");
}

#[tokio::test]
async fn a_customer_who_is_waited_for_is_told_so() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    act(&anna, &reference, "status", &[("status", "waiting"), ("whom", "customer")]).await.expect(303);
    world.visitor().get(&page).await.must_show("Czekamy na informację od Ciebie");
    act(&anna, &reference, "status", &[("status", "waiting"), ("whom", "carrier")]).await.expect(303);
    world.visitor().get(&page).await.must_show("Czekamy na odpowiedź innego operatora");
}
