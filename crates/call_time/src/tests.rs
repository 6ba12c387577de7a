use proptest::prelude::*;
use strum::VariantArray;
use time::macros::datetime;

use crate::*;

/// Sunday, 14:05:30 in Warsaw.
const NOW: OffsetDateTime = datetime!(2026-11-22 13:05:30 UTC);
const RECORD_RETENTION_DAYS: u16 = 90;

fn parse_date_and_time(date: &str, time: &str) -> Result<CallTime, CallTimeErrors> {
    parse(CallTimeInput { date, time, ..CallTimeInput::default() }, NOW, RECORD_RETENTION_DAYS)
}

fn format_local(parsed: Result<CallTime, CallTimeErrors>) -> String {
    let local = local_time::to_local(parsed.unwrap_or_else(|errors| panic!("{errors:?}")).at);
    format!("{} {}", local.date(), time_of_day::format_clock(local.time()))
}

fn error_ids(parsed: Result<CallTime, CallTimeErrors>) -> [Option<String>; 2] {
    let errors = parsed.expect_err("must be rejected");
    [errors.date, errors.time].map(|error| error.map(|error| error.id.into_owned()))
}

#[test]
fn dates_are_parsed_in_all_common_formats() {
    for (text, date) in [
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
        assert_eq!(format_local(parse_date_and_time(text, "12:00")), format!("{date} 12:00"), "{text}");
    }
    // without a year, the latest such date in the past
    let january = datetime!(2027-01-03 10:00 UTC);
    let december = CallTimeInput { date: "30.12", time: "8", ..CallTimeInput::default() };
    assert_eq!(format_local(parse(december, january, RECORD_RETENTION_DAYS)), "2026-12-30 08:00");
}

#[test]
fn times_are_parsed_in_all_common_formats() {
    use CallTimePrecision::{Exact, FiveMinutes, HalfHour};
    for (text, time, precision) in [
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
        let parsed = parse_date_and_time("22.11.2026", text);
        assert_eq!(format_local(parsed.clone()), format!("2026-11-22 {time}"), "{text}");
        assert_eq!(parsed.unwrap().precision, precision, "{text}");
    }
}

#[test]
fn all_errors_are_returned_at_once() {
    let long = "1".repeat(300);
    for (date, time, ids) in [
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
        assert_eq!(error_ids(parse_date_and_time(date, time)), ids.map(|id| id.map(str::to_owned)), "{date} {time}");
    }
    assert_eq!(format_local(parse_date_and_time("24.08.2026", "12:00")), "2026-08-24 12:00");
    let errors = parse_date_and_time("22.11.2026", "14.75").unwrap_err();
    assert_eq!(errors.time, Some(UiMessage::new("call-time-no-such-time").with("time", "14:75")));
}

#[test]
fn the_chosen_day_replaces_the_date_field() {
    for (day, time, at) in [
        ("now", "nonsense", "2026-11-22 14:05:30"),
        ("today", "9", "2026-11-22 09:00"),
        ("yesterday", "23:59", "2026-11-21 23:59"),
        // a customer's clock ahead of ours
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
    let errors = parse(
        CallTimeInput { day: "jutro", precision: "1h", time: "9", ..CallTimeInput::default() },
        NOW,
        RECORD_RETENTION_DAYS,
    )
    .unwrap_err();
    assert_eq!(errors.day, Some(UiMessage::new("call-time-day-unknown").with("text", "jutro")));
    assert_eq!(errors.precision, Some(UiMessage::new("call-time-precision-unknown").with("text", "1h")));
    assert_eq!((errors.date, errors.time), (None, None));
    let midnight = datetime!(2026-11-22 22:58 UTC);
    let tomorrow = CallTimeInput { date: "23.11", time: "00:01", ..CallTimeInput::default() };
    assert!(parse(tomorrow, midnight, RECORD_RETENTION_DAYS).is_err(), "without a year it is a day of the last year");
    assert_eq!(
        format_local(parse(CallTimeInput { date: "23.11.2026", ..tomorrow }, midnight, RECORD_RETENTION_DAYS)),
        "2026-11-22 23:58"
    );
}

#[test]
fn a_time_skipped_in_spring_is_rejected_and_the_next_hour_suggested() {
    let input = CallTimeInput { date: "29.03.2026", time: "02:30", ..CallTimeInput::default() };
    let errors = parse(input, datetime!(2026-03-30 10:00 UTC), RECORD_RETENTION_DAYS).unwrap_err();
    assert_eq!(
        errors.time,
        Some(UiMessage::new("call-time-time-skipped").with("time", "02:30").with("instead", "03:30"))
    );
}

#[test]
fn a_time_that_occurs_twice_in_autumn_asks_which_one_is_meant() {
    let (first, second) = (datetime!(2026-10-25 00:30 UTC), datetime!(2026-10-25 01:30 UTC));
    let input = CallTimeInput { date: "25.10.2026", time: "02:30", ..CallTimeInput::default() };
    assert_eq!(
        parse(input, NOW, RECORD_RETENTION_DAYS),
        Err(CallTimeErrors { ambiguous_times: Some((first, second)), ..CallTimeErrors::default() })
    );
    for (fold, at) in [("earlier", first), ("later", second)] {
        let call_time = parse(CallTimeInput { fold, ..input }, NOW, RECORD_RETENTION_DAYS).unwrap();
        assert_eq!((call_time.at, call_time.is_ambiguous), (at, true));
    }
    // between the two instants only the first one is in the past
    let between = datetime!(2026-10-25 00:50 UTC);
    assert_eq!(
        parse(input, between, RECORD_RETENTION_DAYS).map(|call_time| (call_time.at, call_time.is_ambiguous)),
        Ok((first, true))
    );
    assert_eq!(
        error_ids(parse(CallTimeInput { fold: "later", ..input }, between, RECORD_RETENTION_DAYS)),
        [None, Some("call-time-time-future".to_owned())]
    );
}

#[test]
fn every_precision_parses_from_its_own_name() {
    for precision in CallTimePrecision::VARIANTS.iter().copied() {
        assert_eq!(parse_precision(precision.into_str()), Ok(precision));
    }
}

proptest! {
    #[test]
    fn parsing_never_panics_and_never_returns_a_future_time(
        date in prop_oneof![".*", "[0-9./ -]{0,12}", "[0-9]{1,2} (listopada|XI|feb|maja)( [0-9]{1,5})?"],
        time in prop_oneof![".*", "(ok\\.|o|~)? ?[0-9]{0,4}[:.h ]?[0-9]{0,4} ?(am|p\\.m\\.)?"],
        fold in "(earlier|later)?",
        seconds in 0_i64..4_102_444_800,
        retention_days in any::<u16>(),
    ) {
        let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let input = CallTimeInput { date: &date, time: &time, fold: &fold, ..CallTimeInput::default() };
        match parse(input, now, retention_days) {
            Ok(call_time) => prop_assert!(call_time.at <= now),
            Err(errors) => prop_assert_ne!(errors, CallTimeErrors::default()),
        }
    }

    #[test]
    fn every_minute_of_the_retention_period_parses_back_from_its_own_format(minutes in 0_i64..90 * 24 * 60) {
        let at = local_time::to_local(NOW - Duration::minutes(minutes) - Duration::seconds(30));
        let (date, time) = (date::format_example(at.date()), time_of_day::format_clock(at.time()));
        let input = |fold| CallTimeInput { date: &date, time: &time, fold, ..CallTimeInput::default() };
        let both = ["earlier", "later"].map(|fold| parse(input(fold), NOW, RECORD_RETENTION_DAYS).map(|call_time| call_time.at));
        prop_assert!(both.contains(&Ok(at)), "{:?}", both);
    }
}
