//! A valid report that can not be stored now: the visitor keeps the form.

use super::{checked_value, field_value};
use crate::{
    given,
    support::{TestResponse, World},
};

#[track_caller]
fn assert_form_kept(page: &TestResponse, lang: &str) {
    let wait: u32 = page.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    for (name, value) in [("caller", "22 555 01 20"), ("time", "14:05"), ("email", "jan.nowak@example.com")] {
        assert_eq!(field_value(page, name), value);
    }
    assert_eq!(field_value(page, "description"), "Dwie\nlinie");
    assert_eq!(checked_value(page, "in_billing").as_deref(), Some("yes"));
    assert_eq!(page.value("submission").len(), 36);
    page.assert_shows(if lang == "pl" {
        "Zgłoszenie jeszcze nie jest wysłane"
    } else {
        "The report is not sent yet"
    });
    assert!(page.body.contains(&format!("<form action=\"/{lang}/report\" method=\"post\"")));
    page.assert_hides("Błąd:").assert_hides("Error:");
}

#[tokio::test]
async fn without_the_database_the_report_form_is_shown_with_all_values() {
    let visitor = World::without_database().await.visitor();
    for lang in ["pl", "en"] {
        let report = given::report().with("description", "Dwie\nlinie");
        let page = report.send_to(&visitor, &format!("/{lang}/report")).await.expect(503);
        assert_form_kept(&page, lang);
    }
}

#[tokio::test]
async fn reports_are_rate_limited_per_client_address() {
    let world = World::new().await;
    let visitor = world.visitor();
    let mut refused = None;
    for _ in 0..75 {
        let page = given::report().with("description", "Dwie\nlinie").send(&visitor).await;
        if page.status != 303 {
            refused = Some(page.expect(429));
            break;
        }
    }
    assert_form_kept(&refused.expect("no limit"), "pl");
    assert!(world.count("select count(*) from ticket").await >= 60, "an office of forty people stays below the limit");
    // an invalid form does not count, and other addresses are not limited
    given::report().with("email", "jan").send(&visitor).await.expect(422);
    given::report().send(&visitor.from_ip("203.0.113.8")).await.expect(303);
}
