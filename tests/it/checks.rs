//! The checks: results, their pages, and how they are attached to a ticket.

mod message;
mod number;

use time::Duration;

use crate::{
    given,
    support::{Browser, TestResponse, World},
};

/// Runs the lamp check; returns the page and the id of the result.
async fn check_lamp(browser: &Browser, query: &str) -> (TestResponse, String) {
    let page = browser.get(&format!("/pl/check/lamps?{query}")).await.expect(200);
    let id = result_id(&page);
    (page, id)
}

fn result_id(page: &TestResponse) -> String {
    let link =
        page.body.split("/check/result/").nth(1).unwrap_or_else(|| panic!("the page has no result: {}", page.body));
    link.split('"').next().unwrap().to_owned()
}

/// The text about evidence in the first row of the queue, for screen readers.
async fn evidence(world: &World) -> String {
    let queue = world.signed_in("anna@example.com").await.get("/staff?view=new&sort=newest").await.expect(200);
    let row = queue.body.split("<tr role=\"row\" id=").nth(1).unwrap();
    row.split(", poradnik").nth(1).unwrap().split("</span>").next().unwrap().to_owned()
}

async fn attached_result_count(world: &World) -> i64 {
    world.count("select count(*) from check_result where ticket_id is not null").await
}

#[tokio::test]
async fn a_check_result_has_a_page_for_thirty_days() {
    let world = World::new().await;
    let (page, id) = check_lamp(&world.visitor(), "lamp=yellow").await;
    page.assert_shows("Żółta lampka: konto jest zalogowane, ale łącze się spóźnia");
    let address = format!("/en/check/result/{id}");
    let again = world.visitor().from_ip("198.51.100.1").get(&address).await.expect(200);
    again.assert_shows("A yellow lamp: the account is logged in, but the internet line is late");
    again.assert_shows("about 150–600 ms");
    assert!(again.body.contains("noindex"));

    world.advance(Duration::days(29));
    world.visitor().get(&address).await.expect(200);
    world.advance(Duration::days(1));
    world.visitor().get(&address).await.expect(404);
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from check_result").await, 0);
}

#[tokio::test]
async fn a_check_result_survives_a_clock_that_jumps_back() {
    let world = World::new().await;
    let (_, id) = check_lamp(&world.visitor(), "lamp=yellow").await;
    world.advance(-Duration::days(2));
    world.visitor().get(&format!("/pl/check/result/{id}")).await.expect(200);
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    let (_, page) = given::report().with("day", "now").with("checks", &id).accepted(&world).await;
    world.visitor().get(&page).await.expect(200).assert_shows("Żółta lampka");
}

#[tokio::test]
async fn unknown_check_results_are_not_found() {
    let world = World::new().await;
    for id in ["x", "00000000000000000000000009", "%00", "..", &"Z".repeat(5000)] {
        world.visitor().get(&format!("/pl/check/result/{id}")).await.expect(404);
    }
}

#[tokio::test]
async fn reloading_a_check_page_stores_no_second_result() {
    let world = World::new().await;
    let (_, first) = check_lamp(&world.visitor(), "lamp=grey").await;
    let (_, again) = check_lamp(&world.visitor(), "lamp=grey").await;
    let (_, neighbour) = check_lamp(&world.visitor().from_ip("198.51.100.1"), "lamp=grey").await;
    let (_, other) = check_lamp(&world.visitor(), "lamp=red").await;
    assert_eq!(first, again);
    assert!(first != neighbour && first != other);
    world.advance(Duration::hours(2));
    let (_, later) = check_lamp(&world.visitor(), "lamp=grey").await;
    assert_ne!(first, later);
}

#[tokio::test]
async fn a_check_result_is_attached_to_the_report_and_kept_with_the_ticket() {
    let world = World::new().await;
    let visitor = world.visitor();
    let (page, id) = check_lamp(&visitor, "lamp=red").await;
    assert!(page.body.contains(&format!("/pl/report?category=audio&#38;checks={id}")), "{}", page.body);

    let form = visitor.get(&format!("/pl/report?category=audio&checks={id}")).await.expect(200);
    form.assert_shows("Czerwona lampka: łącze bardzo się spóźnia");
    assert_eq!(form.value("checks"), id);
    let (reference, ticket) = given::audio().with("checks", &form.value("checks")).accepted(&world).await;
    visitor.get(&ticket).await.expect(200).assert_shows("Czerwona lampka: łącze bardzo się spóźnia");
    let ticket_page = world.agent("Anna").await.get(&format!("/staff/tickets/{reference}")).await.expect(200);
    ticket_page.assert_shows("Wyniki sprawdzeń");
    ticket_page.assert_shows("Czerwona lampka: łącze bardzo się spóźnia");

    world.advance(Duration::days(40));
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    visitor.get(&ticket).await.expect(200).assert_shows("ponad 600 ms");
    let reference_of_result: String = sqlx::query_scalar(
        "select reference from check_result join ticket on ticket.id = ticket_id where check_result.id = $1",
    )
    .bind(&id)
    .fetch_one(world.sql().await)
    .await
    .unwrap();
    assert_eq!(reference_of_result, reference.as_str());
}

#[tokio::test]
async fn the_queue_shows_which_tickets_have_check_results() {
    let world = World::new().await.listening().await;
    let anna = world.agent("Anna").await;
    let mut queue = anna.listen("/staff/live?view=new&fingerprint=none").await;
    queue.wait_for("rows").await;
    given::report().accepted(&world).await;
    assert!(evidence(&world).await.contains("sprawdzenia: brak"));
    queue.wait_for("rows").await;

    let (_, id) = check_lamp(&world.visitor(), "lamp=red").await;
    let (reference, _) = given::report().with("checks", &id).accepted(&world).await;
    assert!(evidence(&world).await.contains("sprawdzenia: są"));
    // an open queue gets the row with the evidence, not only after a change of the ticket
    let rows = queue.wait_for("rows").await.json();
    assert!(rows["rows"][reference.to_string()].as_str().unwrap().contains("sprawdzenia: są"), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_reports_each_get_their_own_check_results() {
    let world = World::new().await;
    let mut requests = tokio::task::JoinSet::new();
    for index in 0..12 {
        let visitor = world.visitor().from_ip(&format!("198.51.100.{index}"));
        let id = if index % 3 == 0 { String::new() } else { check_lamp(&visitor, "lamp=red").await.1 };
        requests.spawn(async move {
            let sent = given::report().with("checks", &id).send(&visitor).await.expect(303);
            (id, sent.location().split(['/', '?']).nth(3).unwrap().replace("DZ-", "").replace('-', ""))
        });
    }
    for (id, reference) in requests.join_all().await {
        let attached: Vec<String> = sqlx::query_scalar(
            "select check_result.id from check_result join ticket on ticket.id = ticket_id where reference = $1",
        )
        .bind(reference)
        .fetch_all(world.sql().await)
        .await
        .unwrap();
        assert_eq!(attached.join(","), id);
    }
}

#[tokio::test]
async fn a_report_is_accepted_even_if_its_check_results_can_not_be_attached() {
    let world = World::new().await;
    let (_, id) = check_lamp(&world.visitor(), "lamp=red").await;
    let sql = world.sql().await;
    sqlx::raw_sql("alter table check_result add check (ticket_id is null)").execute(sql).await.unwrap();
    let (_, page) = given::report().with("checks", &id).accepted(&world).await;
    world.visitor().get(&page).await.expect(200).assert_hides("Czerwona lampka");
    assert_eq!(world.count("select count(*) from ticket").await, 1);
}

#[tokio::test]
async fn a_check_result_is_attached_to_the_first_report_only() {
    let world = World::new().await;
    let (_, id) = check_lamp(&world.visitor(), "lamp=red").await;
    let (_, first) = given::report().with("checks", &id).accepted(&world).await;
    let (_, second) = given::report().with("checks", &id).accepted(&world).await;
    world.visitor().get(&first).await.assert_shows("Czerwona lampka");
    world.visitor().get(&second).await.assert_hides("Czerwona lampka");
}

#[tokio::test]
async fn a_report_with_invalid_check_ids_is_accepted() {
    let world = World::new().await;
    let (_, old) = check_lamp(&world.visitor(), "lamp=red").await;
    world.advance(Duration::days(31));
    for checks in ["x", "00000000000000000000000009", &"A,".repeat(50_000), "\0'", &old] {
        given::report().with("checks", checks).accepted(&world).await;
    }
    assert_eq!(attached_result_count(&world).await, 0);
}

#[tokio::test]
async fn a_report_takes_at_most_ten_check_results() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for index in 0..12 {
        ids.push(check_lamp(&world.visitor().from_ip(&format!("198.51.100.{index}")), "lamp=red").await.1);
    }
    given::report().with("checks", &ids.join(",")).accepted(&world).await;
    assert_eq!(attached_result_count(&world).await, 10);
}

#[tokio::test]
async fn a_check_result_can_be_removed_from_the_form_without_losing_values() {
    let world = World::new().await;
    let (_, grey) = check_lamp(&world.visitor(), "lamp=grey").await;
    let (_, red) = check_lamp(&world.visitor(), "lamp=red").await;
    let report = given::report().with("checks", &format!("{grey},{red}")).with("email", "not yet");
    let form = report.with("remove_check", &grey).send(&world.visitor()).await.expect(200);
    assert_eq!(form.value("checks"), red);
    assert_eq!(form.value("callee"), "0044 20 8190 0322");
    form.assert_hides("Szara lampka").assert_shows("Czerwona lampka").assert_hides("Błąd:");
    assert!(form.body.contains("other-language"), "changing the language keeps the typed values");
}

#[tokio::test]
async fn check_results_stay_in_a_refused_form_and_when_the_language_or_category_changes() {
    let world = World::new().await;
    let (_, id) = check_lamp(&world.visitor(), "lamp=grey").await;
    let form = given::report().with("checks", &id).with("callee", "").send(&world.visitor()).await.expect(422);
    assert_eq!(form.value("checks"), id);
    form.assert_shows("Szara lampka");
    let without_category = world.visitor().get(&format!("/pl/report?checks={id}")).await.expect(200);
    assert!(without_category.body.contains(&format!("category=audio&#38;checks={id}")), "{}", without_category.body);
    assert!(without_category.body.contains(&format!("/en/report?checks={id}")), "{}", without_category.body);
}

#[tokio::test]
async fn a_guide_path_carries_check_results_to_the_report() {
    let world = World::new().await;
    let visitor = world.visitor();
    let (page, id) = check_lamp(&visitor, "lamp=green&trail=outgoing/unknown").await;
    assert!(page.body.contains(&format!("href=\"/pl/guide/outgoing/unknown?checks={id}\"")), "{}", page.body);
    let step = visitor.get(&format!("/pl/guide/outgoing/unknown?checks={id}")).await.expect(200);
    assert!(step.body.contains(&format!("/pl/guide/outgoing/unknown/green?checks={id}")), "{}", step.body);
    assert!(step.body.contains(&format!("trail=outgoing/unknown&#38;checks={id}")), "{}", step.body);
    // the ids of one visitor are never shown to another
    let plain = visitor.get("/pl/guide/outgoing/unknown").await.expect(200);
    assert!(!plain.body.contains(&id));
    visitor.get("/pl/guide/outgoing/unknown?checks=x").await.expect(308);
}

#[tokio::test]
async fn a_check_works_without_the_database() {
    let world = World::without_database().await;
    let page = world.visitor().get("/pl/check/lamps?lamp=grey").await.expect(200);
    page.assert_shows("Szara lampka: konto jest wylogowane").assert_hides("30 dni");
    let id = "0".repeat(26);
    let form = world.visitor().get(&format!("/pl/report?category=audio&checks={id}")).await.expect(200);
    assert_eq!(form.value("checks"), id);
}

#[tokio::test]
async fn stored_check_results_are_limited_per_client_address() {
    let world = World::new().await;
    for index in 0..100 {
        let lamp = ["blue", "green", "yellow", "red", "grey", "none"][index % 6];
        world.advance(Duration::hours(2));
        world.visitor().get(&format!("/pl/check/lamps?lamp={lamp}")).await.expect(200);
    }
    let stored = world.count("select count(*) from check_result").await;
    assert!((60..80).contains(&stored), "{stored}");
}

#[tokio::test]
async fn every_lamp_colour_is_explained_and_links_to_a_guide() {
    let world = World::new().await;
    for (lamp, explanation, guide) in [
        ("blue", "konto się łączy", "/pl/guide/logged-out"),
        ("green", "ok. 150 ms", "/pl/guide/incoming"),
        ("yellow", "150–600 ms", "/pl/guide/audio"),
        ("red", "ponad 600 ms", "/pl/guide/audio"),
        ("grey", "konto jest wylogowane", "/pl/guide/logged-out"),
        ("none", "w kolumnie PING", "/pl/guide/outgoing"),
    ] {
        let page = world.visitor().get(&format!("/pl/check/lamps?lamp={lamp}")).await.expect(200);
        let result = page.body.split("</section>").next().unwrap();
        assert!(result.contains(guide), "{lamp}");
        page.assert_shows(explanation).assert_shows("Zgłoś problem z tym wynikiem");
    }
    let unselected = world.visitor().get("/pl/check/lamps?show=yes").await.expect(200);
    unselected.assert_shows("Wybierz lampkę, którą widzisz");
    world.visitor().get("/pl/check/lamps?lamp=purple").await.expect(200).assert_hides("30 dni");
}
