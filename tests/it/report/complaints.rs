//! What is wrong is said all at once, in the order of the page, above the form and beside each field; nothing is lost.

use super::{chosen, typed};
use crate::{
    given::{self, Report},
    support::{Answer, World},
};

/// The fields named above the form, in their order.
fn summary(page: &Answer) -> Vec<String> {
    let links = links(page);
    links.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The links of the summary above the form.
fn links(page: &Answer) -> impl Iterator<Item = &str> {
    let summary = page.body.split("class=\"error-summary\"").nth(1).unwrap_or_default();
    summary.split("</ul>").next().unwrap_or_default().split("<li><a href=\"#").skip(1)
}

/// The sentences above the form.
fn sentences(page: &Answer) -> Vec<String> {
    let links = links(page);
    links.map(|rest| rest.split("\">").nth(1).unwrap().split("</a>").next().unwrap().to_owned()).collect()
}

/// Every complaint stands at its field too, the link above leads there, and the field says so to a screen reader.
#[track_caller]
fn must_stand_beside_their_fields(page: &Answer) {
    let order: Vec<_> = summary(page).iter().map(|field| page.body.find(&format!("id=\"{field}-feedback\""))).collect();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{:?} at {order:?}", summary(page));
    for (field, sentence) in summary(page).iter().zip(sentences(page)) {
        let beside = page.body.split(&format!("<p class=\"field-error\" id=\"{field}-feedback\">")).nth(1).unwrap();
        assert!(beside.split("</p>").next().unwrap().contains(&sentence), "{field} does not say: {sentence}");
        let marker = format!("id=\"{field}\" ");
        let input = page.body.split(&marker).nth(1).unwrap_or_else(|| panic!("the link to #{field} leads nowhere"));
        let tag = input.split('>').next().unwrap();
        let described = |text: &str| text.contains(&format!("{field}-feedback\""));
        let group =
            || page.body.split("aria-describedby=\"").skip(1).any(|rest| described(rest.split('>').next().unwrap()));
        if page.body.contains(&format!("type=\"radio\" {marker}")) {
            assert!(group(), "{field}: nothing tells that it is wrong");
        } else {
            assert!(tag.contains("aria-invalid=\"true\"") && described(tag), "{field}: {tag}");
        }
    }
}

#[tokio::test]
async fn an_empty_form_is_answered_with_all_complaints_at_once() {
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
            assert_eq!(summary(&page), fields, "{category}");
            must_stand_beside_their_fields(&page);
            assert!(page.body.contains(&format!("<title>{error} ")), "{category}");
            assert!(page.body.contains("autofocus"));
        }
    }
    assert_eq!(world.count("select count(*) from ticket").await, 0);
}

/// Everything that can be wrong with a report of bad sound.
fn all_wrong() -> Report {
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
async fn everything_wrong_is_said_in_the_order_of_the_page() {
    let page = all_wrong().send(&World::new().await.visitor()).await.expect(422);
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
    assert_eq!(summary(&page), fields);
    must_stand_beside_their_fields(&page);
    page.must_show("Trzeba poprawić 11 rzeczy")
        .must_show("Nie ma takiej daty jak 31.02.2026")
        .must_show("Nie ma takiej godziny jak 25:00")
        .must_show("Ten tekst ma 1001 znaków, a zmieści się 1000");

    let page = given::logged_out()
        .with("account", "zastrzeżony")
        .with("device", &"x".repeat(201))
        .with("public_ip", "203.0.113.777")
        .with("error_text", &"x".repeat(1001))
        .without("email")
        .send(&World::new().await.visitor())
        .await
        .expect(422);
    assert_eq!(summary(&page), ["account", "device", "public_ip", "error_text", "email"]);
    must_stand_beside_their_fields(&page);
}

#[tokio::test]
async fn a_day_that_is_none_of_the_four_is_a_complaint() {
    let page = given::report().with("day", "someday").send(&World::new().await.visitor()).await.expect(422);
    assert_eq!(summary(&page), ["day"]);
    must_stand_beside_their_fields(&page);
    page.must_show("Nie znamy dnia „someday”");
}

#[tokio::test]
async fn nothing_that_was_typed_is_lost() {
    let world = World::new().await;
    let trail = "audio/choppy/no/no/bad/bad/yes";
    let submission = "5f0c1a52-6f5a-4a35-9d5c-0a8f3c2b7e11";
    let sent = all_wrong().with("trail", trail).with("submission", submission).with("website", "x");
    let page = sent.send(&world.visitor()).await.expect(422);
    for name in ["caller", "callee", "date", "time", "error_text", "email", "phone", "trail", "submission", "website"] {
        assert_eq!(typed(&page, name), sent.value(name).trim(), "{name}");
    }
    assert_eq!(typed(&page, "description"), sent.value("description").trim());
    assert_eq!(chosen(&page, "service").as_deref(), Some("virtual-pbx"));
    assert_eq!(chosen(&page, "day").as_deref(), Some("other"));
    page.must_show("Nic nie zginęło").must_show("Co się dzieje z dźwiękiem?");
}

#[tokio::test]
async fn what_another_category_asks_for_is_carried_along() {
    let visitor = World::new().await.visitor();
    let page = given::report().with("category", "").with("account", "12345-101").send(&visitor).await.expect(422);
    page.must_show("Zaznacz, co się stało");
    assert_eq!(typed(&page, "account"), "12345-101");
    for (name, value) in [("caller", "22 555 01 20"), ("time", "14:05"), ("error_text", "503 Service Unavailable")] {
        assert_eq!(typed(&page, name), value);
    }

    let page = given::report().with("category", "logged-out").send(&visitor).await.expect(422);
    page.must_show("Które konto SIP?");
    for (name, value) in [("caller", "22 555 01 20"), ("callee", "0044 20 8190 0322"), ("time", "14:05")] {
        assert_eq!(typed(&page, name), value);
    }
}

#[tokio::test]
async fn one_way_to_answer_is_enough_and_none_is_not() {
    let world = World::new().await;
    let report = given::report().without("email");
    report.send(&world.visitor()).await.expect(422).must_show("Podaj e-mail albo numer telefonu");
    let (_, page) = report.with("phone", "601 555 210").accepted(&world).await;
    world.visitor().get(&page).await.expect(200).must_show("+48601555210");
}

#[tokio::test]
async fn a_phone_to_call_back_is_a_whole_number() {
    let world = World::new().await;
    for phone in ["12", "112", "*43", "12345-101", "zastrzeżony", "+48 12", "0048 1", "+999", "00", "+1", "22 555"] {
        let page = given::report().with("phone", phone).send(&world.visitor()).await.expect(422);
        assert_eq!(summary(&page), ["phone"], "{phone}");
        assert_eq!(typed(&page, "phone"), phone);
    }
}

#[tokio::test]
async fn what_was_understood_is_said_while_something_else_is_wrong() {
    let world = World::new().await;
    let page = given::report().with("email", "jan").send(&world.visitor()).await.expect(422);
    page.must_show("Rozumiemy: 22 555 01 20, numer stacjonarny, Warszawa")
        .must_show("Rozumiemy: 0044 20 8190 0322, numer zagraniczny, Wielka Brytania")
        .must_show("Rozumiemy: piątek, 20 listopada 2026, 14:05");
    let page = given::report().with("email", "jan").send_to(&world.visitor(), "/en/report").await.expect(422);
    page.must_show("We read this as: 22 555 01 20").must_show("We read this as: Friday, 20 November 2026, 14:05");
    let page = given::logged_out().with("email", "jan").with("phone", "601555210").send(&world.visitor()).await;
    page.must_show("Rozumiemy: 12345-101, konto SIP").must_show("Rozumiemy: 601 555 210, numer komórkowy");
    // beside a mistake nothing is "understood"
    let page = given::report().with("caller", "???").send(&world.visitor()).await.expect(422);
    assert_eq!(page.body.matches("id=\"caller-feedback\"").count(), 1);
}

#[tokio::test]
async fn the_summary_comes_first_in_the_pages_main_part() {
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
