//! From the form to the ticket.

mod complaints;
mod once;
mod refused;
mod when;

use crate::{
    given,
    support::{Answer, World, unescaped},
};

/// What stands in a text field of the form.
#[track_caller]
pub fn typed(page: &Answer, name: &str) -> String {
    if name != "description" {
        return page.value(name);
    }
    let text = page.body.split("</textarea>").next().unwrap().rsplit("\">\n").next().unwrap();
    unescaped(text)
}

/// Which answer of a question is chosen.
pub fn chosen(page: &Answer, name: &str) -> Option<String> {
    let marker = format!("name=\"{name}\" value=\"");
    let options = page.body.split(&marker).skip(1);
    options
        .map(|rest| rest.split('>').next().unwrap())
        .find(|tag| tag.ends_with("checked"))
        .map(|tag| tag.split('"').next().unwrap().to_owned())
}

#[tokio::test]
async fn a_report_becomes_a_ticket_with_a_page() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let page = world.visitor().get(&page).await.expect(200);
    page.must_show(&reference.to_string())
        .must_show("22 555 01 20, numer stacjonarny, Warszawa")
        .must_show("0044 20 8190 0322")
        .must_show("piątek, 20 listopada 2026, 14:05")
        .must_show("503 Service Unavailable");
    assert_eq!(world.count("select count(*) from ticket_event").await, 1);
}

#[tokio::test]
async fn every_category_is_accepted_in_both_languages() {
    let world = World::new().await;
    let table = [
        (given::report(), "Nie mogę zadzwonić", "I can't make calls"),
        (given::incoming(), "Nikt nie może się do mnie dodzwonić", "Nobody can call me"),
        (given::audio(), "Przerwy, głos się rwie", "Gaps, the voice breaks up"),
        (given::logged_out().with("device", "Yealink T31P"), "Yealink T31P", "12345-101"),
    ];
    for (report, polish, english) in table {
        let report = report.with("submission", "");
        for (lang, words) in [("pl", polish), ("en", english)] {
            let sent = report.send_to(&world.visitor(), &format!("/{lang}/report")).await.expect(303);
            assert!(sent.location().starts_with(&format!("/{lang}/ticket/DZ-")), "{}", sent.location());
            world.visitor().follow(&sent).await.expect(200).must_show(words).must_show("jan.nowak@example.com");
        }
    }
    assert_eq!(world.count("select count(distinct (category, lang)) from ticket where status = 'new'").await, 8);
}

#[tokio::test]
async fn both_sides_are_taken_as_people_know_them() {
    let world = World::new().await;
    let table = [
        ("zastrzeżony", "112", "numer zastrzeżony", "112, numer alarmowy"),
        ("12345-101", "+48 601 555 210", "12345-101, konto SIP", "601 555 210, numer komórkowy"),
        ("anna@example.org", "22/555-01-20 wew. 7", "anna@example.org, konto SIP", "22 555 01 20 wew. 7"),
    ];
    for (caller, callee, a, b) in table {
        let (_, page) = given::report().with("caller", caller).with("callee", callee).accepted(&world).await;
        world.visitor().get(&page).await.expect(200).must_show(a).must_show(b);
    }
}

#[tokio::test]
async fn what_a_program_filled_in_is_kept_as_spam_and_nobody_is_told() {
    let world = World::new().await;
    let (_, plain) = given::report().accepted(&world).await;
    let (_, caught) = given::report().with("website", "https://spam.example").accepted(&world).await;
    assert_eq!(world.count("select count(*) from ticket where status = 'spam'").await, 1);
    let seen = |page: Answer, address: &str| {
        let (reference, key) = address.rsplit_once('/').unwrap().1.split_once("?key=").unwrap();
        let groups: Vec<_> = key.as_bytes().chunks(5).map(|group| str::from_utf8(group).unwrap()).collect();
        page.text().replace(reference, "").replace(&groups.join("-"), "")
    };
    let person = seen(world.visitor().get(&plain).await.expect(200), &plain);
    let robot = seen(world.visitor().get(&caught).await.expect(200), &caught);
    assert_eq!(person, robot);
    assert!(robot.contains("Przyjęte"));
}

#[tokio::test]
async fn the_walk_through_the_guide_is_kept_with_the_ticket() {
    let world = World::new().await;
    let trail = "outgoing/yes/abroad/right/on/on/right/right/yes";
    let (_, page) = given::report().with("trail", trail).accepted(&world).await;
    let page = world.visitor().get(&page).await.expect(200);
    page.must_show("Dokąd nie możesz zadzwonić? Za granicę");
    assert_eq!(
        world
            .count("select jsonb_array_length(guide_answers)::int8 from ticket where trail like 'outgoing/yes/abr%'")
            .await,
        8
    );

    given::report().with("trail", "outgoing/nowhere/<b>").accepted(&world).await;
    assert_eq!(world.count("select count(*) from ticket where trail is null and guide_answers = '[]'").await, 1);
}

#[tokio::test]
async fn a_walk_is_retold_in_the_readers_language_while_the_guides_have_it() {
    let world = World::new().await;
    let (reference, address) = given::report().with("trail", "outgoing/yes/abroad").accepted(&world).await;
    let (visitor, anna) = (world.visitor(), world.agent("Anna").await);
    let (polish, english) = ("Dokąd nie możesz zadzwonić? Za granicę", "Where can't you call? Abroad");
    let there = address.replacen("/pl/", "/en/", 1);
    let desk = format!("/staff/tickets/{reference}");
    visitor.get(&there).await.expect(200).must_show(english).must_not_show(polish);
    visitor.get(&address).await.expect(200).must_show(polish).must_not_show(english);
    anna.get(&desk).await.expect(200).must_show(polish);
    anna.post("/staff/account/language", &[("lang", "en")]).await.expect(303);
    anna.get(&desk).await.expect(200).must_show(english).must_not_show(polish);
    // also beside a note that was not taken
    anna.post(&format!("{desk}/notes"), &[("text", "")]).await.expect(422).must_show(english).must_not_show(polish);

    // an answer that the guides no longer offer: what the customer saw is left
    sqlx::query("update ticket set trail = 'outgoing/yes/moon'").execute(world.sql().await).await.unwrap();
    visitor.get(&there).await.expect(200).must_show(polish).must_not_show(english);
    anna.get(&desk).await.expect(200).must_show(polish).must_not_show(english);
}

#[tokio::test]
async fn the_address_behind_a_proxy_of_ours_is_kept_and_no_other_is_believed() {
    let world = World::new().await;
    let claimed = world.visitor().with_header("x-forwarded-for", "6.6.6.6, 198.51.100.20");
    given::report().send(&claimed.clone().from_ip("203.0.113.9")).await.expect(303);
    given::report().send(&claimed.from_ip("10.1.2.3")).await.expect(303);
    let count = "select count(*) from ticket where user_agent = 'Mozilla/5.0 (test)'";
    assert_eq!(world.count(count).await, 2);
    for sql in [
        "select count(*) from ticket where client_ip = '203.0.113.9'",
        "select count(*) from ticket where client_ip = '198.51.100.20'",
    ] {
        assert_eq!(world.count(sql).await, 1, "{sql}");
    }
}

#[tokio::test]
async fn the_form_knows_what_the_guide_has_asked_already() {
    let visitor = World::without_database().await.visitor();
    let form = visitor.get("/pl/report?category=audio&trail=audio/choppy/no/no/bad/bad/yes&error_text=503").await;
    let form = form.expect(200);
    assert_eq!(form.value("category"), "audio");
    assert_eq!(form.value("trail"), "audio/choppy/no/no/bad/bad/yes");
    assert_eq!(form.value("error_text"), "503");
    assert_eq!(chosen(&form, "symptom").as_deref(), Some("choppy"));
    assert_eq!(chosen(&form, "in_billing").as_deref(), Some("yes"));
    assert_eq!(chosen(&form, "day").as_deref(), Some("today"));
    form.must_show("Co się dzieje z dźwiękiem? Dźwięk się rwie").must_not_show("Błąd:");

    let silence = visitor.get("/pl/report?category=audio&trail=audio/silence").await.expect(200);
    assert_eq!(chosen(&silence, "symptom").as_deref(), Some("none"));
    let account = visitor.get("/pl/report?category=logged-out&public_ip=203.0.113.7").await.expect(200);
    assert_eq!(account.value("public_ip"), "203.0.113.7");
    let odd = visitor.get("/pl/report?category=audio&trail=audio/nonsense&website=x").await.expect(200);
    assert_eq!((odd.value("trail"), odd.value("website")), (String::new(), String::new()));
}

#[tokio::test]
async fn every_form_has_its_own_submission() {
    let visitor = World::without_database().await.visitor();
    let one = visitor.get("/pl/report?category=audio&submission=mine").await.value("submission");
    let other = visitor.get("/pl/report?category=audio&submission=mine").await.value("submission");
    assert_ne!(one, other);
    assert!(uuid::Uuid::parse_str(&one).is_ok(), "{one}");
}

#[tokio::test]
async fn without_a_category_the_first_question_is_which() {
    let visitor = World::without_database().await.visitor();
    for category in ["", "category=nonsense&", "category=%00&"] {
        let page = visitor.get(&format!("/pl/report?{category}trail=outgoing/yes&error_text=a%26b")).await.expect(200);
        page.must_show("Co chcesz zgłosić?");
        for known in ["logged-out", "audio", "incoming", "outgoing"] {
            let link = format!("/pl/report?category={known}&#38;trail=outgoing/yes&#38;error_text=a%26b");
            assert!(page.body.contains(&link), "no {link} in {}", page.body);
        }
    }
}

#[tokio::test]
async fn the_language_switch_keeps_the_walk() {
    let visitor = World::without_database().await.visitor();
    let form = visitor.get("/pl/report?category=outgoing&trail=outgoing/yes&error_text=503").await.expect(200);
    let link = "/en/report?category=outgoing&#38;trail=outgoing/yes&#38;error_text=503";
    assert!(form.body.contains(link));
}

#[tokio::test]
async fn the_form_is_about_what_happened() {
    let world = World::new().await;
    let visitor = world.visitor();
    let audio = visitor.get("/pl/report?category=audio").await.expect(200);
    audio.must_show("Zgłoś rozmowę, w której źle słychać").must_not_show("które się nie udało");
    let account = visitor.get("/pl/report?category=logged-out").await.expect(200);
    account.must_show("datę i godzinę, od której konto jest wylogowane").must_not_show("to połączenie");
    visitor.get("/pl/report?category=outgoing").await.expect(200).must_show("Zgłoś połączenie, które się nie udało");
}

#[tokio::test]
async fn another_language_takes_along_what_was_typed_and_sends_nothing() {
    let world = World::new().await;
    let visitor = world.visitor();
    let wrong = given::report().with("time", "14:75").send(&visitor).await.expect(422);
    assert!(wrong.body.contains("href=\"#other-language\""));
    wrong.must_show("Show this form in English");
    for (time, status) in [("14:75", 422), ("14:05", 200)] {
        let report = given::report().with("time", time).with("show", "yes").with("description", "Tylko ja to wiem");
        let shown = report.send_to(&visitor, "/en/report").await.expect(status);
        shown.must_show("Report a call that failed").must_show("Tylko ja to wiem");
        assert_eq!(shown.value("callee"), "0044 20 8190 0322");
    }
    assert_eq!(world.count("select count(*) from ticket").await, 0);
}

#[tokio::test]
async fn the_browsers_back_button_finds_the_same_form() {
    let world = World::new().await;
    let blank = world.visitor().get("/pl/report?category=outgoing").await.expect(200);
    assert_eq!(blank.header("cache-control"), "private, no-cache");
    assert!(
        !blank.body.contains("id=\"caller\" name=\"caller\" type=\"text\" inputmode=\"text\" autocomplete=\"off\"")
    );
}
