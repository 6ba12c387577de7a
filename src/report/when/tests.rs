use proptest::prelude::*;
use time::macros::datetime;

use super::*;

/// Sunday, 14:05:30 in Warsaw.
const NOW: OffsetDateTime = datetime!(2026-11-22 13:05:30 UTC);
const KEPT: u16 = 90;

fn on(date: &str, time: &str) -> Result<When, WrongWhen> {
    read(RawWhen { date, time, ..RawWhen::default() }, NOW, KEPT)
}

fn local(read: Result<When, WrongWhen>) -> String {
    let local = zone::to_local(read.unwrap_or_else(|wrong| panic!("{wrong:?}")).at);
    format!("{} {}", local.date(), hour::clock(local.time()))
}

fn ids(read: Result<When, WrongWhen>) -> [Option<&'static str>; 2] {
    let wrong = read.expect_err("a complaint");
    [wrong.date.map(|say| say.id), wrong.time.map(|say| say.id)]
}

#[test]
fn dates_as_people_write_them() {
    for (typed, date) in [
        ("2026-11-20", "2026-11-20"),
        ("20.11.2026", "2026-11-20"),
        ("20.11.26", "2026-11-20"),
        ("20/11/2026", "2026-11-20"),
        ("20-11-2026", "2026-11-20"),
        ("20.11", "2026-11-20"),
        ("20.11.", "2026-11-20"),
        ("5 9", "2026-09-05"),
        ("20 listopada 2026", "2026-11-20"),
        ("20 listopada", "2026-11-20"),
        ("20 lis 26", "2026-11-20"),
        ("piątek, 20 listopada 2026 r.", "2026-11-20"),
        ("8 PAŹDZIERNIKA", "2026-10-08"),
        ("20 November 2026", "2026-11-20"),
        ("Friday, 20th of November 2026", "2026-11-20"),
        ("November 20, 2026", "2026-11-20"),
        ("20 XI 2026", "2026-11-20"),
        ("20.xi", "2026-11-20"),
        ("２０．１１．２０２６", "2026-11-20"),
        ("\u{200E}20\u{2011}11\u{2011}2026", "2026-11-20"),
        ("wczoraj", "2026-11-21"),
        ("today", "2026-11-22"),
    ] {
        assert_eq!(local(on(typed, "12:00")), format!("{date} 12:00"), "{typed}");
    }
    // without a year, the last one that has come
    let january = datetime!(2027-01-03 10:00 UTC);
    let december = RawWhen { date: "30.12", time: "8", ..RawWhen::default() };
    assert_eq!(local(read(december, january, KEPT)), "2026-12-30 08:00");
}

#[test]
fn times_as_people_write_them() {
    use Precision::{Exact, FiveMinutes, HalfHour};
    for (typed, time, precision) in [
        ("12:05", "12:05", Exact),
        ("12:05:09", "12:05:09", Exact),
        ("12.05", "12:05", Exact),
        ("12 05", "12:05", Exact),
        ("1205", "12:05", Exact),
        ("120509", "12:05:09", Exact),
        ("905", "09:05", Exact),
        ("9:05", "09:05", Exact),
        ("12", "12:00", Exact),
        ("0", "00:00", Exact),
        ("12h05", "12:05", Exact),
        ("12h", "12:00", Exact),
        ("12：05", "12:05", Exact),
        ("godz. 12", "12:00", Exact),
        ("o godzinie 12:05", "12:05", Exact),
        ("12:05 pm", "12:05", Exact),
        ("12:05 am", "00:05", Exact),
        ("1:05 p.m.", "13:05", Exact),
        ("at 2 PM", "14:00", Exact),
        ("ok. 12:05", "12:05", FiveMinutes),
        ("około 12", "12:00", HalfHour),
        ("ok12", "12:00", HalfHour),
        ("about 1 pm", "13:00", HalfHour),
        ("~ godz. 12", "12:00", HalfHour),
    ] {
        let read = on("22.11.2026", typed);
        assert_eq!(local(read.clone()), format!("2026-11-22 {time}"), "{typed}");
        assert_eq!(read.unwrap().precision, precision, "{typed}");
    }
}

#[test]
fn complaints_come_all_at_once() {
    let long = "1".repeat(300);
    for (date, time, complaints) in [
        ("", "", [Some("when-date-empty"), Some("when-time-empty")]),
        ("31.11.2026", "14:75", [Some("when-no-such-date"), Some("when-no-such-time")]),
        ("29.02", "24:00", [Some("when-no-such-date"), Some("when-no-such-time")]),
        ("11/22/2026", "13 am", [Some("when-no-such-date"), Some("when-no-such-time")]),
        ("jutro", "rano", [Some("when-date-unread"), Some("when-time-unread")]),
        ("22:11", "14:5", [Some("when-date-unread"), Some("when-time-unread")]),
        (&long, &long, [Some("when-date-unread"), Some("when-time-unread")]),
        ("20.11.2027", "99", [Some("when-date-future"), Some("when-no-such-time")]),
        ("23.11.2026", "00:01", [Some("when-date-future"), None]),
        ("22.11.2026", "14:11", [None, Some("when-time-future")]),
        ("23.08.2026", "12:00", [Some("when-date-too-old"), None]),
        ("0000-01-01", "12:00", [Some("when-date-too-old"), None]),
        ("29.03.2026", "02:30", [Some("when-date-too-old"), None]),
    ] {
        assert_eq!(ids(on(date, time)), complaints, "{date} {time}");
    }
    assert_eq!(local(on("24.08.2026", "12:00")), "2026-08-24 12:00");
    let wrong = on("22.11.2026", "14.75").unwrap_err();
    assert_eq!(wrong.time, Some(Say::new("when-no-such-time").with("time", "14:75")));
}

#[test]
fn the_day_chosen() {
    for (day, time, at) in [
        ("now", "nonsense", "2026-11-22 14:05:30"),
        ("today", "9", "2026-11-22 09:00"),
        ("yesterday", "23:59", "2026-11-21 23:59"),
        // a clock that runs ahead
        ("today", "14:10", "2026-11-22 14:05:30"),
    ] {
        assert_eq!(local(read(RawWhen { day, time, date: "nonsense", ..RawWhen::default() }, NOW, KEPT)), at, "{day}");
    }
    let wrong =
        read(RawWhen { day: "jutro", precision: "1h", time: "9", ..RawWhen::default() }, NOW, KEPT).unwrap_err();
    assert_eq!(wrong.day, Some(Say::new("when-day-unknown").with("text", "jutro")));
    assert_eq!(wrong.precision, Some(Say::new("when-precision-unknown").with("text", "1h")));
    assert_eq!((wrong.date, wrong.time), (None, None));
    let midnight = datetime!(2026-11-22 22:58 UTC);
    let after = RawWhen { date: "23.11", time: "00:01", ..RawWhen::default() };
    assert!(read(after, midnight, KEPT).is_err(), "without a year it is last year's");
    assert_eq!(local(read(RawWhen { date: "23.11.2026", ..after }, midnight, KEPT)), "2026-11-22 23:58");
}

#[test]
fn the_hour_that_does_not_exist_is_offered_an_hour_later() {
    let raw = RawWhen { date: "29.03.2026", time: "02:30", ..RawWhen::default() };
    let wrong = read(raw, datetime!(2026-03-30 10:00 UTC), KEPT).unwrap_err();
    assert_eq!(wrong.time, Some(Say::new("when-time-skipped").with("time", "02:30").with("instead", "03:30")));
}

#[test]
fn the_hour_that_comes_twice_is_asked_about_once() {
    let (first, second) = (datetime!(2026-10-25 00:30 UTC), datetime!(2026-10-25 01:30 UTC));
    let raw = RawWhen { date: "25.10.2026", time: "02:30", ..RawWhen::default() };
    assert_eq!(read(raw, NOW, KEPT), Err(WrongWhen { fold: Some((first, second)), ..WrongWhen::default() }));
    for (fold, at) in [("earlier", first), ("later", second)] {
        let when = read(RawWhen { fold, ..raw }, NOW, KEPT).unwrap();
        assert_eq!((when.at, when.twice), (at, true));
    }
    // between the two, only the first can be meant
    let between = datetime!(2026-10-25 00:50 UTC);
    assert_eq!(read(raw, between, KEPT).map(|when| (when.at, when.twice)), Ok((first, true)));
    assert_eq!(ids(read(RawWhen { fold: "later", ..raw }, between, KEPT)), [None, Some("when-time-future")]);
}

#[test]
fn precisions_have_names() {
    for precision in Precision::ALL.iter().copied() {
        assert_eq!(read_precision(precision.as_str()), Ok(precision));
    }
}

proptest! {
    #[test]
    fn nothing_panics(
        date in prop_oneof![".*", "[0-9./ -]{0,12}", "[0-9]{1,2} (listopada|XI|feb|maja)( [0-9]{1,5})?"],
        time in prop_oneof![".*", "(ok\\.|o|~)? ?[0-9]{0,4}[:.h ]?[0-9]{0,4} ?(am|p\\.m\\.)?"],
        fold in "(earlier|later)?",
        seconds in 0_i64..4_102_444_800,
        kept in any::<u16>(),
    ) {
        let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let raw = RawWhen { date: &date, time: &time, fold: &fold, ..RawWhen::default() };
        match read(raw, now, kept) {
            Ok(when) => prop_assert!(when.at <= now),
            Err(wrong) => prop_assert_ne!(wrong, WrongWhen::default()),
        }
    }

    #[test]
    fn every_past_minute_reads_back(minutes in 0_i64..90 * 24 * 60) {
        let at = zone::to_local(NOW - Duration::minutes(minutes) - Duration::seconds(30));
        let (date, time) = (date::example(at.date()), hour::clock(at.time()));
        let raw = |fold| RawWhen { date: &date, time: &time, fold, ..RawWhen::default() };
        let either = ["earlier", "later"].map(|fold| read(raw(fold), NOW, KEPT).map(|when| when.at));
        prop_assert!(either.contains(&Ok(at)), "{:?}", either);
    }
}
