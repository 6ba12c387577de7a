//! One question: asked, answered, asked twice, answered twice, too late.

use time::Duration;

use super::{below, send, taken};
use crate::{
    given,
    support::World,
    tickets::{act, act_from, history, must_be_sound, stand, stands},
};

#[tokio::test]
async fn the_answer_lands_in_the_field() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) =
        given::report().with("precision", "30min").with("time", "14:00").without("error_text").accepted(&world).await;
    let desk = format!("/staff/tickets/{reference}");
    anna.get(&desk).await.must_show("Czegoś brakuje, żeby znaleźć połączenie");
    anna.get("/staff?view=new").await.must_show("Brakujące dane: dokładna godzina, komunikat lub kod");
    let customer = world.visitor();
    customer.get(&page).await.must_show("Brakujące dane: dokładna godzina, komunikat lub kod.");

    act(&anna, &reference, "questions", &[("piece", "time")]).await.expect(303);
    assert_eq!(stands(&world, &reference).await, stand("waiting", Some("Anna"), None));
    anna.get(&desk).await.must_show("Anna: pytanie do klienta: dokładna godzina, do 25.11.2026, 8:00, wzięte");
    let question = below(&page, "/answer/time");
    let asked = customer.get(&page).await;
    asked.must_show("Mamy jedno pytanie").must_show("Czekamy na Twoją odpowiedź");
    assert!(asked.body.contains(&format!("href=\"{question}\"")));
    send(&customer, &page, "/messages", &[("text", "Dzwoniłem z domu.")]).await.expect(303);
    assert_eq!(stands(&world, &reference).await, stand("open", Some("Anna"), None));
    customer.get(&page).await.must_show("Czekamy na Twoją odpowiedź").must_not_show("Nie musisz nic robić");
    let blank = customer.get(&question).await.expect(200);
    blank
        .must_show("O której dokładnie?")
        .must_show("Teraz w zgłoszeniu: piątek, 20 listopada 2026, 14:00, z dokładnością do 30 min")
        .must_not_show("Na jaki numer?");

    let wrong = customer.post(&question, &[("day", "today"), ("time", "25:00")]).await.expect(422);
    wrong.must_show("Nie ma takiej godziny jak 25:00");
    assert_eq!(wrong.value("time"), "25:00");
    let answer = customer.post(&question, &[("day", "today"), ("time", "14:07:30")]).await.expect(303);
    customer
        .follow(&answer)
        .await
        .must_show("Dziękujemy, odpowiedź jest w zgłoszeniu.")
        .must_show("14:07:30")
        .must_not_show("Mamy jedno pytanie");
    assert_eq!(stands(&world, &reference).await, stand("open", Some("Anna"), None));
    anna.get(&desk)
        .await
        .must_show("pt. 20.11.2026, 14:06–14:09")
        .must_show("Klient, dokładna godzina: piątek, 20 listopada 2026, 14:07:30, wpisano „today 14:07:30”")
        .must_show("(było: piątek, 20 listopada 2026, 14:00, z dokładnością do 30 min)");

    act(&anna, &reference, "questions", &[("piece", "message")]).await.expect(303);
    let message = below(&page, "/answer/message");
    customer.post(&message, &[("error_text", "")]).await.expect(422).must_show("Wpisz treść komunikatu");
    customer.post(&message, &[("error_text", "503 Service Unavailable")]).await.expect(303);
    anna.get(&desk).await.must_show("Dane są kompletne").must_show("503 Service Unavailable");
    anna.get("/staff?view=all&q=kod:503").await.must_show(&reference.to_string());
    customer.get(&page).await.must_show("Mamy wszystko, co potrzebne");
    must_be_sound(&world).await;
}

#[tokio::test]
async fn numbers_are_read_as_in_the_report() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    let customer = world.visitor();
    for (piece, wrong, right, found) in [
        ("caller", "1234567890123456789", "22 122 80 22 wew. 7", "a:22 122 80 22"),
        ("callee", "zastrzeżony", "601 555 210", "b:601 555 210"),
    ] {
        act(&anna, &reference, "questions", &[("piece", piece)]).await.expect(303);
        let question = below(&page, &format!("/answer/{piece}"));
        let refused = customer.post(&question, &[(piece, wrong)]).await.expect(422);
        assert_eq!(refused.value(piece), wrong);
        customer.post(&question, &[(piece, right)]).await.expect(303);
        customer.get(&page).await.must_show(right);
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", found).finish();
        anna.get(&format!("/staff?view=all&{query}")).await.must_show(&reference.to_string());
    }
    // back to one that is hidden
    act(&anna, &reference, "questions", &[("piece", "caller")]).await.expect(303);
    let question = below(&page, "/answer/caller");
    customer.post(&question, &[("caller", "zastrzeżony")]).await.expect(303);
    customer.get(&page).await.must_show("numer zastrzeżony").must_show("Brakujące dane: kto dzwonił.");
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_question_that_is_asked_twice_is_one() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let marek = world.agent("Marek").await;
    let (reference, page) = taken(&world, &anna).await;
    let desk = anna.get(&format!("/staff/tickets/{reference}")).await;
    let fields = [("piece", "time")];
    let (one, two) = tokio::join!(
        act_from(&anna, &desk, &reference, "questions", &fields),
        act_from(&marek, &desk, &reference, "questions", &fields)
    );
    one.expect(303);
    two.expect(303);
    assert_eq!(history(&world, &reference).await, ["opened", "assigned", "asked"]);
    // another question from an old page is shown what happened meanwhile
    let late = act_from(&marek, &desk, &reference, "questions", &[("piece", "message")]).await.expect(409);
    late.must_show("Zapytać klienta: komunikat lub kod").must_show(": pytanie do klienta: dokładna godzina");
    act(&marek, &reference, "questions", &[("piece", "message")]).await.expect(303);
    world.visitor().get(&page).await.must_show("komunikat lub kod").must_show("dokładna godzina");
    act(&marek, &reference, "questions", &[("piece", "nothing")]).await.expect(400);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_question_is_answered_once_and_no_answer_is_lost() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    act(&anna, &reference, "questions", &[("piece", "callee")]).await.expect(303);
    let question = below(&page, "/answer/callee");
    let customer = world.visitor();
    let form = given::uuid();
    let fields = [("submission", form.as_str()), ("callee", "601 555 210")];
    let (one, two) = tokio::join!(customer.post(&question, &fields), customer.post(&question, &fields));
    one.expect(303);
    two.expect(303);
    assert_eq!(history(&world, &reference).await, ["opened", "assigned", "asked", "filled"]);
    // another answer from another device: the first one stands, the second is offered as a message
    let other = customer.post(&question, &[("callee", "601 555 211")]).await.expect(409);
    other.must_show("To pytanie jest już zamknięte").must_show("na jaki numer: 601 555 211");
    send(&customer, &page, "/messages", &[("text", "na jaki numer: 601 555 211")]).await.expect(303);
    let closed = customer.get(&question).await.expect(200);
    closed.must_show("Na to pytanie nie trzeba już odpowiadać").must_show("Teraz w zgłoszeniu: 601 555 210");
    must_be_sound(&world).await;
}

#[tokio::test]
async fn staff_put_in_what_they_hear_and_the_question_is_over() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    act(&anna, &reference, "questions", &[("piece", "time")]).await.expect(303);
    let address = format!("/staff/tickets/{reference}/pieces/time");
    let blank = anna.get(&address).await.expect(200);
    blank.must_show("Wpisz: dokładna godzina").must_show("Teraz: piątek, 20 listopada 2026, 14:05");
    let wrong = act_from(&anna, &blank, &reference, "pieces/time", &[("day", "today"), ("time", "x")]).await;
    wrong.expect(422).must_show("Nie umiemy odczytać godziny");
    let put = [("day", "today"), ("time", "14:06")];
    act_from(&anna, &blank, &reference, "pieces/time", &put).await.expect(303);
    anna.get(&format!("/staff/tickets/{reference}")).await.must_show("Anna, dokładna godzina:");
    // the same again changes nothing; a colleague's old page shows both sides
    act(&anna, &reference, "pieces/time", &put).await.expect(303);
    assert_eq!(history(&world, &reference).await, ["opened", "assigned", "asked", "filled"]);
    let marek = world.agent("Marek").await;
    let late = act_from(&marek, &blank, &reference, "pieces/time", &[("day", "today"), ("time", "14:08")]).await;
    let late = late.expect(409);
    late.must_show("Wpisać, dokładna godzina: piątek, 20 listopada 2026, 14:08");
    assert_eq!(late.value("time"), "14:08");

    // the customer was on the way with another answer
    let question = below(&page, "/answer/time");
    let answer = world.visitor().post(&question, &[("day", "today"), ("time", "14:09")]).await.expect(409);
    answer.must_show("To pytanie jest już zamknięte").must_show("14:09");
    // or with the same
    world.visitor().post(&question, &[("day", "today"), ("time", "14:06")]).await.expect(303);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_question_ends_with_its_ticket_and_comes_back_after_some_days() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = taken(&world, &anna).await;
    act(&anna, &reference, "questions", &[("piece", "time")]).await.expect(303);
    // the third working day
    world.advance(Duration::days(5));
    assert_eq!(dzwoni::workers::reopen_due(&world.app).await.unwrap(), 1);
    assert_eq!(stands(&world, &reference).await, stand("open", Some("Anna"), None));
    world.visitor().get(&page).await.must_show("Mamy jedno pytanie");

    let anna = world.signed_in("anna@example.com").await;
    act(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    let question = below(&page, "/answer/time");
    world.visitor().get(&question).await.expect(200).must_show("Zgłoszenie jest rozwiązane");
    world.visitor().post(&question, &[("day", "today"), ("time", "8:00")]).await.expect(409).must_show("8:00");
    world.visitor().get(&page).await.must_not_show("Mamy jedno pytanie");
    act(&anna, &reference, "questions", &[("piece", "message")]).await.expect(409);
    world.advance(Duration::weeks(9));
    world.visitor().get(&question).await.expect(404);
    world.visitor().get(&below(&page, "/answer/nothing")).await.expect(404);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn an_account_is_asked_for_the_message_alone() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::logged_out().without("error_text").accepted(&world).await;
    for piece in ["time", "caller", "callee"] {
        act(&anna, &reference, "questions", &[("piece", piece)]).await.expect(400);
        anna.get(&format!("/staff/tickets/{reference}/pieces/{piece}")).await.expect(404);
        world.visitor().get(&below(&page, &format!("/answer/{piece}"))).await.expect(404);
    }
    act(&anna, &reference, "questions", &[("piece", "message")]).await.expect(303);
    let question = below(&page, "/answer/message");
    world.visitor().post(&question, &[("error_text", "403 Forbidden")]).await.expect(303);
    anna.get(&format!("/staff/tickets/{reference}")).await.must_show("403 Forbidden");
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_duplicates_question_is_its_own() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (main, main_page) = taken(&world, &anna).await;
    let (duplicate, page) = given::report().with("email", "ewa@example.com").accepted(&world).await;
    act(&anna, &duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    act(&anna, &duplicate, "questions", &[("piece", "time")]).await.expect(303);
    assert_eq!(stands(&world, &duplicate).await.status, "duplicate");
    world.visitor().get(&page).await.must_show("Mamy jedno pytanie");
    world.visitor().get(&main_page).await.must_not_show("Mamy jedno pytanie");
    let question = below(&page, "/answer/time");
    world.visitor().post(&question, &[("day", "today"), ("time", "8:00")]).await.expect(303);
    assert_eq!(stands(&world, &duplicate).await.status, "duplicate");
    assert_eq!(history(&world, &main).await.last().unwrap(), "heard_from");
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_question_that_was_a_mistake_is_taken_back() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, page) = given::report().accepted(&world).await;
    let desk = format!("/staff/tickets/{reference}");
    world.advance(Duration::hours(1));
    for piece in ["time", "message"] {
        act(&anna, &reference, "questions", &[("piece", piece)]).await.expect(303);
    }
    anna.get(&desk).await.must_show("Wycofaj pytanie");
    let before = anna.get(&desk).await;
    for _ in 0..2 {
        act_from(&anna, &before, &reference, "questions", &[("back", "time")]).await.expect(303);
    }
    // another question is still open
    assert_eq!(stands(&world, &reference).await, stand("waiting", Some("Anna"), None));
    let customer = world.visitor();
    let link = below(&page, "/answer/time");
    customer.get(&link).await.expect(200).must_show("Wycofaliśmy to pytanie").must_not_show("O której dokładnie?");
    customer.get(&page).await.must_show("Pytanie jest nieaktualne: dokładna godzina");
    // who answers all the same does not lose the words
    let late = customer.post(&link, &[("day", "today"), ("time", "14:07")]).await.expect(409);
    late.must_show("14:07");
    customer.get(&below(&page, "/answer/message")).await.must_not_show("Wycofaliśmy");

    act(&anna, &reference, "questions", &[("back", "message")]).await.expect(303);
    assert_eq!(stands(&world, &reference).await, stand("open", Some("Anna"), None));
    assert_eq!(history(&world, &reference).await, ["opened", "asked", "asked", "took_back", "took_back"]);
    anna.get(&desk).await.must_show("Anna: wycofane pytanie do klienta: dokładna godzina");
    // its place in the queue is that of before
    assert_eq!(world.count("select count(*) from ticket where awaiting_staff_since = created_at").await, 1);
    // letters that have not gone go no more
    let asked = "select count(*) from outgoing_email where kind = 'asked' and state = 'dropped'";
    assert_eq!(world.count(asked).await, 2);
    act(&anna, &reference, "questions", &[("piece", "time")]).await.expect(303);
    customer.get(&link).await.must_show("O której dokładnie?");
    act(&anna, &reference, "questions", &[("back", "nothing")]).await.expect(400);
    must_be_sound(&world).await;
}
