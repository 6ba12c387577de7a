//! Writing: to the customer, or to each other.

use super::desk;
use crate::{given, support::World};

#[tokio::test]
async fn a_note_stays_here_whichever_button_was_pressed() {
    let world = World::new().await;
    let (reference, customers_page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let text = "Klient krzyczy, ostrożnie";
    for resource in ["replies", "status"] {
        let fields = [("kind", "note"), ("text", text), ("status", "resolved"), ("version", "1")];
        let refused = anna.post(&format!("{}/{resource}", desk(&reference)), &fields).await.expect(422);
        refused.must_show("To notatka, więc jej nie wysłaliśmy").must_show(text);
        assert!(refused.body.contains("value=\"note\" data-key=\"i\" checked"), "it is a note still");
    }
    assert_eq!(world.count("select count(*) from ticket_event").await, 1);
    // what is marked as a reply but saved as a note does no harm
    let fields = [("kind", "reply"), ("text", text)];
    anna.post(&format!("{}/notes", desk(&reference)), &fields).await.expect(303);
    world.visitor().get(&customers_page).await.must_not_show("krzyczy");
}

#[tokio::test]
async fn who_sends_and_resolves_has_something_to_say() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let path = format!("{}/status", desk(&reference));
    let written = [("kind", "reply"), ("text", " "), ("status", "resolved"), ("version", "1")];
    anna.post(&path, &written).await.expect(422).must_show("Wpisz treść");
    anna.post(&path, &[("status", "resolved"), ("version", "1")]).await.expect(303);
}

#[tokio::test]
async fn the_page_says_who_will_get_the_answer() {
    let world = World::new().await;
    let (by_mail, _) = given::report().accepted(&world).await;
    let (by_phone, _) = given::report().without("email").with("phone", "601 555 210").accepted(&world).await;
    let anna = world.agent("Anna").await;
    anna.get(&desk(&by_mail)).await.must_show("Wyślij do jan.nowak@example.com");
    anna.get(&desk(&by_phone))
        .await
        .must_show(
            "Klient nie podał e-maila. Zobaczy odpowiedź na stronie zgłoszenia; możesz też zadzwonić: 601 555 210.",
        )
        .must_show("Wyślij odpowiedź")
        .must_not_show("Wyślij do");
}

#[tokio::test]
async fn a_form_that_was_refused_is_the_same_form() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let path = format!("{}/replies", desk(&reference));
    let submission = anna.get(&desk(&reference)).await.value("submission");
    let long = "a".repeat(5001);
    let refused = anna.post(&path, &[("text", &long), ("submission", &submission)]).await.expect(422);
    assert_eq!(refused.value("submission"), submission);
    refused.must_show("Ten tekst ma 5001 znaków").must_show(&long);
    let broken = anna.post(&path, &[("text", ""), ("submission", "x")]).await.expect(422);
    assert_ne!(broken.value("submission"), "x");
}
