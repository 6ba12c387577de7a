//! The composer: replies to the customer and notes for colleagues.

use super::ticket_path;
use crate::{given, support::World};

#[tokio::test]
async fn a_note_is_never_sent_to_the_customer_whichever_button_is_pressed() {
    let world = World::new().await;
    let (reference, customer_page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let text = "Klient krzyczy, ostrożnie";
    for resource in ["replies", "status"] {
        let fields = [("kind", "note"), ("text", text), ("status", "resolved"), ("version", "1")];
        let refused = anna.post(&format!("{}/{resource}", ticket_path(&reference)), &fields).await.expect(422);
        refused.assert_shows("To notatka, więc jej nie wysłaliśmy").assert_shows(text);
        assert!(refused.body.contains("value=\"note\" data-key=\"i\" checked"), "the kind is still a note");
    }
    assert_eq!(world.count("select count(*) from ticket_event").await, 1);
    // a text marked as a reply but posted as a note is only a note
    let fields = [("kind", "reply"), ("text", text)];
    anna.post(&format!("{}/notes", ticket_path(&reference)), &fields).await.expect(303);
    world.visitor().get(&customer_page).await.assert_hides("krzyczy");
}

#[tokio::test]
async fn resolving_with_a_reply_needs_a_text() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let path = format!("{}/status", ticket_path(&reference));
    let empty = [("kind", "reply"), ("text", " "), ("status", "resolved"), ("version", "1")];
    anna.post(&path, &empty).await.expect(422).assert_shows("Wpisz treść");
    anna.post(&path, &[("status", "resolved"), ("version", "1")]).await.expect(303);
}

#[tokio::test]
async fn the_composer_names_the_recipient_of_a_reply() {
    let world = World::new().await;
    let (by_mail, _) = given::report().accepted(&world).await;
    let (by_phone, _) = given::report().without("email").with("phone", "601 555 210").accepted(&world).await;
    let anna = world.agent("Anna").await;
    anna.get(&ticket_path(&by_mail)).await.assert_shows("Wyślij do jan.nowak@example.com");
    anna.get(&ticket_path(&by_phone))
        .await
        .assert_shows(
            "Klient nie podał e-maila. Zobaczy odpowiedź na stronie zgłoszenia; możesz też zadzwonić: 601 555 210.",
        )
        .assert_shows("Wyślij odpowiedź")
        .assert_hides("Wyślij do");
}

#[tokio::test]
async fn a_refused_form_keeps_its_submission() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let path = format!("{}/replies", ticket_path(&reference));
    let submission = anna.get(&ticket_path(&reference)).await.value("submission");
    let long = "a".repeat(5001);
    let refused = anna.post(&path, &[("text", &long), ("submission", &submission)]).await.expect(422);
    assert_eq!(refused.value("submission"), submission);
    refused.assert_shows("Ten tekst ma 5001 znaków").assert_shows(&long);
    let invalid = anna.post(&path, &[("text", ""), ("submission", "x")]).await.expect(422);
    assert_ne!(invalid.value("submission"), "x");
}
