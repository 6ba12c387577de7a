//! The time of the call: Polish local time, with the two nights of the year when the clocks change.

use time::macros::datetime;

use super::{checked_value, field_value};
use crate::{
    given::{self, Report},
    support::World,
};

fn report_on(date: &str, time: &str) -> Report {
    given::report().with("day", "other").with("date", date).with("time", time)
}

#[tokio::test]
async fn an_ambiguous_hour_is_asked_for() {
    let world = World::at(datetime!(2026-10-26 10:00 UTC)).await;
    let report = || report_on("25.10.2026", "02:30");
    let page = report().send(&world.visitor()).await.expect(422);
    page.assert_shows("Tej nocy zegary cofano i godzina 2:30 była dwa razy. Zaznacz, która to była")
        .assert_shows("pierwsza 2:30, przed zmianą czasu")
        .assert_shows("druga 2:30, po zmianie czasu");
    assert!(page.body.contains("<a href=\"#fold\">") && page.body.contains("id=\"fold\""));
    assert_eq!(checked_value(&page, "fold"), None);

    // the answer is kept while another field is corrected
    let page = report().with("fold", "later").with("email", "jan").send(&world.visitor()).await.expect(422);
    assert_eq!(checked_value(&page, "fold").as_deref(), Some("later"));
    page.assert_hides("Zaznacz, która to była");

    for (fold, shown) in [("earlier", "2026, 2:30, przed zmianą czasu"), ("later", "2026, 2:30, po zmianie czasu")] {
        let (_, page) = report().with("fold", fold).accepted(&world).await;
        world.visitor().get(&page).await.expect(200).assert_shows(shown);
    }
    assert_eq!(world.count("select count(*) from ticket where call_at = '2026-10-25 00:30Z'").await, 1);
    assert_eq!(world.count("select count(*) from ticket where call_at = '2026-10-25 01:30Z'").await, 1);
}

#[tokio::test]
async fn an_hour_that_has_not_been_repeated_yet_is_not_ambiguous() {
    let world = World::at(datetime!(2026-10-25 00:40 UTC)).await;
    given::report().with("time", "02:30").accepted(&world).await;
    assert_eq!(world.count("select count(*) from ticket where call_at = '2026-10-25 00:30Z'").await, 1);
}

#[tokio::test]
async fn an_hour_skipped_by_the_clock_change_is_explained() {
    let world = World::at(datetime!(2026-03-29 10:00 UTC)).await;
    let page = given::report().with("time", "02:30").send(&world.visitor()).await.expect(422);
    page.assert_shows("Tej nocy godziny 02:30 nie było, bo zegary przestawiano z 2:00 na 3:00")
        .assert_shows("wpisz 03:30");
    assert_eq!(field_value(&page, "time"), "02:30");
    let page = given::report().with("time", "02:30").send_to(&world.visitor(), "/en/report").await.expect(422);
    page.assert_shows("There was no 02:30 that night");
}

#[tokio::test]
async fn a_call_time_in_the_future_is_explained() {
    let world = World::new().await;
    let page = given::report().with("time", "16:00").send(&world.visitor()).await.expect(422);
    page.assert_shows("Godzina 16:00 jeszcze nie nadeszła, teraz jest 14:30");
    let page = report_on("22.11.2026", "14:05").send(&world.visitor()).await.expect(422);
    page.assert_shows("Ten dzień jeszcze nie nadszedł");
    // a few minutes in the future are accepted and stored as the current time
    given::report().with("time", "14:33").accepted(&world).await;
    assert_eq!(world.count("select count(*) from ticket where call_at = '2026-11-20 13:30Z'").await, 1);
}

#[tokio::test]
async fn a_call_older_than_90_days_is_explained() {
    let world = World::new().await;
    let page = report_on("21.08.2026", "14:05").send(&world.visitor()).await.expect(422);
    page.assert_shows("Zapisy połączeń trzymamy 90 dni, a ten dzień był wcześniej");
    report_on("22.08.2026", "14:05").accepted(&world).await;
}

#[tokio::test]
async fn call_times_are_accepted_in_many_spellings() {
    let world = World::new().await;
    let table = [
        ("now", "", "", "2026-11-20 13:30Z", "5min"),
        ("today", "", "1405", "2026-11-20 13:05Z", "exact"),
        ("yesterday", "", "14.05", "2026-11-19 13:05Z", "exact"),
        ("other", "2026-11-18", "14:05:33", "2026-11-18 13:05:33Z", "exact"),
        ("other", "17.11.2026", "2:05 pm", "2026-11-17 13:05Z", "exact"),
        ("", "15 listopada", "około 14", "2026-11-15 13:00Z", "30min"),
        ("today", "nonsense", "13:05", "2026-11-20 12:05Z", "exact"),
    ];
    for (day, date, time, at, precision) in table {
        let (reference, _) = report_on(date, time).with("day", day).accepted(&world).await;
        let stored: (time::OffsetDateTime, String) =
            sqlx::query_as("select call_at, call_precision::text from ticket where reference = $1")
                .bind(reference.as_str())
                .fetch_one(world.sql().await)
                .await
                .unwrap();
        let expected: time::OffsetDateTime =
            sqlx::query_scalar("select $1::text::timestamptz").bind(at).fetch_one(world.sql().await).await.unwrap();
        assert_eq!(stored, (expected, precision.to_owned()), "{day} {date} {time}");
    }
}
