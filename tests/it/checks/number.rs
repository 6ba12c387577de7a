//! How to dial a number.

use super::result_id;
use crate::support::World;

#[tokio::test]
async fn the_number_check_shows_how_to_dial_a_number() {
    let world = World::new().await;
    let visitor = world.visitor();
    let abroad = visitor.get("/pl/check/number?number=%2B44+(0)20+8190+0322").await.expect(200);
    abroad.assert_shows("Wybierz: 0044 20 8190 0322").assert_shows("Zamiast + wybierz 00. Zero w nawiasie pomiń.");
    abroad.assert_shows("numer zagraniczny, Wielka Brytania").assert_shows("Połączenia międzynarodowe");
    let id = result_id(&abroad);
    let result = visitor.get(&format!("/en/check/result/{id}")).await.expect(200);
    result.assert_shows("Instead of “+44 (0)20 8190 0322” dial: 0044 20 8190 0322");
    result.assert_shows("number abroad, United Kingdom");

    let home = visitor.get("/pl/check/number?number=22+122+80+22").await.expect(200);
    home.assert_shows("Tak właśnie się go wybiera").assert_shows("numer stacjonarny, Warszawa");
    home.assert_hides("Połączenia międzynarodowe");
    visitor.get("/pl/check/number?number=701234567").await.expect(200).assert_shows("Połączenie może być drogie");
    // the result for an unknown number asks to check the digits
    let unknown = result_id(&visitor.get("/pl/check/number?number=0044+208+190+03").await.expect(200));
    let unknown = visitor.get(&format!("/pl/check/result/{unknown}")).await.expect(200);
    unknown.assert_shows("Nie znamy numeru 0044 208 190 03, sprawdź cyfry").assert_hides("Wybierz");
    visitor.get("/pl/check/number?number=*97").await.expect(200).assert_shows("nasza usługa: poczta głosowa");
    visitor.get("/pl/check/number?number=122+80+22").await.expect(200).assert_shows("brakuje kierunkowego");
    visitor.get("/pl/check/number?number=").await.expect(200).assert_hides("30 dni");
    for input in [&"9".repeat(10_000), "%F0%9F%98%80", "%E2%80%AB22%E2%80%8F", "%00", "%3Cscript%3E"] {
        let page = visitor.get(&format!("/pl/check/number?number={input}")).await.expect(200);
        assert!(!page.body.contains("<script>"));
    }
}

#[tokio::test]
async fn the_number_check_in_a_guide_step_continues_the_path_with_its_result() {
    let world = World::new().await;
    let visitor = world.visitor();
    let path = "outgoing/yes/abroad";
    let step = visitor.get(&format!("/pl/guide/{path}")).await.expect(200);
    assert_eq!((step.value("trail").as_str(), step.value("in_guide").as_str()), (path, "yes"));
    let redirect =
        visitor.get(&format!("/pl/check/number?trail={path}&in_guide=yes&number=%2B442081900322")).await.expect(303);
    let response = visitor.get(redirect.location().split('#').next().unwrap()).await.expect(200);
    response.assert_shows("Wybierz: 0044 20 8190 0322").assert_shows("Zamiast + wybierz 00");
    assert_eq!(response.value("number"), "+442081900322");
    let id = response.value("checks");
    assert!(response.body.contains(&format!("/pl/guide/{path}/right?checks={id}\"")), "{}", response.body);

    // a second number adds its result to the first
    let again = format!("/pl/check/number?trail={path}&in_guide=yes&checks={id}&number=0044+20+8190+0322");
    let second = visitor.follow(&visitor.get(&again).await.expect(303)).await.expect(200);
    assert!(second.value("checks").starts_with(&format!("{id},")));
    // the number of one visitor is not shown to another
    visitor.get(&format!("/pl/guide/{path}")).await.expect(200).assert_hides("Wybierz: 0044 20");
}

#[tokio::test]
async fn the_number_check_in_a_guide_step_works_without_the_database() {
    let world = World::without_database().await;
    let address = "/en/check/number?trail=outgoing/yes/poland&in_guide=yes&number=0+22+122+80+22";
    let response = world.visitor().follow(&world.visitor().get(address).await.expect(303)).await.expect(200);
    response.assert_shows("Dial: 22 122 80 22").assert_shows("The zero before the area code is no longer dialled");
}

#[tokio::test]
async fn a_number_that_nobody_has_never_stands_under_dial() {
    let visitor = World::without_database().await.visitor();
    for number in
        ["22 122 80 2", "22 122 80 221", "999 999 999", "0044 20 8190 03", "0044 20 8190 03221", "00999 12345"]
    {
        for (lang, dial) in [("pl", "Wybierz:"), ("en", "Dial:")] {
            let path = format!("/{lang}/check/number?number={}", number.replace(' ', "+"));
            visitor.get(&path).await.expect(200).assert_hides(dial);
        }
    }
}
