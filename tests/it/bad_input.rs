//! Whatever is sent, nobody sees a blank page or a stack trace, nothing typed is lost, nothing is run.

mod requests;
mod tickets;

use dzwoni::web::form::{MAX_FORM_BYTES, multi_line, single_line};
use proptest::{
    collection::hash_map,
    prelude::*,
    sample::select,
    test_runner::{TestCaseError, TestRunner},
};

use crate::{
    given,
    report::typed,
    support::{Answer, Browser, World},
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

/// Values that nobody types by chance.
fn strange() -> Vec<String> {
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

/// A visitor whom no limit has met before.
fn fresh(world: &World, number: usize) -> Browser {
    world.visitor().from_ip(&format!("198.18.{}.{}", number / 250, number % 250 + 1))
}

/// No tag and no attribute came from what was typed.
#[track_caller]
fn must_be_harmless(page: &Answer) {
    for evil in ["<script>", "<img src=x", "\"><img", "</textarea></form><b>", "<b>&"] {
        assert!(!page.body.contains(evil), "{evil} stands in the page");
    }
    assert!(page.body.ends_with("</html>") || page.body.trim_end().ends_with("</html>"), "the page is cut off");
}

#[tokio::test]
async fn no_value_of_a_field_breaks_the_form_or_is_lost() {
    let world = World::new().await;
    let mut number = 0;
    for name in TEXTS {
        for value in strange() {
            for report in [given::report(), given::logged_out()] {
                number += 1;
                let visitor = fresh(&world, number);
                let answer = report.with("submission", "").with(name, &value).send(&visitor).await;
                let clean = if name == "description" { multi_line(&value) } else { single_line(&value) };
                if answer.status == 303 {
                    let page = visitor.follow(&answer).await.expect(200);
                    must_be_harmless(&page);
                    if ["error_text", "description"].contains(&name) {
                        let shown = clean.split_whitespace().collect::<Vec<_>>().join(" ");
                        assert!(page.shows(&shown), "{name} {value:?} is lost");
                    }
                } else {
                    let page = answer.expect(422);
                    must_be_harmless(&page);
                    assert_eq!(typed(&page, name), clean, "{name} is lost");
                }
            }
        }
    }
}

#[tokio::test]
async fn no_value_of_a_choice_breaks_the_form() {
    let world = World::new().await;
    let mut number = 0;
    for name in CHOICES {
        for value in strange() {
            number += 1;
            let visitor = fresh(&world, number);
            let answer = given::audio().with(name, &value).send(&visitor).await;
            assert!([303, 422].contains(&answer.status.as_u16()), "{name} {value:?}: {}", answer.status);
            if answer.status == 422 {
                must_be_harmless(&answer);
                assert_eq!(typed(&answer, "caller"), "22 555 01 20");
            }
        }
    }
    // the table is still there
    assert!(world.count("select count(*) from ticket").await > 10);
}

#[tokio::test]
async fn no_value_in_an_address_breaks_the_form() {
    let visitor = World::without_database().await.visitor();
    for name in TEXTS.iter().chain(&CHOICES).filter(|name| **name != "category") {
        for value in strange().iter().filter(|value| value.len() < 10_000) {
            let value = dzwoni::web::form::percent_encode(value);
            for category in ["outgoing", "logged-out", "nonsense"] {
                let page = visitor.get(&format!("/pl/report?category={category}&{name}={value}")).await.expect(200);
                must_be_harmless(&page);
            }
        }
    }
}

#[tokio::test]
async fn a_form_of_odd_bytes_is_still_a_form() {
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
        let visitor = fresh(&world, number);
        let answer = visitor.post_raw("/pl/report", [body, rest.as_bytes()].concat()).await.expect(status);
        if status == 303 {
            visitor.follow(&answer).await.expect(200).must_show(caller);
        } else {
            assert_eq!(answer.value("caller"), caller);
        }
    }
    fresh(&world, 100).post_raw("/pl/report", Vec::new()).await.expect(422).must_show("Zaznacz, co się stało");
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
        1 => select(strange()),
    ]
}

#[test]
fn no_form_at_all_makes_the_portal_stumble() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let names = select(TEXTS.iter().chain(&CHOICES).copied().collect::<Vec<_>>());
    let forms = (hash_map(names, any_value(), 0..22), any::<bool>());
    let number = std::cell::Cell::new(0);
    let config = ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&forms, |(fields, likely)| {
        number.set(number.get() + 1);
        let start = if likely { given::report() } else { given::nothing() };
        let report = fields.iter().fold(start, |report, (name, value)| report.with(name, value));
        let answer = runtime.block_on(report.send(&fresh(&world, number.get())));
        // a handful of the longest values together are more than anybody may send
        if report.body().len() > MAX_FORM_BYTES {
            prop_assert_eq!(answer.status.as_u16(), 413);
            return Ok(());
        }
        taken_or_told(&answer)
    });
    // the world's database is dropped inside the runtime
    runtime.block_on(async { drop(world) });
    outcome.unwrap();
}

fn taken_or_told(answer: &Answer) -> Result<(), TestCaseError> {
    let status = answer.status.as_u16();
    prop_assert!([303, 422, 429].contains(&status), "{status}: {}", answer.text());
    if status == 422 {
        prop_assert!(answer.body.contains("<title>Błąd: "));
    }
    Ok(())
}
