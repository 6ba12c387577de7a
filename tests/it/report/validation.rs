//! Validation of the report form: all errors at once, in the order of the page, in a summary and beside each field; no
//! value is lost.

use super::{checked_value, field_value};
use crate::{
    given::{self, Report},
    support::{TestResponse, World},
};

/// The fields that the error summary links to, in order.
fn summary_fields(page: &TestResponse) -> Vec<String> {
    summary_links(page).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The links of the error summary.
fn summary_links(page: &TestResponse) -> impl Iterator<Item = &str> {
    let summary = page.body.split("class=\"error-summary\"").nth(1).unwrap_or_default();
    summary.split("</ul>").next().unwrap_or_default().split("<li><a href=\"#").skip(1)
}

/// The messages in the error summary.
fn summary_messages(page: &TestResponse) -> Vec<String> {
    summary_links(page).map(|rest| rest.split("\">").nth(1).unwrap().split("</a>").next().unwrap().to_owned()).collect()
}

/// Every message of the summary is also beside its field, the link leads there, and the field is marked for screen
/// readers.
#[track_caller]
fn assert_errors_beside_fields(page: &TestResponse) {
    let order: Vec<_> =
        summary_fields(page).iter().map(|field| page.body.find(&format!("id=\"{field}-feedback\""))).collect();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{:?} at {order:?}", summary_fields(page));
    for (field, message) in summary_fields(page).iter().zip(summary_messages(page)) {
        let beside = page.body.split(&format!("<p class=\"field-error\" id=\"{field}-feedback\">")).nth(1).unwrap();
        assert!(beside.split("</p>").next().unwrap().contains(&message), "{field} does not show: {message}");
        let marker = format!("id=\"{field}\" ");
        let input = page.body.split(&marker).nth(1).unwrap_or_else(|| panic!("the link to #{field} has no target"));
        let tag = input.split('>').next().unwrap();
        let described = |text: &str| text.contains(&format!("{field}-feedback\""));
        let group =
            || page.body.split("aria-describedby=\"").skip(1).any(|rest| described(rest.split('>').next().unwrap()));
        if page.body.contains(&format!("type=\"radio\" {marker}")) {
            assert!(group(), "{field} is not marked as invalid");
        } else {
            assert!(tag.contains("aria-invalid=\"true\"") && described(tag), "{field}: {tag}");
        }
    }
}

#[tokio::test]
async fn an_empty_report_form_shows_all_errors_at_once() {
    let world = World::new().await;
    let visitor = world.visitor();
    let table: [(&str, &[&str]); 5] = [
        ("outgoing", &["caller", "callee", "date", "time", "in_billing", "email"]),
        ("incoming", &["caller", "callee", "date", "time", "in_billing", "email"]),
        ("audio", &["caller", "callee", "date", "time", "symptom", "in_billing", "email"]),
        ("logged-out", &["account", "email"]),
        ("nonsense", &["category", "caller", "callee", "date", "time", "in_billing", "email"]),
    ];
    for (category, fields) in table {
        for (lang, error) in [("pl", "Błąd:"), ("en", "Error:")] {
            let page = visitor.post(&format!("/{lang}/report"), &[("category", category)]).await.expect(422);
            assert_eq!(summary_fields(&page), fields, "{category}");
            assert_errors_beside_fields(&page);
            assert!(page.body.contains(&format!("<title>{error} ")), "{category}");
            assert!(page.body.contains("autofocus"));
        }
    }
    assert_eq!(world.count("select count(*) from ticket").await, 0);
}

/// A report of bad sound in which every field is invalid.
fn all_invalid() -> Report {
    given::audio()
        .with("caller", "22 555 01 2O1")
        .with("callee", "zastrzeżony")
        .with("day", "other")
        .with("date", "31.02.2026")
        .with("time", "25:00")
        .with("precision", "roughly")
        .with("symptom", "whistling")
        .with("error_text", &"ę".repeat(1001))
        .with("in_billing", "maybe")
        .with("description", &format!("  Pierwsza <linia>\n{}", "ż".repeat(5000)))
        .with("email", "jan(at)example.com")
        .with("phone", "12")
}

#[tokio::test]
async fn validation_errors_are_in_the_order_of_the_fields() {
    let page = all_invalid().send(&World::new().await.visitor()).await.expect(422);
    let fields = [
        "caller",
        "callee",
        "date",
        "time",
        "precision",
        "symptom",
        "error_text",
        "in_billing",
        "description",
        "email",
        "phone",
    ];
    assert_eq!(summary_fields(&page), fields);
    assert_errors_beside_fields(&page);
    page.assert_shows("Trzeba poprawić 11 rzeczy")
        .assert_shows("Nie ma takiej daty jak 31.02.2026")
        .assert_shows("Nie ma takiej godziny jak 25:00")
        .assert_shows("Ten tekst ma 1001 znaków, a zmieści się 1000");

    let page = given::logged_out()
        .with("account", "zastrzeżony")
        .with("device", &"x".repeat(201))
        .with("public_ip", "203.0.113.777")
        .with("error_text", &"x".repeat(1001))
        .without("email")
        .send(&World::new().await.visitor())
        .await
        .expect(422);
    assert_eq!(summary_fields(&page), ["account", "device", "public_ip", "error_text", "email"]);
    assert_errors_beside_fields(&page);
}

#[tokio::test]
async fn an_unknown_day_is_an_error() {
    let page = given::report().with("day", "someday").send(&World::new().await.visitor()).await.expect(422);
    assert_eq!(summary_fields(&page), ["day"]);
    assert_errors_beside_fields(&page);
    page.assert_shows("Nie znamy dnia „someday”");
}

#[tokio::test]
async fn a_refused_report_form_keeps_every_value() {
    let world = World::new().await;
    let trail = "audio/choppy/no/no/bad/bad/yes";
    let submission = "5f0c1a52-6f5a-4a35-9d5c-0a8f3c2b7e11";
    let sent = all_invalid().with("trail", trail).with("submission", submission).with("website", "x");
    let page = sent.send(&world.visitor()).await.expect(422);
    for name in ["caller", "callee", "date", "time", "error_text", "email", "phone", "trail", "submission", "website"] {
        assert_eq!(field_value(&page, name), sent.value(name).trim(), "{name}");
    }
    assert_eq!(field_value(&page, "description"), sent.value("description").trim());
    assert_eq!(checked_value(&page, "service").as_deref(), Some("virtual-pbx"));
    assert_eq!(checked_value(&page, "day").as_deref(), Some("other"));
    page.assert_shows("Nic nie zginęło").assert_shows("Co się dzieje z dźwiękiem?");
}

#[tokio::test]
async fn fields_of_another_category_are_carried_along() {
    let visitor = World::new().await.visitor();
    let page = given::report().with("category", "").with("account", "12345-101").send(&visitor).await.expect(422);
    page.assert_shows("Zaznacz, co się stało");
    assert_eq!(field_value(&page, "account"), "12345-101");
    for (name, value) in [("caller", "22 555 01 20"), ("time", "14:05"), ("error_text", "503 Service Unavailable")] {
        assert_eq!(field_value(&page, name), value);
    }

    let page = given::report().with("category", "logged-out").send(&visitor).await.expect(422);
    page.assert_shows("Które konto SIP?");
    for (name, value) in [("caller", "22 555 01 20"), ("callee", "0044 20 8190 0322"), ("time", "14:05")] {
        assert_eq!(field_value(&page, name), value);
    }
}

#[tokio::test]
async fn a_report_needs_an_email_address_or_a_phone_number() {
    let world = World::new().await;
    let report = given::report().without("email");
    report.send(&world.visitor()).await.expect(422).assert_shows("Podaj e-mail albo numer telefonu");
    let (_, page) = report.with("phone", "601 555 210").accepted(&world).await;
    world.visitor().get(&page).await.expect(200).assert_shows("+48601555210");
}

#[tokio::test]
async fn the_phone_number_must_be_complete() {
    let world = World::new().await;
    for phone in ["12", "112", "*43", "12345-101", "zastrzeżony", "+48 12", "0048 1", "+999", "00", "+1", "22 555"] {
        let page = given::report().with("phone", phone).send(&world.visitor()).await.expect(422);
        assert_eq!(summary_fields(&page), ["phone"], "{phone}");
        assert_eq!(field_value(&page, "phone"), phone);
    }
}

#[tokio::test]
async fn valid_fields_show_how_they_were_understood_in_a_refused_form() {
    let world = World::new().await;
    let page = given::report().with("email", "jan").send(&world.visitor()).await.expect(422);
    page.assert_shows("Rozumiemy: 22 555 01 20, numer stacjonarny, Warszawa")
        .assert_shows("Rozumiemy: 0044 20 8190 0322, numer zagraniczny, Wielka Brytania")
        .assert_shows("Rozumiemy: piątek, 20 listopada 2026, 14:05");
    let page = given::report().with("email", "jan").send_to(&world.visitor(), "/en/report").await.expect(422);
    page.assert_shows("We read this as: 22 555 01 20").assert_shows("We read this as: Friday, 20 November 2026, 14:05");
    let page = given::logged_out().with("email", "jan").with("phone", "601555210").send(&world.visitor()).await;
    page.assert_shows("Rozumiemy: 12345-101, konto SIP").assert_shows("Rozumiemy: 601 555 210, numer komórkowy");
    // an invalid field shows only its error
    let page = given::report().with("caller", "???").send(&world.visitor()).await.expect(422);
    assert_eq!(page.body.matches("id=\"caller-feedback\"").count(), 1);
}

#[tokio::test]
async fn the_error_summary_comes_first_in_the_main_element() {
    let world = World::new().await;
    let visitor = world.visitor();
    let pages = [
        given::report().with("time", "14:75").send(&visitor).await.expect(422),
        given::logged_out().without("account").send(&visitor).await.expect(422),
        visitor.get("/pl/ticket?reference=x").await.expect(422),
    ];
    for page in pages {
        let main = page.body.split("<main").nth(1).unwrap();
        let before = main.split("class=\"error-summary\"").next().unwrap();
        assert!(!before.contains("<a ") && !before.contains("<h1"), "{before}");
    }
}
