//! Requests for a missing detail: requested, answered, requested twice, answered twice, too late.

use time::Duration;

use super::{assigned_ticket, post_form, subpage};
use crate::{
    given,
    support::World,
    tickets::{event_kinds, expected_state, post_action, post_action_from, ticket_state},
};

#[tokio::test]
async fn an_answer_to_a_detail_request_fills_the_field_of_the_ticket() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) =
        given::report().with("precision", "30min").with("time", "14:00").without("error_text").accepted(&world).await;
    let ticket = format!("/staff/tickets/{reference}");
    anna.get(&ticket).await.assert_shows("Czegoś brakuje, żeby znaleźć połączenie");
    anna.get("/staff?view=new").await.assert_shows("Brakujące dane: dokładna godzina, komunikat lub kod");
    let customer = world.visitor();
    customer.get(&page).await.assert_shows("Brakujące dane: dokładna godzina.");

    post_action(&anna, &reference, "detail-requests", &[("detail", "time")]).await.expect(303);
    assert_eq!(ticket_state(&world, &reference).await, expected_state("waiting", Some("Anna"), None));
    anna.get(&ticket).await.assert_shows("Anna: pytanie do klienta: dokładna godzina, do 25.11.2026, 8:00, wzięte");
    let question = subpage(&page, "/answer/time");
    let shown = customer.get(&page).await;
    shown.assert_shows("Mamy jedno pytanie").assert_shows("Czekamy na Twoją odpowiedź");
    assert!(shown.body.contains(&format!("href=\"{question}\"")));
    post_form(&customer, &page, "/messages", &[("text", "Dzwoniłem z domu.")]).await.expect(303);
    assert_eq!(ticket_state(&world, &reference).await, expected_state("open", Some("Anna"), None));
    customer.get(&page).await.assert_shows("Czekamy na Twoją odpowiedź").assert_hides("Nie musisz nic robić");
    let blank = customer.get(&question).await.expect(200);
    blank
        .assert_shows("O której dokładnie?")
        .assert_shows("Teraz w zgłoszeniu: piątek, 20 listopada 2026, 14:00, z dokładnością do 30 min")
        .assert_hides("Na jaki numer?");

    let refused = customer.post(&question, &[("day", "today"), ("time", "25:00")]).await.expect(422);
    refused.assert_shows("Nie ma takiej godziny jak 25:00");
    assert_eq!(refused.value("time"), "25:00");
    let response = customer.post(&question, &[("day", "today"), ("time", "14:07:30")]).await.expect(303);
    customer
        .follow(&response)
        .await
        .assert_shows("Dziękujemy, odpowiedź jest w zgłoszeniu.")
        .assert_shows("14:07:30")
        .assert_hides("Mamy jedno pytanie");
    assert_eq!(ticket_state(&world, &reference).await, expected_state("open", Some("Anna"), None));
    anna.get(&ticket)
        .await
        .assert_shows("pt. 20.11.2026, 14:06–14:09")
        .assert_shows("Klient, dokładna godzina: piątek, 20 listopada 2026, 14:07:30, wpisano „today 14:07:30”")
        .assert_shows("(było: piątek, 20 listopada 2026, 14:00, z dokładnością do 30 min)");

    post_action(&anna, &reference, "detail-requests", &[("detail", "message")]).await.expect(303);
    let message = subpage(&page, "/answer/message");
    customer.post(&message, &[("error_text", "")]).await.expect(422).assert_shows("Wpisz treść komunikatu");
    customer.post(&message, &[("error_text", "503 Service Unavailable")]).await.expect(303);
    anna.get(&ticket).await.assert_shows("Dane są kompletne").assert_shows("503 Service Unavailable");
    anna.get("/staff?view=all&q=kod:503").await.assert_shows(&reference.to_string());
    customer.get(&page).await.assert_shows("Mamy wszystko, co potrzebne");
}

#[tokio::test]
async fn numbers_in_answers_are_parsed_like_in_the_report() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    let customer = world.visitor();
    for (detail, wrong, right, search) in [
        ("caller", "1234567890123456789", "22 122 80 22 wew. 7", "a:22 122 80 22"),
        ("callee", "zastrzeżony", "601 555 210", "b:601 555 210"),
    ] {
        post_action(&anna, &reference, "detail-requests", &[("detail", detail)]).await.expect(303);
        let question = subpage(&page, &format!("/answer/{detail}"));
        let refused = customer.post(&question, &[(detail, wrong)]).await.expect(422);
        assert_eq!(refused.value(detail), wrong);
        customer.post(&question, &[(detail, right)]).await.expect(303);
        customer.get(&page).await.assert_shows(right);
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", search).finish();
        anna.get(&format!("/staff?view=all&{query}")).await.assert_shows(&reference.to_string());
    }
    // the number can be replaced by a withheld one
    post_action(&anna, &reference, "detail-requests", &[("detail", "caller")]).await.expect(303);
    let question = subpage(&page, "/answer/caller");
    customer.post(&question, &[("caller", "zastrzeżony")]).await.expect(303);
    customer.get(&page).await.assert_shows("numer zastrzeżony").assert_shows("Mamy wszystko, co potrzebne");
}

#[tokio::test]
async fn a_report_that_answers_all_required_questions_is_complete() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    // nothing was played, and the optional field was left out
    let (reference, page) = given::report().without("error_text").with("caller", "zastrzeżony").accepted(&world).await;
    let customer = world.visitor();
    customer.get(&page).await.assert_shows("Mamy wszystko, co potrzebne").assert_hides("Trudno będzie znaleźć");
    anna.get(&format!("/staff/tickets/{reference}")).await.assert_shows("Czegoś brakuje, żeby znaleźć połączenie");

    // "there was none" is an answer
    let none = given::report().without("error_text").with("no_error", "yes");
    let (reference, page) = none.accepted(&world).await;
    customer.get(&page).await.assert_shows("Nie było komunikatu ani kodu").assert_shows("Mamy wszystko, co potrzebne");
    anna.get(&format!("/staff/tickets/{reference}"))
        .await
        .assert_shows("Nie było komunikatu ani kodu")
        .assert_hides("Czegoś brakuje, żeby znaleźć połączenie");
    // what was typed counts more
    let (_, page) = given::report().with("error_text", "503").with("no_error", "yes").accepted(&world).await;
    customer.get(&page).await.assert_shows("503").assert_hides("Nie było komunikatu ani kodu");
    let rejected = none.with("callee", "").send(&customer).await.expect(422);
    assert!(rejected.body.contains("name=\"no_error\" value=\"yes\" checked"));
}

#[tokio::test]
async fn a_request_for_the_message_can_be_answered_with_none() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::report().without("error_text").accepted(&world).await;
    post_action(&anna, &reference, "detail-requests", &[("detail", "message")]).await.expect(303);
    let customer = world.visitor();
    let question = subpage(&page, "/answer/message");
    customer.get(&question).await.expect(200).assert_shows("Nie było żadnego komunikatu ani kodu");
    customer.post(&question, &[("error_text", ""), ("no_error", "yes")]).await.expect(303);
    customer.get(&page).await.assert_shows("Nie było komunikatu ani kodu").assert_hides("Mamy jedno pytanie");
}

#[tokio::test]
async fn a_detail_requested_twice_is_one_request() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let marek = world.agent("Marek").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    let page_before = anna.get(&format!("/staff/tickets/{reference}")).await;
    let fields = [("detail", "time")];
    let (first, second) = tokio::join!(
        post_action_from(&anna, &page_before, &reference, "detail-requests", &fields),
        post_action_from(&marek, &page_before, &reference, "detail-requests", &fields)
    );
    first.expect(303);
    second.expect(303);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "assigned", "asked"]);
    // another request from an outdated page is a conflict
    let conflict = post_action_from(&marek, &page_before, &reference, "detail-requests", &[("detail", "message")])
        .await
        .expect(409);
    conflict.assert_shows("Zapytać klienta: komunikat lub kod").assert_shows(": pytanie do klienta: dokładna godzina");
    post_action(&marek, &reference, "detail-requests", &[("detail", "message")]).await.expect(303);
    world.visitor().get(&page).await.assert_shows("komunikat lub kod").assert_shows("dokładna godzina");
    post_action(&marek, &reference, "detail-requests", &[("detail", "nothing")]).await.expect(400);
}

#[tokio::test]
async fn a_detail_request_is_answered_once_and_a_second_answer_is_not_lost() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    post_action(&anna, &reference, "detail-requests", &[("detail", "callee")]).await.expect(303);
    let question = subpage(&page, "/answer/callee");
    let customer = world.visitor();
    let form = given::uuid();
    let fields = [("submission", form.as_str()), ("callee", "601 555 210")];
    let (first, second) = tokio::join!(customer.post(&question, &fields), customer.post(&question, &fields));
    first.expect(303);
    second.expect(303);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "assigned", "asked", "filled"]);
    // a second answer from another device: the first one counts, the second is offered as a message
    let second_answer = customer.post(&question, &[("callee", "601 555 211")]).await.expect(409);
    second_answer.assert_shows("To pytanie jest już zamknięte").assert_shows("na jaki numer: 601 555 211");
    post_form(&customer, &page, "/messages", &[("text", "na jaki numer: 601 555 211")]).await.expect(303);
    let closed = customer.get(&question).await.expect(200);
    closed.assert_shows("Na to pytanie nie trzeba już odpowiadać").assert_shows("Teraz w zgłoszeniu: 601 555 210");
}

#[tokio::test]
async fn a_detail_entered_by_staff_closes_the_request() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    post_action(&anna, &reference, "detail-requests", &[("detail", "time")]).await.expect(303);
    let address = format!("/staff/tickets/{reference}/details/time");
    let blank = anna.get(&address).await.expect(200);
    blank.assert_shows("Wpisz: dokładna godzina").assert_shows("Teraz: piątek, 20 listopada 2026, 14:05");
    let refused = post_action_from(&anna, &blank, &reference, "details/time", &[("day", "today"), ("time", "x")]).await;
    refused.expect(422).assert_shows("Nie umiemy odczytać godziny");
    let fields = [("day", "today"), ("time", "14:06")];
    post_action_from(&anna, &blank, &reference, "details/time", &fields).await.expect(303);
    anna.get(&format!("/staff/tickets/{reference}")).await.assert_shows("Anna, dokładna godzina:");
    // the same value again changes nothing; an outdated page of a colleague shows both values
    post_action(&anna, &reference, "details/time", &fields).await.expect(303);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "assigned", "asked", "filled"]);
    let marek = world.agent("Marek").await;
    let conflict =
        post_action_from(&marek, &blank, &reference, "details/time", &[("day", "today"), ("time", "14:08")]).await;
    let conflict = conflict.expect(409);
    conflict.assert_shows("Wpisać, dokładna godzina: piątek, 20 listopada 2026, 14:08");
    assert_eq!(conflict.value("time"), "14:08");

    // the customer sends another answer at the same time
    let question = subpage(&page, "/answer/time");
    let response = world.visitor().post(&question, &[("day", "today"), ("time", "14:09")]).await.expect(409);
    response.assert_shows("To pytanie jest już zamknięte").assert_shows("14:09");
    // or the same answer
    world.visitor().post(&question, &[("day", "today"), ("time", "14:06")]).await.expect(303);
}

#[tokio::test]
async fn a_detail_request_reopens_the_ticket_after_three_working_days_and_ends_with_it() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = assigned_ticket(&world, &anna).await;
    post_action(&anna, &reference, "detail-requests", &[("detail", "time")]).await.expect(303);
    // the third working day
    world.advance(Duration::days(5));
    assert_eq!(dzwoni::jobs::reopen_due(&world.app).await.unwrap(), 1);
    assert_eq!(ticket_state(&world, &reference).await, expected_state("open", Some("Anna"), None));
    world.visitor().get(&page).await.assert_shows("Mamy jedno pytanie");

    let anna = world.signed_in("anna@example.com").await;
    post_action(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    let question = subpage(&page, "/answer/time");
    world.visitor().get(&question).await.expect(200).assert_shows("Zgłoszenie jest rozwiązane");
    world.visitor().post(&question, &[("day", "today"), ("time", "8:00")]).await.expect(409).assert_shows("8:00");
    world.visitor().get(&page).await.assert_hides("Mamy jedno pytanie");
    post_action(&anna, &reference, "detail-requests", &[("detail", "message")]).await.expect(409);
    world.advance(Duration::weeks(9));
    world.visitor().get(&question).await.expect(404);
    world.visitor().get(&subpage(&page, "/answer/nothing")).await.expect(404);
}

#[tokio::test]
async fn only_the_error_message_can_be_requested_for_a_logged_out_account() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::logged_out().without("error_text").accepted(&world).await;
    for detail in ["time", "caller", "callee"] {
        post_action(&anna, &reference, "detail-requests", &[("detail", detail)]).await.expect(400);
        anna.get(&format!("/staff/tickets/{reference}/details/{detail}")).await.expect(404);
        world.visitor().get(&subpage(&page, &format!("/answer/{detail}"))).await.expect(404);
    }
    post_action(&anna, &reference, "detail-requests", &[("detail", "message")]).await.expect(303);
    let question = subpage(&page, "/answer/message");
    world.visitor().post(&question, &[("error_text", "403 Forbidden")]).await.expect(303);
    anna.get(&format!("/staff/tickets/{reference}")).await.assert_shows("403 Forbidden");
}

#[tokio::test]
async fn a_detail_request_of_a_duplicate_does_not_concern_the_main_ticket() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (main, main_page) = assigned_ticket(&world, &anna).await;
    let (duplicate, page) = given::report().with("email", "ewa@example.com").accepted(&world).await;
    post_action(&anna, &duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    post_action(&anna, &duplicate, "detail-requests", &[("detail", "time")]).await.expect(303);
    assert_eq!(ticket_state(&world, &duplicate).await.status, "duplicate");
    world.visitor().get(&page).await.assert_shows("Mamy jedno pytanie");
    world.visitor().get(&main_page).await.assert_hides("Mamy jedno pytanie");
    let question = subpage(&page, "/answer/time");
    world.visitor().post(&question, &[("day", "today"), ("time", "8:00")]).await.expect(303);
    assert_eq!(ticket_state(&world, &duplicate).await.status, "duplicate");
    assert_eq!(event_kinds(&world, &main).await.last().unwrap(), "heard_from");
}

#[tokio::test]
async fn a_withdrawn_detail_request_restores_the_ticket_and_cancels_its_emails() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::report().accepted(&world).await;
    let ticket = format!("/staff/tickets/{reference}");
    world.advance(Duration::hours(1));
    for detail in ["time", "message"] {
        post_action(&anna, &reference, "detail-requests", &[("detail", detail)]).await.expect(303);
    }
    anna.get(&ticket).await.assert_shows("Wycofaj pytanie");
    let before = anna.get(&ticket).await;
    for _ in 0..2 {
        post_action_from(&anna, &before, &reference, "detail-requests", &[("withdraw", "time")]).await.expect(303);
    }
    // the other request is still open
    assert_eq!(ticket_state(&world, &reference).await, expected_state("waiting", Some("Anna"), None));
    let customer = world.visitor();
    let question = subpage(&page, "/answer/time");
    customer
        .get(&question)
        .await
        .expect(200)
        .assert_shows("Wycofaliśmy to pytanie")
        .assert_hides("O której dokładnie?");
    customer.get(&page).await.assert_shows("Pytanie jest nieaktualne: dokładna godzina");
    // an answer that is sent all the same is shown again, not lost
    let conflict = customer.post(&question, &[("day", "today"), ("time", "14:07")]).await.expect(409);
    conflict.assert_shows("14:07");
    customer.get(&subpage(&page, "/answer/message")).await.assert_hides("Wycofaliśmy");

    post_action(&anna, &reference, "detail-requests", &[("withdraw", "message")]).await.expect(303);
    assert_eq!(ticket_state(&world, &reference).await, expected_state("open", Some("Anna"), None));
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "asked", "asked", "took_back", "took_back"]);
    anna.get(&ticket).await.assert_shows("Anna: wycofane pytanie do klienta: dokładna godzina");
    // the position in the queue is the one from before the request
    assert_eq!(world.count("select count(*) from ticket where awaiting_staff_since = created_at").await, 1);
    // e-mails that were not sent yet are cancelled
    let cancelled = "select count(*) from outgoing_email where kind = 'detail_requested' and state = 'cancelled'";
    assert_eq!(world.count(cancelled).await, 2);
    post_action(&anna, &reference, "detail-requests", &[("detail", "time")]).await.expect(303);
    customer.get(&question).await.assert_shows("O której dokładnie?");
    post_action(&anna, &reference, "detail-requests", &[("withdraw", "nothing")]).await.expect(400);
}
