//! Arbitrary input: no blank page, no stack trace, no lost value, no executed code.

mod requests;
mod ticket_access;

use dzwoni::web::form::{MAX_FORM_BYTES, multi_line, single_line};
use proptest::{
    collection::hash_map,
    prelude::*,
    sample::select,
    test_runner::{TestCaseError, TestRunner},
};

use crate::{
    given,
    report::field_value,
    support::{Browser, TestResponse, World},
};

/// Fields that people type into.
const TEXTS: [&str; 12] = [
    "caller",
    "callee",
    "date",
    "time",
    "error_text",
    "description",
    "email",
    "phone",
    "account",
    "device",
    "public_ip",
    "trail",
];

/// Fields whose values the page offers.
const CHOICES: [&str; 9] =
    ["submission", "category", "service", "day", "fold", "precision", "in_billing", "symptom", "website"];

/// Malicious and unusual values.
fn strange_values() -> Vec<String> {
    let long = "ż".repeat(50 * 1024);
    [
        "",
        " \t \u{a0}",
        &long,
        "a\u{1}b\u{7}c\u{1b}[31md\u{7f}\u{85}",
        "\u{202e}080 221\u{2066}\u{200f}",
        "👩‍👩‍👧‍👦 ☎️ 𝟚𝟚",
        "22\0 555",
        "\0",
        "'; drop table ticket;--",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</textarea></form><b>",
        "{{ page }} {% raw %} ${7*7} %s %n",
        "=HYPERLINK(\"http://evil\")",
        "\u{fffd}\u{fffe}\u{10ffff}",
        "../../etc/passwd",
        "-1",
        "99999999999999999999999999",
        "&lt;b&gt;&#60;&amp;",
    ]
    .map(str::to_owned)
    .into()
}

/// A visitor from an address that no rate limit has counted yet.
fn unlimited_visitor(world: &World, number: usize) -> Browser {
    world.visitor().from_ip(&format!("198.18.{}.{}", number / 250, number % 250 + 1))
}

/// The page contains no tag and no attribute from the input, and it is complete.
#[track_caller]
fn assert_harmless(page: &TestResponse) {
    for evil in ["<script>", "<img src=x", "\"><img", "</textarea></form><b>", "<b>&"] {
        assert!(!page.body.contains(evil), "{evil} is in the page");
    }
    assert!(page.body.ends_with("</html>") || page.body.trim_end().ends_with("</html>"), "the page is truncated");
}

#[tokio::test]
async fn strange_field_values_neither_break_the_form_nor_get_lost() {
    let world = World::new().await;
    let mut number = 0;
    for name in TEXTS {
        for value in strange_values() {
            for report in [given::report(), given::logged_out()] {
                number += 1;
                let visitor = unlimited_visitor(&world, number);
                let response = report.with("submission", "").with(name, &value).send(&visitor).await;
                let clean = if name == "description" { multi_line(&value) } else { single_line(&value) };
                if response.status == 303 {
                    let page = visitor.follow(&response).await.expect(200);
                    assert_harmless(&page);
                    if ["error_text", "description"].contains(&name) {
                        let shown = clean.split_whitespace().collect::<Vec<_>>().join(" ");
                        assert!(page.shows(&shown), "{name} {value:?} is lost");
                    }
                } else {
                    let page = response.expect(422);
                    assert_harmless(&page);
                    assert_eq!(field_value(&page, name), clean, "{name} is lost");
                }
            }
        }
    }
}

#[tokio::test]
async fn strange_option_values_do_not_break_the_form() {
    let world = World::new().await;
    let mut number = 0;
    for name in CHOICES {
        for value in strange_values() {
            number += 1;
            let visitor = unlimited_visitor(&world, number);
            let response = given::audio().with(name, &value).send(&visitor).await;
            assert!([303, 422].contains(&response.status.as_u16()), "{name} {value:?}: {}", response.status);
            if response.status == 422 {
                assert_harmless(&response);
                assert_eq!(field_value(&response, "caller"), "22 555 01 20");
            }
        }
    }
    // the table was not dropped
    assert!(world.count("select count(*) from ticket").await > 10);
}

#[tokio::test]
async fn strange_query_values_do_not_break_the_form() {
    let visitor = World::without_database().await.visitor();
    for name in TEXTS.iter().chain(&CHOICES).filter(|name| **name != "category") {
        for value in strange_values().iter().filter(|value| value.len() < 10_000) {
            let value = dzwoni::urls::percent_encode(value);
            for category in ["outgoing", "logged-out", "nonsense"] {
                let page = visitor.get(&format!("/pl/report?category={category}&{name}={value}")).await.expect(200);
                assert_harmless(&page);
            }
        }
    }
}

#[tokio::test]
async fn malformed_form_bodies_are_parsed_as_forms() {
    let world = World::new().await;
    let rest = "&callee=22+555+01+21&day=now&in_billing=no&email=a%40example.com&category=outgoing";
    let table: [(&[u8], u16, &str); 7] = [
        (b"caller=%ff%fe22&error_text=x", 422, "\u{fffd}\u{fffd}22"),
        (b"caller=\xff\xfe", 422, "\u{fffd}\u{fffd}"),
        (b"caller=22%205550120&caller=other", 303, "22 555 01 20"),
        (b"caller=22%2&x", 422, "22%2"),
        (b"&&=&caller=225550120&unknown=%00&__proto__=1&caller[]=2", 303, "22 555 01 20"),
        (b"caller", 422, ""),
        (b"x=y", 422, ""),
    ];
    for (number, (body, status, caller)) in table.into_iter().enumerate() {
        let visitor = unlimited_visitor(&world, number);
        let response = visitor.post_raw("/pl/report", [body, rest.as_bytes()].concat()).await.expect(status);
        if status == 303 {
            visitor.follow(&response).await.expect(200).assert_shows(caller);
        } else {
            assert_eq!(response.value("caller"), caller);
        }
    }
    unlimited_visitor(&world, 100)
        .post_raw("/pl/report", Vec::new())
        .await
        .expect(422)
        .assert_shows("Zaznacz, co się stało");
}

fn any_value() -> impl Strategy<Value = String> {
    let likely = select(vec![
        "outgoing",
        "audio",
        "logged-out",
        "22 555 01 20",
        "12345-101",
        "today",
        "now",
        "other",
        "14:05",
        "około 14",
        "20.11.2026",
        "25.10.2026",
        "02:30",
        "earlier",
        "exact",
        "30min",
        "yes",
        "none",
        "choppy",
        "a@example.com",
        "+48 601 555 210",
        "0044 20 8190 0322",
        "00999",
        "203.0.113.7",
        "::1",
        "outgoing/yes/abroad",
    ]);
    prop_oneof![
        4 => likely.prop_map(str::to_owned),
        2 => any::<String>(),
        1 => "[0-9 +().-]{0,20}",
        1 => select(strange_values()),
    ]
}

#[test]
fn random_forms_are_accepted_or_refused_without_a_server_error() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let names = select(TEXTS.iter().chain(&CHOICES).copied().collect::<Vec<_>>());
    let forms = (hash_map(names, any_value(), 0..22), any::<bool>());
    let number = std::cell::Cell::new(0);
    let config = ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&forms, |(fields, likely)| {
        number.set(number.get() + 1);
        let start = if likely { given::report() } else { given::empty() };
        let report = fields.iter().fold(start, |report, (name, value)| report.with(name, value));
        let response = runtime.block_on(report.send(&unlimited_visitor(&world, number.get())));
        // several of the longest values exceed the limit of a form
        if report.body().len() > MAX_FORM_BYTES {
            prop_assert_eq!(response.status.as_u16(), 413);
            return Ok(());
        }
        assert_accepted_or_refused(&response)
    });
    // dropping the world needs the runtime
    runtime.block_on(async { drop(world) });
    outcome.unwrap();
}

fn assert_accepted_or_refused(response: &TestResponse) -> Result<(), TestCaseError> {
    let status = response.status.as_u16();
    prop_assert!([303, 422, 429].contains(&status), "{status}: {}", response.text());
    if status == 422 {
        prop_assert!(response.body.contains("<title>Błąd: "));
    }
    Ok(())
}
