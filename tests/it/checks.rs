//! The checks: what they say, and how their results come to a ticket.

use time::Duration;

use crate::{
    given,
    support::{Answer, Browser, World},
};

/// Looks a lamp up; gives the page and the id under which the result is kept.
async fn lamp(browser: &Browser, query: &str) -> (Answer, String) {
    let page = browser.get(&format!("/pl/check/lamps?{query}")).await.expect(200);
    let id = kept(&page);
    (page, id)
}

fn kept(page: &Answer) -> String {
    let link = page.body.split("/check/result/").nth(1).unwrap_or_else(|| panic!("nothing is kept: {}", page.body));
    link.split('"').next().unwrap().to_owned()
}

/// The evidence in the queue's first row, as it is read out.
async fn evidence(world: &World) -> String {
    let queue = world.signed_in("anna@example.com").await.get("/staff?view=new&sort=newest").await.expect(200);
    let row = queue.body.split("<tr role=\"row\" id=").nth(1).unwrap();
    row.split(", poradnik").nth(1).unwrap().split("</span>").next().unwrap().to_owned()
}

async fn tickets(world: &World) -> i64 {
    world.count("select count(*) from check_result where ticket_id is not null").await
}

#[tokio::test]
async fn a_result_has_a_page_of_its_own_for_thirty_days() {
    let world = World::new().await;
    let (page, id) = lamp(&world.visitor(), "lamp=yellow").await;
    page.must_show("Żółta lampka: konto jest zalogowane, ale łącze się spóźnia");
    let address = format!("/en/check/result/{id}");
    let again = world.visitor().from_ip("198.51.100.1").get(&address).await.expect(200);
    again.must_show("A yellow lamp: the account is logged in, but the internet line is late");
    again.must_show("about 150–600 ms");
    assert!(again.body.contains("noindex"));

    world.advance(Duration::days(29));
    world.visitor().get(&address).await.expect(200);
    world.advance(Duration::days(1));
    world.visitor().get(&address).await.expect(404);
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from check_result").await, 0);
}

#[tokio::test]
async fn a_clock_that_jumps_back_loses_nothing() {
    let world = World::new().await;
    let (_, id) = lamp(&world.visitor(), "lamp=yellow").await;
    world.advance(-Duration::days(2));
    world.visitor().get(&format!("/pl/check/result/{id}")).await.expect(200);
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    let (_, page) = given::report().with("day", "now").with("checks", &id).accepted(&world).await;
    world.visitor().get(&page).await.expect(200).must_show("Żółta lampka");
}

#[tokio::test]
async fn ids_that_nobody_knows_lead_nowhere() {
    let world = World::new().await;
    for id in ["x", "00000000000000000000000009", "%00", "..", &"Z".repeat(5000)] {
        world.visitor().get(&format!("/pl/check/result/{id}")).await.expect(404);
    }
}

#[tokio::test]
async fn loading_a_page_again_keeps_nothing_new() {
    let world = World::new().await;
    let (_, first) = lamp(&world.visitor(), "lamp=grey").await;
    let (_, again) = lamp(&world.visitor(), "lamp=grey").await;
    let (_, neighbour) = lamp(&world.visitor().from_ip("198.51.100.1"), "lamp=grey").await;
    let (_, other) = lamp(&world.visitor(), "lamp=red").await;
    assert_eq!(first, again);
    assert!(first != neighbour && first != other);
    world.advance(Duration::hours(2));
    let (_, later) = lamp(&world.visitor(), "lamp=grey").await;
    assert_ne!(first, later);
}

#[tokio::test]
async fn what_was_found_goes_with_the_report_and_stays_with_the_ticket() {
    let world = World::new().await;
    let visitor = world.visitor();
    let (page, id) = lamp(&visitor, "lamp=red").await;
    assert!(page.body.contains(&format!("/pl/report?category=audio&#38;checks={id}")), "{}", page.body);

    let form = visitor.get(&format!("/pl/report?category=audio&checks={id}")).await.expect(200);
    form.must_show("Czerwona lampka: łącze bardzo się spóźnia");
    assert_eq!(form.value("checks"), id);
    let (reference, ticket) = given::audio().with("checks", &form.value("checks")).accepted(&world).await;
    visitor.get(&ticket).await.expect(200).must_show("Czerwona lampka: łącze bardzo się spóźnia");
    let desk = world.agent("Anna").await.get(&format!("/staff/tickets/{reference}")).await.expect(200);
    desk.must_show("Wyniki sprawdzeń");
    desk.must_show("Czerwona lampka: łącze bardzo się spóźnia");

    world.advance(Duration::days(40));
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    visitor.get(&ticket).await.expect(200).must_show("ponad 600 ms");
    let found: String = sqlx::query_scalar(
        "select reference from check_result join ticket on ticket.id = ticket_id where check_result.id = $1",
    )
    .bind(&id)
    .fetch_one(world.sql().await)
    .await
    .unwrap();
    assert_eq!(found, reference.as_str());
}

#[tokio::test]
async fn the_queue_shows_which_tickets_have_results() {
    let world = World::new().await.listening().await;
    let anna = world.agent("Anna").await;
    let mut desk = anna.listen("/staff/live?view=new&mark=none").await;
    desk.wait_for("rows").await;
    given::report().accepted(&world).await;
    assert!(evidence(&world).await.contains("sprawdzenia: brak"));
    desk.wait_for("rows").await;

    let (_, id) = lamp(&world.visitor(), "lamp=red").await;
    let (reference, _) = given::report().with("checks", &id).accepted(&world).await;
    assert!(evidence(&world).await.contains("sprawdzenia: są"));
    // a desk that is open sees it with the row, and not only when somebody changes the ticket
    let rows = desk.wait_for("rows").await.json();
    assert!(rows["rows"][reference.to_string()].as_str().unwrap().contains("sprawdzenia: są"), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_that_come_together_each_get_their_own_results() {
    let world = World::new().await;
    let mut sending = tokio::task::JoinSet::new();
    for at in 0..12 {
        let visitor = world.visitor().from_ip(&format!("198.51.100.{at}"));
        let id = if at % 3 == 0 { String::new() } else { lamp(&visitor, "lamp=red").await.1 };
        sending.spawn(async move {
            let sent = given::report().with("checks", &id).send(&visitor).await.expect(303);
            (id, sent.location().split(['/', '?']).nth(3).unwrap().replace("DZ-", "").replace('-', ""))
        });
    }
    for (id, reference) in sending.join_all().await {
        let found: Vec<String> = sqlx::query_scalar(
            "select check_result.id from check_result join ticket on ticket.id = ticket_id where reference = $1",
        )
        .bind(reference)
        .fetch_all(world.sql().await)
        .await
        .unwrap();
        assert_eq!(found.join(","), id);
    }
}

#[tokio::test]
async fn results_that_can_not_be_handed_over_cost_nobody_the_report() {
    let world = World::new().await;
    let (_, id) = lamp(&world.visitor(), "lamp=red").await;
    let sql = world.sql().await;
    sqlx::raw_sql("alter table check_result add check (ticket_id is null)").execute(sql).await.unwrap();
    let (_, page) = given::report().with("checks", &id).accepted(&world).await;
    world.visitor().get(&page).await.expect(200).must_not_show("Czerwona lampka");
    assert_eq!(world.count("select count(*) from ticket").await, 1);
}

#[tokio::test]
async fn a_result_belongs_to_the_first_report_that_takes_it() {
    let world = World::new().await;
    let (_, id) = lamp(&world.visitor(), "lamp=red").await;
    let (_, first) = given::report().with("checks", &id).accepted(&world).await;
    let (_, second) = given::report().with("checks", &id).accepted(&world).await;
    world.visitor().get(&first).await.must_show("Czerwona lampka");
    world.visitor().get(&second).await.must_not_show("Czerwona lampka");
}

#[tokio::test]
async fn ids_that_are_wrong_cost_nobody_the_report() {
    let world = World::new().await;
    let (_, old) = lamp(&world.visitor(), "lamp=red").await;
    world.advance(Duration::days(31));
    for checks in ["x", "00000000000000000000000009", &"A,".repeat(50_000), "\0'", &old] {
        given::report().with("checks", checks).accepted(&world).await;
    }
    assert_eq!(tickets(&world).await, 0);
}

#[tokio::test]
async fn a_report_takes_ten_results_at_most() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for at in 0..12 {
        ids.push(lamp(&world.visitor().from_ip(&format!("198.51.100.{at}")), "lamp=red").await.1);
    }
    given::report().with("checks", &ids.join(",")).accepted(&world).await;
    assert_eq!(tickets(&world).await, 10);
}

#[tokio::test]
async fn a_result_can_be_left_out_and_nothing_that_was_typed_is_lost() {
    let world = World::new().await;
    let (_, grey) = lamp(&world.visitor(), "lamp=grey").await;
    let (_, red) = lamp(&world.visitor(), "lamp=red").await;
    let report = given::report().with("checks", &format!("{grey},{red}")).with("email", "not yet");
    let form = report.with("drop", &grey).send(&world.visitor()).await.expect(200);
    assert_eq!(form.value("checks"), red);
    assert_eq!(form.value("callee"), "0044 20 8190 0322");
    form.must_not_show("Szara lampka").must_show("Czerwona lampka").must_not_show("Błąd:");
    assert!(form.body.contains("other-language"), "another language must not lose what was typed");
}

#[tokio::test]
async fn results_stay_in_the_form_with_mistakes_in_another_language_and_another_category() {
    let world = World::new().await;
    let (_, id) = lamp(&world.visitor(), "lamp=grey").await;
    let form = given::report().with("checks", &id).with("callee", "").send(&world.visitor()).await.expect(422);
    assert_eq!(form.value("checks"), id);
    form.must_show("Szara lampka");
    let choose = world.visitor().get(&format!("/pl/report?checks={id}")).await.expect(200);
    assert!(choose.body.contains(&format!("category=audio&#38;checks={id}")), "{}", choose.body);
    assert!(choose.body.contains(&format!("/en/report?checks={id}")), "{}", choose.body);
}

#[tokio::test]
async fn a_walk_takes_results_along_to_the_report() {
    let world = World::new().await;
    let visitor = world.visitor();
    let (page, id) = lamp(&visitor, "lamp=green&walk=outgoing/unknown").await;
    assert!(page.body.contains(&format!("href=\"/pl/guide/outgoing/unknown?checks={id}\"")), "{}", page.body);
    let step = visitor.get(&format!("/pl/guide/outgoing/unknown?checks={id}")).await.expect(200);
    assert!(step.body.contains(&format!("/pl/guide/outgoing/unknown/green?checks={id}")), "{}", step.body);
    assert!(step.body.contains(&format!("trail=outgoing/unknown&#38;checks={id}")), "{}", step.body);
    // what one visitor carries is never shown to another
    let plain = visitor.get("/pl/guide/outgoing/unknown").await.expect(200);
    assert!(!plain.body.contains(&id));
    visitor.get("/pl/guide/outgoing/unknown?checks=x").await.expect(308);
}

#[tokio::test]
async fn a_check_that_can_not_be_kept_is_answered_all_the_same() {
    let world = World::without_database().await;
    let page = world.visitor().get("/pl/check/lamps?lamp=grey").await.expect(200);
    page.must_show("Szara lampka: konto jest wylogowane").must_not_show("30 dni");
    let id = "0".repeat(26);
    let form = world.visitor().get(&format!("/pl/report?category=audio&checks={id}")).await.expect(200);
    assert_eq!(form.value("checks"), id);
}

#[tokio::test]
async fn one_address_can_not_fill_the_table() {
    let world = World::new().await;
    for at in 0..100 {
        let lamp = ["blue", "green", "yellow", "red", "grey", "none"][at % 6];
        world.advance(Duration::hours(2));
        world.visitor().get(&format!("/pl/check/lamps?lamp={lamp}")).await.expect(200);
    }
    let kept = world.count("select count(*) from check_result").await;
    assert!((60..80).contains(&kept), "{kept}");
}

#[tokio::test]
async fn every_lamp_says_what_it_means_and_where_to_go() {
    let world = World::new().await;
    for (lamp, said, leads) in [
        ("blue", "konto się łączy", "/pl/guide/logged-out"),
        ("green", "ok. 150 ms", "/pl/guide/incoming"),
        ("yellow", "150–600 ms", "/pl/guide/audio"),
        ("red", "ponad 600 ms", "/pl/guide/audio"),
        ("grey", "konto jest wylogowane", "/pl/guide/logged-out"),
        ("none", "w kolumnie PING", "/pl/guide/outgoing"),
    ] {
        let page = world.visitor().get(&format!("/pl/check/lamps?lamp={lamp}")).await.expect(200);
        let result = page.body.split("</section>").next().unwrap();
        assert!(result.contains(leads), "{lamp}");
        page.must_show(said).must_show("Zgłoś problem z tym wynikiem");
    }
    let nothing = world.visitor().get("/pl/check/lamps?show=yes").await.expect(200);
    nothing.must_show("Wybierz lampkę, którą widzisz");
    world.visitor().get("/pl/check/lamps?lamp=purple").await.expect(200).must_not_show("30 dni");
}

#[tokio::test]
async fn a_message_is_explained_with_what_to_do_first_and_the_step_that_treats_it() {
    let world = World::new().await;
    let page = world.visitor().get("/pl/check/message?text=Abonent+czasowo+niedostepny").await.expect(200);
    page.must_show("Abonent chwilowo niedostępny").must_show("Zadzwoń za chwilę");
    page.must_show("po stronie osoby, do której dzwonisz");
    assert!(page.body.contains("error_text=Abonent%20czasowo%20niedostepny"), "{}", page.body);
    let id = kept(&page);
    let again = world.visitor().get(&format!("/pl/check/result/{id}")).await.expect(200);
    again.must_show("„Abonent czasowo niedostepny” znaczy: Abonent chwilowo niedostępny");

    let busy = world.visitor().get("/en/check/message?text=486").await.expect(200);
    busy.must_show("Busy").must_show("This is not a fault").must_show("SIP 486, 600; Q.850 17");

    let forbidden = world.visitor().get("/en/check/message?text=403").await.expect(200);
    forbidden.must_show("The guide’s step: Where can't you call?");
    assert!(forbidden.body.contains("/en/guide/outgoing?all#destination"), "{}", forbidden.body);
    assert!(world.visitor().get("/en/guide/outgoing?all").await.body.contains("id=\"destination\""));
}

#[tokio::test]
async fn a_message_that_nobody_knows_is_said_to_be_so_and_can_be_reported() {
    let world = World::new().await;
    let page = world.visitor().get("/pl/check/message?text=Ble+ble+%3Cb%3E").await.expect(200);
    page.must_show("Nie znamy komunikatu „Ble ble <b>”");
    assert!(page.body.contains("/pl/report?checks="), "{}", page.body);
    let form = page.body.split("href=\"/pl/report").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let choose = world.visitor().get(&format!("/pl/report{form}")).await.expect(200);
    let next = choose.body.split("href=\"").find(|link| link.contains("category=outgoing")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    assert_eq!(world.visitor().get(&next).await.expect(200).value("error_text"), "Ble ble <b>");

    world.visitor().get("/pl/check/message?text=").await.expect(200).must_show("Wpisz kod albo słowa komunikatu");
    for text in ["%00%ff", "😀", "%E2%80%AE", &"9".repeat(10_000), &"a+".repeat(20_000)] {
        world.visitor().get(&format!("/pl/check/message?text={text}")).await.expect(200);
        world.visitor().get(&format!("/pl/check/message/said?text={text}")).await.expect(200);
    }
}

#[tokio::test]
async fn each_cause_has_an_address_of_its_own() {
    let world = World::without_database().await;
    for cause in dzwoni::causes::all() {
        for lang in ["pl", "en"] {
            let page = world.visitor().get(&format!("/{lang}/check/message/{}", cause.id)).await.expect(200);
            assert!(page.body.contains("<h1") && page.shows(&cause.source), "{}", cause.id);
            let text = page.text();
            let no_fault = ["To nie jest awaria", "This is not a fault"].map(|said| text.matches(said).count());
            assert_eq!(no_fault.iter().sum::<usize>(), usize::from(!cause.is_fault), "{}", cause.id);
        }
    }
    world.visitor().get("/pl/check/message/none-of-them").await.expect(404);
}

#[tokio::test]
async fn the_answer_alone_is_a_piece_of_a_page_and_keeps_nothing() {
    let world = World::new().await;
    let busy = world.visitor().get("/en/check/message/said?text=486").await.expect(200);
    busy.must_show("The person you call is talking to somebody. This is not a fault.");
    let said = world.visitor().get("/en/check/message/said?text=503").await.expect(200);
    said.must_show("Service unavailable, or no free lines");
    assert!(!said.body.contains("<html") && said.body.contains("/en/check/message/no-lines"));
    assert_eq!(world.visitor().get("/en/check/message/said?text=zzzz").await.expect(200).body, "");
    assert_eq!(world.count("select count(*) from check_result").await, 0);
}

#[tokio::test]
async fn without_scripts_the_form_says_what_the_message_means_once_it_is_sent() {
    let world = World::new().await;
    let form = given::report().with("error_text", "zajete").with("email", "").send(&world.visitor()).await.expect(422);
    form.must_show("Rozumiemy: Zajęte");
}

#[tokio::test]
async fn a_number_is_told_how_it_is_dialled_and_what_was_wrong() {
    let world = World::new().await;
    let visitor = world.visitor();
    let abroad = visitor.get("/pl/check/number?number=%2B44+(0)20+8190+0322").await.expect(200);
    abroad.must_show("Wybierz: 0044 20 8190 0322").must_show("Zamiast + wybierz 00. Zero w nawiasie pomiń.");
    abroad.must_show("numer zagraniczny, Wielka Brytania").must_show("Połączenia międzynarodowe");
    let id = kept(&abroad);
    let result = visitor.get(&format!("/en/check/result/{id}")).await.expect(200);
    result.must_show("Instead of “+44 (0)20 8190 0322” dial: 0044 20 8190 0322");
    result.must_show("number abroad, United Kingdom");

    let home = visitor.get("/pl/check/number?number=22+122+80+22").await.expect(200);
    home.must_show("Tak właśnie się go wybiera").must_show("numer stacjonarny, Warszawa");
    home.must_not_show("Połączenia międzynarodowe");
    visitor.get("/pl/check/number?number=701234567").await.expect(200).must_show("Połączenie może być drogie");
    // of a number that nobody has the result asks to check the digits, and not to dial it
    let nobodys = kept(&visitor.get("/pl/check/number?number=0044+208+190+03").await.expect(200));
    let nobodys = visitor.get(&format!("/pl/check/result/{nobodys}")).await.expect(200);
    nobodys.must_show("Nie znamy numeru 0044 208 190 03, sprawdź cyfry").must_not_show("Wybierz");
    visitor.get("/pl/check/number?number=*97").await.expect(200).must_show("nasza usługa: poczta głosowa");
    visitor.get("/pl/check/number?number=122+80+22").await.expect(200).must_show("brakuje kierunkowego");
    visitor.get("/pl/check/number?number=").await.expect(200).must_not_show("30 dni");
    for typed in [&"9".repeat(10_000), "%F0%9F%98%80", "%E2%80%AB22%E2%80%8F", "%00", "%3Cscript%3E"] {
        let page = visitor.get(&format!("/pl/check/number?number={typed}")).await.expect(200);
        assert!(!page.body.contains("<script>"));
    }
}

#[tokio::test]
async fn a_number_is_checked_within_the_step_and_the_walk_goes_on_with_the_result() {
    let world = World::new().await;
    let visitor = world.visitor();
    let walk = "outgoing/yes/abroad";
    let step = visitor.get(&format!("/pl/guide/{walk}")).await.expect(200);
    assert_eq!((step.value("walk").as_str(), step.value("here").as_str()), (walk, "yes"));
    let asked = visitor.get(&format!("/pl/check/number?walk={walk}&here=yes&number=%2B442081900322")).await.expect(303);
    let answer = visitor.get(asked.location().split('#').next().unwrap()).await.expect(200);
    answer.must_show("Wybierz: 0044 20 8190 0322").must_show("Zamiast + wybierz 00");
    assert_eq!(answer.value("number"), "+442081900322");
    let id = answer.value("checks");
    assert!(answer.body.contains(&format!("/pl/guide/{walk}/right?checks={id}\"")), "{}", answer.body);

    // a second number adds its result to the first
    let again = format!("/pl/check/number?walk={walk}&here=yes&checks={id}&number=0044+20+8190+0322");
    let second = visitor.follow(&visitor.get(&again).await.expect(303)).await.expect(200);
    assert!(second.value("checks").starts_with(&format!("{id},")));
    // what one visitor asks, nobody else is shown
    visitor.get(&format!("/pl/guide/{walk}")).await.expect(200).must_not_show("Wybierz: 0044 20");
}

#[tokio::test]
async fn a_number_in_a_step_is_answered_without_the_database_too() {
    let world = World::without_database().await;
    let asked = "/en/check/number?walk=outgoing/yes/poland&here=yes&number=0+22+122+80+22";
    let answer = world.visitor().follow(&world.visitor().get(asked).await.expect(303)).await.expect(200);
    answer.must_show("Dial: 22 122 80 22").must_show("The zero before the area code is no longer dialled");
}
