//! A form that is right and can't be taken now: the visitor keeps it.

use super::{chosen, typed};
use crate::{
    given,
    support::{Answer, World},
};

#[track_caller]
fn must_be_kept(page: &Answer, lang: &str) {
    let wait: u32 = page.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    for (name, value) in [("caller", "22 555 01 20"), ("time", "14:05"), ("email", "jan.nowak@example.com")] {
        assert_eq!(typed(page, name), value);
    }
    assert_eq!(typed(page, "description"), "Dwie\nlinie");
    assert_eq!(chosen(page, "in_billing").as_deref(), Some("yes"));
    assert_eq!(page.value("submission").len(), 36);
    page.must_show(if lang == "pl" { "Zgłoszenie jeszcze nie jest wysłane" } else { "The report is not sent yet" });
    assert!(page.body.contains(&format!("<form action=\"/{lang}/report\" method=\"post\"")));
    page.must_not_show("Błąd:").must_not_show("Error:");
}

#[tokio::test]
async fn without_the_database_the_form_stays_with_all_that_was_typed() {
    let visitor = World::without_database().await.visitor();
    for lang in ["pl", "en"] {
        let report = given::report().with("description", "Dwie\nlinie");
        let page = report.send_to(&visitor, &format!("/{lang}/report")).await.expect(503);
        must_be_kept(&page, lang);
    }
}

#[tokio::test]
async fn too_many_from_one_address_wait_and_others_do_not() {
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
    must_be_kept(&refused.expect("no limit"), "pl");
    assert!(world.count("select count(*) from ticket").await >= 60, "an office of forty must get through");
    // a mistake costs nothing, and neighbours are not meant
    given::report().with("email", "jan").send(&visitor).await.expect(422);
    given::report().send(&visitor.from_ip("203.0.113.8")).await.expect(303);
}
