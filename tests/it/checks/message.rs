//! The explanation of error messages and codes.

use super::result_id;
use crate::{given, support::World};

#[tokio::test]
async fn an_error_message_is_explained_with_a_first_step_and_a_guide_step() {
    let world = World::new().await;
    let page = world.visitor().get("/pl/check/message?text=Abonent+czasowo+niedostepny").await.expect(200);
    page.assert_shows("Abonent chwilowo niedostępny").assert_shows("Zadzwoń za chwilę");
    page.assert_shows("po stronie osoby, do której dzwonisz");
    assert!(page.body.contains("error_text=Abonent%20czasowo%20niedostepny"), "{}", page.body);
    let id = result_id(&page);
    let again = world.visitor().get(&format!("/pl/check/result/{id}")).await.expect(200);
    again.assert_shows("„Abonent czasowo niedostepny” znaczy: Abonent chwilowo niedostępny");

    let busy = world.visitor().get("/en/check/message?text=486").await.expect(200);
    busy.assert_shows("Busy").assert_shows("This is not a fault").assert_shows("SIP 486, 600; Q.850 17");

    let forbidden = world.visitor().get("/en/check/message?text=403").await.expect(200);
    forbidden.assert_shows("The guide’s step: Where can't you call?");
    assert!(forbidden.body.contains("/en/guide/outgoing?all#destination"), "{}", forbidden.body);
    assert!(world.visitor().get("/en/guide/outgoing?all").await.body.contains("id=\"destination\""));
}

#[tokio::test]
async fn an_unknown_error_message_can_be_reported() {
    let world = World::new().await;
    let page = world.visitor().get("/pl/check/message?text=Ble+ble+%3Cb%3E").await.expect(200);
    page.assert_shows("Nie znamy komunikatu „Ble ble <b>”");
    assert!(page.body.contains("/pl/report?checks="), "{}", page.body);
    let form = page.body.split("href=\"/pl/report").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let without_category = world.visitor().get(&format!("/pl/report{form}")).await.expect(200);
    let next = without_category.body.split("href=\"").find(|link| link.contains("category=outgoing")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    assert_eq!(world.visitor().get(&next).await.expect(200).value("error_text"), "Ble ble <b>");

    world.visitor().get("/pl/check/message?text=").await.expect(200).assert_shows("Wpisz kod albo słowa komunikatu");
    for text in ["%00%ff", "😀", "%E2%80%AE", &"9".repeat(10_000), &"a+".repeat(20_000)] {
        world.visitor().get(&format!("/pl/check/message?text={text}")).await.expect(200);
        world.visitor().get(&format!("/pl/check/message/hint?text={text}")).await.expect(200);
    }
}

#[tokio::test]
async fn each_cause_has_its_own_page() {
    let world = World::without_database().await;
    for cause in dzwoni::causes::all() {
        for lang in ["pl", "en"] {
            let page = world.visitor().get(&format!("/{lang}/check/message/{}", cause.id)).await.expect(200);
            assert!(page.body.contains("<h1") && page.shows(&cause.source), "{}", cause.id);
            let text = page.text();
            let no_fault = ["To nie jest awaria", "This is not a fault"].map(|sentence| text.matches(sentence).count());
            assert_eq!(no_fault.iter().sum::<usize>(), usize::from(!cause.is_fault), "{}", cause.id);
        }
    }
    world.visitor().get("/pl/check/message/none-of-them").await.expect(404);
}

#[tokio::test]
async fn the_message_hint_is_a_fragment_and_stores_nothing() {
    let world = World::new().await;
    let busy = world.visitor().get("/en/check/message/hint?text=486").await.expect(200);
    busy.assert_shows("The person you call is talking to somebody. This is not a fault.");
    let hint = world.visitor().get("/en/check/message/hint?text=503").await.expect(200);
    hint.assert_shows("Service unavailable, or no free lines");
    assert!(!hint.body.contains("<html") && hint.body.contains("/en/check/message/no-lines"));
    assert_eq!(world.visitor().get("/en/check/message/hint?text=zzzz").await.expect(200).body, "");
    assert_eq!(world.count("select count(*) from check_result").await, 0);
}

#[tokio::test]
async fn a_refused_form_explains_the_error_message_without_javascript() {
    let world = World::new().await;
    let form = given::report().with("error_text", "zajete").with("email", "").send(&world.visitor()).await.expect(422);
    form.assert_shows("Rozumiemy: Zajęte");
}
