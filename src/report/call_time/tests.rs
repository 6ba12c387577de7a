use proptest::prelude::*;
use time::macros::datetime;

use crate::report::call_time::*;

/// Sunday, 14:05:30 in Warsaw.
const NOW: OffsetDateTime = datetime!(2026-11-22 13:05:30 UTC);
const RECORD_RETENTION_DAYS: u16 = 90;

fn parse_date_and_time(date: &str, time: &str) -> Result<CallTime, CallTimeErrors> {
    parse(CallTimeInput { date, time, ..CallTimeInput::default() }, NOW, RECORD_RETENTION_DAYS)
}

fn format_local(read: Result<CallTime, CallTimeErrors>) -> String {
    let local = local_time::to_local(read.unwrap_or_else(|wrong| panic!("{wrong:?}")).at);
    format!("{} {}", local.date(), time_of_day::format_clock(local.time()))
}

fn error_ids(read: Result<CallTime, CallTimeErrors>) -> [Option<&'static str>; 2] {
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
        assert_eq!(format_local(parse_date_and_time(typed, "12:00")), format!("{date} 12:00"), "{typed}");
    }
    // without a year, the last one that has come
    let january = datetime!(2027-01-03 10:00 UTC);
    let december = CallTimeInput { date: "30.12", time: "8", ..CallTimeInput::default() };
    assert_eq!(format_local(parse(december, january, RECORD_RETENTION_DAYS)), "2026-12-30 08:00");
}

#[test]
fn times_as_people_write_them() {
    use CallTimePrecision::{Exact, FiveMinutes, HalfHour};
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
        let read = parse_date_and_time("22.11.2026", typed);
        assert_eq!(format_local(read.clone()), format!("2026-11-22 {time}"), "{typed}");
        assert_eq!(read.unwrap().precision, precision, "{typed}");
    }
}

#[test]
fn complaints_come_all_at_once() {
    let long = "1".repeat(300);
    for (date, time, complaints) in [
        ("", "", [Some("call-time-date-empty"), Some("call-time-time-empty")]),
        ("31.11.2026", "14:75", [Some("call-time-no-such-date"), Some("call-time-no-such-time")]),
        ("29.02", "24:00", [Some("call-time-no-such-date"), Some("call-time-no-such-time")]),
        ("11/22/2026", "13 am", [Some("call-time-no-such-date"), Some("call-time-no-such-time")]),
        ("jutro", "rano", [Some("call-time-date-unreadable"), Some("call-time-time-unreadable")]),
        ("22:11", "14:5", [Some("call-time-date-unreadable"), Some("call-time-time-unreadable")]),
        (&long, &long, [Some("call-time-date-unreadable"), Some("call-time-time-unreadable")]),
        ("20.11.2027", "99", [Some("call-time-date-future"), Some("call-time-no-such-time")]),
        ("23.11.2026", "00:01", [Some("call-time-date-future"), None]),
        ("22.11.2026", "14:11", [None, Some("call-time-time-future")]),
        ("23.08.2026", "12:00", [Some("call-time-date-too-old"), None]),
        ("0000-01-01", "12:00", [Some("call-time-date-too-old"), None]),
        ("29.03.2026", "02:30", [Some("call-time-date-too-old"), None]),
    ] {
        assert_eq!(error_ids(parse_date_and_time(date, time)), complaints, "{date} {time}");
    }
    assert_eq!(format_local(parse_date_and_time("24.08.2026", "12:00")), "2026-08-24 12:00");
    let wrong = parse_date_and_time("22.11.2026", "14.75").unwrap_err();
    assert_eq!(wrong.time, Some(UiMessage::new("call-time-no-such-time").with("time", "14:75")));
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
        assert_eq!(
            format_local(parse(
                CallTimeInput { day, time, date: "nonsense", ..CallTimeInput::default() },
                NOW,
                RECORD_RETENTION_DAYS
            )),
            at,
            "{day}"
        );
    }
    let wrong = parse(
        CallTimeInput { day: "jutro", precision: "1h", time: "9", ..CallTimeInput::default() },
        NOW,
        RECORD_RETENTION_DAYS,
    )
    .unwrap_err();
    assert_eq!(wrong.day, Some(UiMessage::new("call-time-day-unknown").with("text", "jutro")));
    assert_eq!(wrong.precision, Some(UiMessage::new("call-time-precision-unknown").with("text", "1h")));
    assert_eq!((wrong.date, wrong.time), (None, None));
    let midnight = datetime!(2026-11-22 22:58 UTC);
    let after = CallTimeInput { date: "23.11", time: "00:01", ..CallTimeInput::default() };
    assert!(parse(after, midnight, RECORD_RETENTION_DAYS).is_err(), "without a year it is last year's");
    assert_eq!(
        format_local(parse(CallTimeInput { date: "23.11.2026", ..after }, midnight, RECORD_RETENTION_DAYS)),
        "2026-11-22 23:58"
    );
}

#[test]
fn the_hour_that_does_not_exist_is_offered_an_hour_later() {
    let raw = CallTimeInput { date: "29.03.2026", time: "02:30", ..CallTimeInput::default() };
    let wrong = parse(raw, datetime!(2026-03-30 10:00 UTC), RECORD_RETENTION_DAYS).unwrap_err();
    assert_eq!(
        wrong.time,
        Some(UiMessage::new("call-time-time-skipped").with("time", "02:30").with("instead", "03:30"))
    );
}

#[test]
fn the_hour_that_comes_twice_is_asked_about_once() {
    let (first, second) = (datetime!(2026-10-25 00:30 UTC), datetime!(2026-10-25 01:30 UTC));
    let raw = CallTimeInput { date: "25.10.2026", time: "02:30", ..CallTimeInput::default() };
    assert_eq!(
        parse(raw, NOW, RECORD_RETENTION_DAYS),
        Err(CallTimeErrors { ambiguous_times: Some((first, second)), ..CallTimeErrors::default() })
    );
    for (fold, at) in [("earlier", first), ("later", second)] {
        let when = parse(CallTimeInput { fold, ..raw }, NOW, RECORD_RETENTION_DAYS).unwrap();
        assert_eq!((when.at, when.is_ambiguous), (at, true));
    }
    // between the two, only the first can be meant
    let between = datetime!(2026-10-25 00:50 UTC);
    assert_eq!(parse(raw, between, RECORD_RETENTION_DAYS).map(|when| (when.at, when.is_ambiguous)), Ok((first, true)));
    assert_eq!(
        error_ids(parse(CallTimeInput { fold: "later", ..raw }, between, RECORD_RETENTION_DAYS)),
        [None, Some("call-time-time-future")]
    );
}

#[test]
fn precisions_have_names() {
    for precision in CallTimePrecision::ALL.iter().copied() {
        assert_eq!(parse_precision(precision.as_str()), Ok(precision));
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
        let raw = CallTimeInput { date: &date, time: &time, fold: &fold, ..CallTimeInput::default() };
        match parse(raw, now, kept) {
            Ok(when) => prop_assert!(when.at <= now),
            Err(wrong) => prop_assert_ne!(wrong, CallTimeErrors::default()),
        }
    }

    #[test]
    fn every_past_minute_reads_back(minutes in 0_i64..90 * 24 * 60) {
        let at = local_time::to_local(NOW - Duration::minutes(minutes) - Duration::seconds(30));
        let (date, time) = (date::format_example(at.date()), time_of_day::format_clock(at.time()));
        let raw = |fold| CallTimeInput { date: &date, time: &time, fold, ..CallTimeInput::default() };
        let either = ["earlier", "later"].map(|fold| parse(raw(fold), NOW, RECORD_RETENTION_DAYS).map(|when| when.at));
        prop_assert!(either.contains(&Ok(at)), "{:?}", either);
    }
}
