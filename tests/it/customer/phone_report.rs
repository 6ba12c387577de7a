//! Reports that staff enter for a customer.

use crate::{
    given, incidents,
    support::{Browser, TestResponse, World},
    tickets::{event_kinds, expected_state, ticket_state},
};

const CALL: [(&str, &str); 8] = [
    ("channel", "phone"),
    ("category", "outgoing"),
    ("caller", "22 555 01 20"),
    ("callee", "0044 20 8190 0322"),
    ("day", "today"),
    ("time", "14:05"),
    ("in_billing", "unknown"),
    ("lang", "en"),
];

async fn post_report(browser: &Browser, form: &str, more: &[(&str, &str)]) -> TestResponse {
    let defaults = CALL.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let fields: Vec<_> = [("submission", form)].iter().chain(defaults).chain(more).copied().collect();
    browser.post("/staff/report", &fields).await
}

fn reference_of(response: &TestResponse) -> dzwoni::tickets::TicketReference {
    response.location().rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn staff_enter_a_report_by_phone_for_a_customer_without_email() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let blank = anna.get("/staff/report").await.expect(200);
    blank.assert_shows("Przyjmij zgłoszenie").assert_shows("Jak przyszło?");
    let form = blank.value("submission");
    // the form sent twice is one ticket; another caller in the same form is another one
    let (first, second) = tokio::join!(post_report(&anna, &form, &[]), post_report(&anna, &form, &[]));
    let ticket = reference_of(&first.expect(303));
    assert_eq!(reference_of(&second.expect(303)), ticket);
    let other = reference_of(&post_report(&anna, &form, &[("caller", "22 555 01 99")]).await.expect(303));
    assert_ne!(other, ticket);
    assert_eq!(event_kinds(&world, &ticket).await, ["opened"]);
    assert_eq!(event_kinds(&world, &other).await, ["opened"]);
    let rejected = post_report(&anna, &form, &[("caller", "")]).await.expect(422);
    assert_eq!(rejected.header("cache-control"), "private, no-cache", "the back button restores it");
    assert_eq!(ticket_state(&world, &ticket).await, expected_state("new", None, None));
    let page = anna.get(&format!("/staff/tickets/{ticket}")).await.expect(200);
    page.assert_shows("Anna: zgłoszenie przyjęte za klienta, telefon").assert_hides("IP zgłaszającego");
    let link_page = anna.get(&format!("/staff/tickets/{ticket}/link")).await.expect(200);
    link_page.assert_shows(&format!("http://127.0.0.1:8080/en/ticket/{ticket}?key="));
}

#[tokio::test]
async fn the_staff_member_who_enters_a_report_can_be_assigned_to_it() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let marek = world.agent("Marek").await;
    let form = given::uuid();
    let response =
        post_report(&anna, &form, &[("channel", "chat"), ("email", "ewa@example.com"), ("take", "yes")]).await;
    let ticket = reference_of(&response.expect(303));
    assert_eq!(ticket_state(&world, &ticket).await, expected_state("open", Some("Anna"), None));
    // the form is sent again, also by a colleague
    post_report(&anna, &form, &[("channel", "chat"), ("email", "ewa@example.com"), ("take", "yes")]).await.expect(303);
    post_report(&marek, &form, &[("channel", "chat"), ("email", "ewa@example.com"), ("take", "yes")]).await.expect(303);
    assert_eq!(ticket_state(&world, &ticket).await, expected_state("open", Some("Anna"), None));
    let channels: Vec<String> =
        sqlx::query_scalar("select channel::text from ticket").fetch_all(world.sql().await).await.unwrap();
    assert_eq!(channels, ["chat"]);
}

#[tokio::test]
async fn a_phone_report_is_validated_like_the_public_form_and_keeps_what_was_typed() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let fields = [
        ("category", ""),
        ("caller", "22 122 80 22, 601 555 210"),
        ("time", "14:75"),
        ("email", "jan"),
        ("phone", "1"),
    ];
    let refused = post_report(&anna, &given::uuid(), &fields).await.expect(422);
    refused
        .assert_shows("Zaznacz, co się stało")
        .assert_shows("dwa numery")
        .assert_shows("Nie ma takiej godziny jak 14:75")
        .assert_shows("To nie wygląda na adres e-mail");
    assert_eq!(refused.value("caller"), "22 122 80 22, 601 555 210");
    assert_eq!(world.count("select count(*) from ticket").await, 0);
    // the channel "web" is not offered to staff
    let account = [("category", "logged-out"), ("account", "12345-101"), ("channel", "web"), ("website", "x")];
    let ticket = reference_of(&post_report(&anna, &given::uuid(), &account).await.expect(303));
    assert_eq!(ticket_state(&world, &ticket).await, expected_state("new", None, None));
    assert_eq!(world.count("select count(*) from ticket where channel = 'phone'").await, 1);
    world.visitor().get("/staff/report").await.expect(303);
    world.visitor().post("/staff/report", &CALL).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket").await, 1);
}

#[tokio::test]
async fn similar_open_tickets_are_shown_while_a_report_is_entered() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (open, _) = given::report().accepted(&world).await;
    let (resolved, _) = given::report().accepted(&world).await;
    let (account, _) = given::logged_out().accepted(&world).await;
    crate::tickets::post_action(&anna, &resolved, "status", &[("status", "resolved")]).await.expect(303);
    let fragment = anna.get("/staff/report/similar?caller=22+555+01+20&callee=").await.expect(200);
    fragment.assert_shows(&open.to_string()).assert_shows("to samo A").assert_hides(&resolved.to_string());
    assert!(!fragment.body.contains("<html"), "only a fragment of the page");
    anna.get("/staff/report/similar?callee=0044+20+8190+0322").await.assert_shows("to samo B");
    anna.get("/staff/report/similar?account=12345-101").await.assert_shows(&account.to_string());
    anna.get("/staff/report/similar?caller=601+000").await.assert_shows("Nie ma otwartych");
    anna.get("/staff/report/similar?caller=%00").await.assert_shows("Pokażą się tutaj");
    world.visitor().get("/staff/report/similar?caller=22+555+01+20").await.expect(303);
    // without JavaScript a button shows the same; nothing is stored
    let preview =
        post_report(&anna, &given::uuid(), &[("find_similar", "yes"), ("time", "nonsense")]).await.expect(200);
    preview.assert_shows(&open.to_string());
    assert_eq!(preview.value("time"), "nonsense");
    assert_eq!(world.count("select count(*) from ticket").await, 3);
}

#[tokio::test]
async fn a_phone_report_can_join_a_published_incident() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.get("/staff/report").await.expect(200).assert_hides("Czy to znana awaria?");
    incidents::publish_incident(&anna, &[]).await;
    let blank = anna.get("/staff/report").await.expect(200);
    blank
        .assert_shows("Czy to znana awaria?")
        .assert_shows("Połączenia do Wielkiej Brytanii")
        .assert_hides("Pasuje do");
    // the form shows which incident matches what was typed
    let matches = "Pasuje do trwającej awarii: Połączenia do Wielkiej Brytanii";
    let similar = |callee: &str| format!("/staff/report/similar?category=outgoing&callee={callee}");
    anna.get(&similar("0044+20+8190+0322")).await.expect(200).assert_shows(matches);
    anna.get(&similar("0049+30+5550+1700")).await.expect(200).assert_hides("Pasuje do");
    let preview = post_report(&anna, &given::uuid(), &[("find_similar", "yes"), ("incident", "1")]).await.expect(200);
    preview.assert_shows(matches);
    assert!(preview.body.contains("value=\"1\" selected"), "{}", preview.body);

    let form = given::uuid();
    let more = [("incident", "1"), ("email", "ewa@example.com"), ("take", "yes")];
    for _ in 0..2 {
        let ticket = reference_of(&post_report(&anna, &form, &more).await.expect(303));
        assert_eq!(event_kinds(&world, &ticket).await, ["opened", "joined_incident", "assigned"]);
        anna.get("/staff?view=all").await.assert_shows("należy do awarii");
    }
    for nonsense in ["9", "x"] {
        let ticket = reference_of(&post_report(&anna, &given::uuid(), &[("incident", nonsense)]).await.expect(303));
        assert_eq!(event_kinds(&world, &ticket).await, ["opened"]);
    }
}
