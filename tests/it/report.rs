//! The report form and the ticket that it opens.

mod call_time;
mod resubmission;
mod unavailable;
mod validation;

use crate::{
    given,
    support::{TestResponse, World, unescape_html},
};

/// The value of a text field or of the text area.
#[track_caller]
pub fn field_value(page: &TestResponse, name: &str) -> String {
    if name != "description" {
        return page.value(name);
    }
    let text = page.body.split("</textarea>").next().unwrap().rsplit("\">\n").next().unwrap();
    unescape_html(text)
}

/// The value of the checked option of a question.
pub fn checked_value(page: &TestResponse, name: &str) -> Option<String> {
    let marker = format!("name=\"{name}\" value=\"");
    let options = page.body.split(&marker).skip(1);
    options
        .map(|rest| rest.split('>').next().unwrap())
        .find(|tag| tag.ends_with("checked"))
        .map(|tag| tag.split('"').next().unwrap().to_owned())
}

#[tokio::test]
async fn a_report_opens_a_ticket_with_a_customer_page() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let page = world.visitor().get(&page).await.expect(200);
    page.assert_shows(&reference.to_string())
        .assert_shows("22 555 01 20, numer stacjonarny, Warszawa")
        .assert_shows("0044 20 8190 0322")
        .assert_shows("piątek, 20 listopada 2026, 14:05")
        .assert_shows("503 Service Unavailable");
    assert_eq!(world.count("select count(*) from ticket_event").await, 1);
}

#[tokio::test]
async fn a_report_of_every_category_is_accepted_in_both_languages() {
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
            world.visitor().follow(&sent).await.expect(200).assert_shows(words).assert_shows("jan.nowak@example.com");
        }
    }
    assert_eq!(world.count("select count(distinct (category, lang)) from ticket where status = 'new'").await, 8);
}

#[tokio::test]
async fn caller_and_callee_are_accepted_as_customers_write_them() {
    let world = World::new().await;
    let table = [
        ("zastrzeżony", "112", "numer zastrzeżony", "112, numer alarmowy"),
        ("12345-101", "+48 601 555 210", "12345-101, konto SIP", "601 555 210, numer komórkowy"),
        ("anna@example.org", "22/555-01-20 wew. 7", "anna@example.org, konto SIP", "22 555 01 20 wew. 7"),
    ];
    for (caller, callee, caller_text, callee_text) in table {
        let (_, page) = given::report().with("caller", caller).with("callee", callee).accepted(&world).await;
        world.visitor().get(&page).await.expect(200).assert_shows(caller_text).assert_shows(callee_text);
    }
}

#[tokio::test]
async fn a_report_by_a_bot_becomes_spam_and_looks_accepted() {
    let world = World::new().await;
    let (_, page_address) = given::report().accepted(&world).await;
    let (_, bot_address) = given::report().with("website", "https://spam.example").accepted(&world).await;
    assert_eq!(world.count("select count(*) from ticket where status = 'spam'").await, 1);
    let visible_text = |page: TestResponse, address: &str| {
        let (reference, key) = address.rsplit_once('/').unwrap().1.split_once("?key=").unwrap();
        let groups: Vec<_> = key.as_bytes().chunks(5).map(|group| str::from_utf8(group).unwrap()).collect();
        page.text().replace(reference, "").replace(&groups.join("-"), "")
    };
    let customer = visible_text(world.visitor().get(&page_address).await.expect(200), &page_address);
    let bot = visible_text(world.visitor().get(&bot_address).await.expect(200), &bot_address);
    assert_eq!(customer, bot);
    assert!(bot.contains("Przyjęte"));
}

#[tokio::test]
async fn the_path_through_the_guide_is_stored_with_the_ticket() {
    let world = World::new().await;
    let trail = "outgoing/yes/abroad/right/on/on/right/right/yes";
    let (_, page) = given::report().with("trail", trail).accepted(&world).await;
    let page = world.visitor().get(&page).await.expect(200);
    page.assert_shows("Dokąd nie możesz zadzwonić? Za granicę");
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
async fn the_guide_answers_of_a_ticket_are_shown_in_the_language_of_the_reader() {
    let world = World::new().await;
    let (reference, address) = given::report().with("trail", "outgoing/yes/abroad").accepted(&world).await;
    let (visitor, anna) = (world.visitor(), world.agent("Anna").await);
    let (polish, english) = ("Dokąd nie możesz zadzwonić? Za granicę", "Where can't you call? Abroad");
    let english_address = address.replacen("/pl/", "/en/", 1);
    let ticket = format!("/staff/tickets/{reference}");
    visitor.get(&english_address).await.expect(200).assert_shows(english).assert_hides(polish);
    visitor.get(&address).await.expect(200).assert_shows(polish).assert_hides(english);
    anna.get(&ticket).await.expect(200).assert_shows(polish);
    anna.post("/staff/account/language", &[("lang", "en")]).await.expect(303);
    anna.get(&ticket).await.expect(200).assert_shows(english).assert_hides(polish);
    // also beside a refused note
    anna.post(&format!("{ticket}/notes"), &[("text", "")]).await.expect(422).assert_shows(english).assert_hides(polish);

    // for an answer that the guides no longer contain, the stored text is shown
    sqlx::query("update ticket set trail = 'outgoing/yes/moon'").execute(world.sql().await).await.unwrap();
    visitor.get(&english_address).await.expect(200).assert_shows(polish).assert_hides(english);
    anna.get(&ticket).await.expect(200).assert_shows(polish).assert_hides(english);
}

#[tokio::test]
async fn the_client_address_is_taken_from_trusted_proxies_only() {
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
async fn the_report_form_is_prefilled_from_the_guide() {
    let visitor = World::without_database().await.visitor();
    let form = visitor.get("/pl/report?category=audio&trail=audio/choppy/no/no/bad/bad/yes&error_text=503").await;
    let form = form.expect(200);
    assert_eq!(form.value("category"), "audio");
    assert_eq!(form.value("trail"), "audio/choppy/no/no/bad/bad/yes");
    assert_eq!(form.value("error_text"), "503");
    assert_eq!(checked_value(&form, "symptom").as_deref(), Some("choppy"));
    assert_eq!(checked_value(&form, "in_billing").as_deref(), Some("yes"));
    assert_eq!(checked_value(&form, "day").as_deref(), Some("today"));
    form.assert_shows("Co się dzieje z dźwiękiem? Dźwięk się rwie").assert_hides("Błąd:");

    let silence = visitor.get("/pl/report?category=audio&trail=audio/silence").await.expect(200);
    assert_eq!(checked_value(&silence, "symptom").as_deref(), Some("none"));
    let account = visitor.get("/pl/report?category=logged-out&public_ip=203.0.113.7").await.expect(200);
    assert_eq!(account.value("public_ip"), "203.0.113.7");
    let invalid = visitor.get("/pl/report?category=audio&trail=audio/nonsense&website=x").await.expect(200);
    assert_eq!((invalid.value("trail"), invalid.value("website")), (String::new(), String::new()));
}

#[tokio::test]
async fn every_report_form_has_its_own_submission() {
    let visitor = World::without_database().await.visitor();
    let first = visitor.get("/pl/report?category=audio&submission=mine").await.value("submission");
    let second = visitor.get("/pl/report?category=audio&submission=mine").await.value("submission");
    assert_ne!(first, second);
    assert!(uuid::Uuid::parse_str(&first).is_ok(), "{first}");
}

#[tokio::test]
async fn without_a_category_the_report_form_asks_for_it() {
    let visitor = World::without_database().await.visitor();
    for category in ["", "category=nonsense&", "category=%00&"] {
        let page = visitor.get(&format!("/pl/report?{category}trail=outgoing/yes&error_text=a%26b")).await.expect(200);
        page.assert_shows("Co chcesz zgłosić?");
        for known in ["logged-out", "audio", "incoming", "outgoing"] {
            let link = format!("/pl/report?category={known}&#38;trail=outgoing/yes&#38;error_text=a%26b");
            assert!(page.body.contains(&link), "no {link} in {}", page.body);
        }
    }
}

#[tokio::test]
async fn the_language_switch_of_the_report_form_keeps_the_guide_path() {
    let visitor = World::without_database().await.visitor();
    let form = visitor.get("/pl/report?category=outgoing&trail=outgoing/yes&error_text=503").await.expect(200);
    let link = "/en/report?category=outgoing&#38;trail=outgoing/yes&#38;error_text=503";
    assert!(form.body.contains(link));
}

#[tokio::test]
async fn the_report_form_is_worded_for_its_category() {
    let world = World::new().await;
    let visitor = world.visitor();
    let audio = visitor.get("/pl/report?category=audio").await.expect(200);
    audio.assert_shows("Zgłoś rozmowę, w której źle słychać").assert_hides("które się nie udało");
    let account = visitor.get("/pl/report?category=logged-out").await.expect(200);
    account.assert_shows("datę i godzinę, od której konto jest wylogowane").assert_hides("to połączenie");
    visitor.get("/pl/report?category=outgoing").await.expect(200).assert_shows("Zgłoś połączenie, które się nie udało");
}

#[tokio::test]
async fn changing_the_language_of_a_refused_form_keeps_the_values_without_sending_it() {
    let world = World::new().await;
    let visitor = world.visitor();
    let refused = given::report().with("time", "14:75").send(&visitor).await.expect(422);
    assert!(refused.body.contains("href=\"#other-language\""));
    refused.assert_shows("Show this form in English");
    for (time, status) in [("14:75", 422), ("14:05", 200)] {
        let report = given::report().with("time", time).with("preview", "yes").with("description", "Tylko ja to wiem");
        let shown = report.send_to(&visitor, "/en/report").await.expect(status);
        shown.assert_shows("Report a call that failed").assert_shows("Tylko ja to wiem");
        assert_eq!(shown.value("callee"), "0044 20 8190 0322");
    }
    assert_eq!(world.count("select count(*) from ticket").await, 0);
}

#[tokio::test]
async fn the_report_form_is_revalidated_and_keeps_its_values_on_back() {
    let world = World::new().await;
    let blank = world.visitor().get("/pl/report?category=outgoing").await.expect(200);
    assert_eq!(blank.header("cache-control"), "private, no-cache");
    // the browser cannot load the response to a form again, only restore it
    let rejected = given::empty().with("category", "outgoing").send(&world.visitor()).await.expect(422);
    assert_eq!(rejected.header("cache-control"), "private, no-cache");
    let preview = given::report().with("preview", "1").send(&world.visitor()).await.expect(200);
    assert_eq!(preview.header("cache-control"), "private, no-cache");
    let (_, page) = given::report().accepted(&world).await;
    let (path, key) = page.split_once('?').unwrap();
    let message = world.visitor().post(&format!("{path}/messages?{key}"), &[("text", "")]).await.expect(422);
    assert_eq!(message.header("cache-control"), "private, no-cache");
    assert!(
        !blank.body.contains("id=\"caller\" name=\"caller\" type=\"text\" inputmode=\"text\" autocomplete=\"off\"")
    );
}
