//! The clock on the wall in Poland. Everything is stored in UTC; customers read and write Europe/Warsaw.
//!
//! Zone rules are the IANA database that jiff carries inside the binary, so a machine without zone files gives the
//! same answers.

use std::sync::LazyLock;

use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, civil};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::i18n::UiMessage;

/// The zone's IANA name.
pub const ZONE_NAME: &str = "Europe/Warsaw";

static WARSAW: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get(ZONE_NAME).expect("jiff's feature tzdb-bundle-always carries every zone"));

/// What a time on the wall can mean, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalTimeResolution {
    Unambiguous(OffsetDateTime),
    /// The clocks jumped over it (March). `later` is where the hand stood in its place, an hour on; `earlier` an hour
    /// before that.
    Gap {
        earlier: OffsetDateTime,
        later: OffsetDateTime,
    },
    /// It came twice (October): first in summer time, then in winter time.
    Fold {
        first: OffsetDateTime,
        second: OffsetDateTime,
    },
}

/// The same instant with the offset that Warsaw had then.
pub fn to_local(at: OffsetDateTime) -> OffsetDateTime {
    let Ok(instant) = Timestamp::from_nanosecond(at.unix_timestamp_nanos()) else {
        return at;
    };
    at.checked_to_offset(to_utc_offset(WARSAW.to_offset(instant))).unwrap_or(at)
}

/// Which instant, or which two, a time on the wall in Warsaw was. Times outside the years that the zone covers (beyond
/// 9999) are taken for UTC.
pub fn resolve_local(local: PrimitiveDateTime) -> LocalTimeResolution {
    let Some(wall) = to_civil(local) else {
        return LocalTimeResolution::Unambiguous(local.assume_utc());
    };
    match WARSAW.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => LocalTimeResolution::Unambiguous(to_instant(local, offset)),
        AmbiguousOffset::Gap { before, after } => {
            LocalTimeResolution::Gap { earlier: to_instant(local, after), later: to_instant(local, before) }
        }
        AmbiguousOffset::Fold { before, after } => {
            LocalTimeResolution::Fold { first: to_instant(local, before), second: to_instant(local, after) }
        }
    }
}

/// "piątek, 20 listopada 2026". Weekdays count from Monday = 1 (ISO 8601).
pub fn format_long_date(date: Date) -> UiMessage {
    UiMessage::new("call-time-long-date")
        .with("weekday", i64::from(date.weekday().number_from_monday()))
        .with("day", i64::from(date.day()))
        .with("month", i64::from(u8::from(date.month())))
        .with("year", i64::from(date.year()))
}

/// "piątek, 20 listopada 2026, 14:05", for what happened here: to the minute.
pub fn format_long(at: OffsetDateTime) -> UiMessage {
    let local = to_local(at);
    UiMessage::new("time-long").with("date", format_long_date(local.date())).with("time", format_hour_minute(local))
}

/// The same for somebody who reads it soon: "dziś, 14:05", "wczoraj, 14:05", before that with the date.
pub fn format_relative_day(at: OffsetDateTime, now: OffsetDateTime) -> UiMessage {
    UiMessage::new("time-long").with("date", format_day(at, now)).with("time", format_time(at))
}

/// [`long_moment`] for a call, to the second where the reporter gave seconds, and with which of the two it was in the hour
/// that comes twice.
pub fn format_call_time(at: OffsetDateTime) -> UiMessage {
    let local = to_local(at);
    let moment =
        UiMessage::new("time-long").with("date", format_long_date(local.date())).with("time", format_clock(local));
    match resolve_local(PrimitiveDateTime::new(local.date(), local.time())) {
        LocalTimeResolution::Unambiguous(_) | LocalTimeResolution::Gap { .. } => moment,
        LocalTimeResolution::Fold { first, .. } if at == first => {
            UiMessage::new("time-before-change").with("moment", moment)
        }
        LocalTimeResolution::Fold { .. } => UiMessage::new("time-after-change").with("moment", moment),
    }
}

/// "20.11.2026, 14:05"
pub fn format_date_time(at: OffsetDateTime) -> UiMessage {
    let local = to_local(at);
    UiMessage::new("time-with-date")
        .with("date", format_numeric_date(local.date(), true))
        .with("time", format_hour_minute(local))
}

/// As short as it can be told: "14:05" today, "wczoraj 14:05", "20.11, 14:05", with the year when it is another.
pub fn format_short(at: OffsetDateTime, now: OffsetDateTime) -> UiMessage {
    let (local, today) = (to_local(at), to_local(now).date());
    let time = format_hour_minute(local);
    if local.date() == today {
        UiMessage::new("time-today").with("time", time)
    } else if Some(local.date()) == today.previous_day() {
        UiMessage::new("time-yesterday").with("time", time)
    } else {
        let with_year = local.year() != today.year();
        UiMessage::new("time-with-date").with("date", format_numeric_date(local.date(), with_year)).with("time", time)
    }
}

/// How long ago `at` was, in its largest unit: "5 min", "3 h", "2 dni".
pub fn format_elapsed(at: OffsetDateTime, now: OffsetDateTime) -> UiMessage {
    let minutes = (now - at).whole_minutes().max(0);
    match minutes {
        ..60 => UiMessage::new("time-minutes").with("count", minutes),
        60..2880 => UiMessage::new("time-hours").with("count", minutes / 60),
        _ => UiMessage::new("time-days").with("count", minutes / 1440),
    }
}

/// The whole minutes from when to when, in local time or in UTC: "pt. 20.11.2026, 14:04–14:06".
pub fn format_range(from: OffsetDateTime, to: OffsetDateTime, utc: bool) -> UiMessage {
    let wall = |at: OffsetDateTime| if utc { at.to_offset(UtcOffset::UTC) } else { to_local(at) };
    let (from, to) = (wall(from), wall(to + Duration::nanoseconds(59_999_999_999)));
    UiMessage::new("time-range")
        .with("weekday", i64::from(from.weekday().number_from_monday()))
        .with("date", format_numeric_date(from.date(), true))
        .with("from", format_hour_minute(from))
        .with("to", format_hour_minute(to))
}

/// Which of its two times Warsaw kept then: "CET" or "CEST".
pub fn zone_abbreviation(at: OffsetDateTime) -> String {
    let instant = Timestamp::from_nanosecond(at.unix_timestamp_nanos()).unwrap_or_default();
    WARSAW.to_offset_info(instant).abbreviation().to_owned()
}

/// The day for a heading: "dziś", "wczoraj", "piątek, 20 listopada 2026".
pub fn format_day(at: OffsetDateTime, now: OffsetDateTime) -> UiMessage {
    let (date, today) = (to_local(at).date(), to_local(now).date());
    match () {
        () if date == today => UiMessage::new("time-day-today"),
        () if Some(date) == today.previous_day() => UiMessage::new("time-day-yesterday"),
        () => format_long_date(date),
    }
}

/// Until when, for somebody who waits: "dziś do 16:30", "jutro do 10:00", "w poniedziałek 23.11 do 12:00".
pub fn format_deadline(at: OffsetDateTime, now: OffsetDateTime) -> UiMessage {
    let (local, today) = (to_local(at), to_local(now).date());
    let time = format_hour_minute(local);
    match () {
        () if local.date() == today => UiMessage::new("time-deadline-today").with("time", time),
        () if Some(local.date()) == today.next_day() => UiMessage::new("time-deadline-tomorrow").with("time", time),
        () => UiMessage::new("time-deadline-day")
            .with("weekday", i64::from(local.weekday().number_from_monday()))
            .with("date", format_numeric_date(local.date(), false))
            .with("time", time),
    }
}

/// "20.11.2026"
pub fn format_date(at: OffsetDateTime) -> String {
    format_numeric_date(to_local(at).date(), true)
}

/// The hand of the clock in Warsaw, to the minute.
pub fn format_time(at: OffsetDateTime) -> String {
    format_hour_minute(to_local(at))
}

/// The machine's form, for the `datetime` attribute.
pub fn iso(at: &OffsetDateTime) -> String {
    let seconds = at.to_offset(UtcOffset::UTC).truncate_to_second();
    seconds.format(&Rfc3339).unwrap_or_default()
}

/// The same with Warsaw's clock and its distance from UTC: "2026-11-20T14:05:00+01:00".
pub fn iso_local(at: OffsetDateTime) -> String {
    to_local(at).truncate_to_second().format(&Rfc3339).unwrap_or_default()
}

/// The hand of a clock at a time that is local already: "14:05", with seconds only where there are some.
pub fn format_clock(local: OffsetDateTime) -> String {
    let (hour, minute, second) = local.to_hms();
    match second {
        0 => format!("{hour}:{minute:02}"),
        _ => format!("{hour}:{minute:02}:{second:02}"),
    }
}

fn format_hour_minute(local: OffsetDateTime) -> String {
    format!("{}:{:02}", local.hour(), local.minute())
}

/// "20.11.2026", or without the year.
pub fn format_numeric_date(date: Date, with_year: bool) -> String {
    let (day, month) = (date.day(), u8::from(date.month()));
    if with_year { format!("{day}.{month:02}.{}", date.year()) } else { format!("{day}.{month:02}") }
}

fn to_civil(local: PrimitiveDateTime) -> Option<civil::DateTime> {
    let (hour, minute, second, nano) = local.as_hms_nano();
    civil::DateTime::new(
        i16::try_from(local.year()).ok()?,
        i8::try_from(u8::from(local.month())).ok()?,
        i8::try_from(local.day()).ok()?,
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second).ok()?,
        i32::try_from(nano).ok()?,
    )
    .ok()
}

fn to_instant(local: PrimitiveDateTime, offset: Offset) -> OffsetDateTime {
    local.assume_utc().saturating_sub(Duration::seconds(offset.seconds().into()))
}

fn to_utc_offset(offset: Offset) -> UtcOffset {
    UtcOffset::from_whole_seconds(offset.seconds()).unwrap_or(UtcOffset::UTC)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::{date, datetime};

    use crate::i18n::{Lang, strip_typography};
    use crate::local_time::*;

    #[test]
    fn moments_are_told_as_briefly_as_they_can_be() {
        let now = datetime!(2026-11-20 13:30 UTC);
        let told = |at| Lang::Pl.format(&format_short(at, now));
        assert_eq!(told(datetime!(2026-11-20 13:05:59 UTC)), "14:05");
        assert_eq!(told(datetime!(2026-11-19 23:00 UTC)), "0:00");
        assert_eq!(told(datetime!(2026-11-19 22:59 UTC)), "wczoraj 23:59");
        assert_eq!(told(datetime!(2026-01-02 08:00 UTC)), "2.01, 9:00");
        assert_eq!(told(datetime!(2025-12-31 23:30 UTC)), "1.01, 0:30");
        assert_eq!(told(datetime!(2025-11-20 13:05 UTC)), "20.11.2025, 14:05");
        let lasted = |at| strip_typography(&Lang::Pl.format(&format_elapsed(at, now)));
        assert_eq!(lasted(datetime!(2026-11-20 13:31 UTC)), "0 min");
        assert_eq!(lasted(datetime!(2026-11-20 12:31 UTC)), "59 min");
        assert_eq!(lasted(datetime!(2026-11-18 13:31 UTC)), "47 h");
        assert_eq!(lasted(datetime!(2026-11-15 13:30 UTC)), "5 dni");
    }

    #[test]
    fn a_window_never_cuts_a_second_off() {
        let (from, to) = (datetime!(2026-11-20 13:04:30 UTC), datetime!(2026-11-20 13:06:30 UTC));
        assert_eq!(Lang::Pl.format(&format_range(from, to, false)), "pt. 20.11.2026, 14:04–14:07");
        assert_eq!(Lang::En.format(&format_range(from, to, true)), "Fri 20.11.2026, 13:04–13:07");
        assert_eq!(iso(&datetime!(2026-11-20 13:04:30.5 UTC)), "2026-11-20T13:04:30Z");
        assert_eq!(Lang::En.format(&format_call_time(from)), "Friday, 20\u{a0}November 2026, 14:04:30");
    }

    #[test]
    fn days_and_zones_have_names() {
        let (summer, winter) = (datetime!(2026-07-01 12:00 UTC), datetime!(2026-11-20 22:59 UTC));
        assert_eq!([zone_abbreviation(summer), zone_abbreviation(winter)], ["CEST", "CET"]);
        let told = |at| strip_typography(&Lang::Pl.format(&format_day(at, winter)));
        assert_eq!(told(winter), "dziś");
        assert_eq!(told(datetime!(2026-11-19 22:59 UTC)), "wczoraj");
        assert_eq!(told(datetime!(2026-11-18 22:59 UTC)), "środa, 18 listopada 2026");
        assert_eq!(format_time(winter), "23:59");
    }

    #[test]
    fn who_waits_is_told_until_when() {
        let now = datetime!(2026-11-20 13:30 UTC);
        let told = |at, lang: Lang| lang.format(&format_deadline(at, now));
        assert_eq!(told(datetime!(2026-11-20 15:30 UTC), Lang::Pl), "dziś do 16:30");
        assert_eq!(told(datetime!(2026-11-20 23:30 UTC), Lang::Pl), "jutro do 0:30");
        assert_eq!(told(datetime!(2026-11-23 11:00 UTC), Lang::Pl), "w\u{a0}poniedziałek 23.11 do 12:00");
        assert_eq!(told(datetime!(2026-11-23 11:00 UTC), Lang::En), "by 12:00 on Monday, 23.11");
    }

    #[test]
    fn the_hour_that_does_not_exist() {
        assert_eq!(
            resolve_local(datetime!(2026-03-29 02:30)),
            LocalTimeResolution::Gap {
                earlier: datetime!(2026-03-29 00:30 UTC),
                later: datetime!(2026-03-29 01:30 UTC)
            }
        );
        assert_eq!(to_local(datetime!(2026-03-29 01:30 UTC)).time(), time::macros::time!(03:30));
    }

    #[test]
    fn the_hour_that_comes_twice() {
        assert_eq!(
            resolve_local(datetime!(2026-10-25 02:30)),
            LocalTimeResolution::Fold {
                first: datetime!(2026-10-25 00:30 UTC),
                second: datetime!(2026-10-25 01:30 UTC)
            }
        );
    }

    #[test]
    fn summer_winter_and_the_edges_of_time() {
        assert_eq!(to_local(datetime!(2026-07-01 12:00 UTC)), datetime!(2026-07-01 14:00 +2));
        assert_eq!(
            resolve_local(datetime!(2026-11-22 14:05)),
            LocalTimeResolution::Unambiguous(datetime!(2026-11-22 13:05 UTC))
        );
        for local in [PrimitiveDateTime::MIN, PrimitiveDateTime::MAX] {
            resolve_local(local);
            to_local(local.assume_utc());
        }
    }

    #[test]
    fn a_long_date_starts_its_week_on_monday() {
        let friday = format_long_date(date!(2026 - 11 - 20));
        assert_eq!(
            friday,
            UiMessage::new("call-time-long-date")
                .with("weekday", 5_i64)
                .with("day", 20_i64)
                .with("month", 11_i64)
                .with("year", 2026_i64)
        );
    }

    #[test]
    fn what_is_near_is_told_as_people_tell_it() {
        let now = datetime!(2026-11-20 14:31 +1);
        let said = |at| strip_typography(&Lang::Pl.format(&format_relative_day(at, now)));
        assert_eq!(said(datetime!(2026-11-20 14:12 +1)), "dziś, 14:12");
        assert_eq!(said(datetime!(2026-11-19 23:59 +1)), "wczoraj, 23:59");
        assert_eq!(said(datetime!(2026-11-18 9:05 +1)), "środa, 18 listopada 2026, 9:05");
    }

    proptest! {
        // 1970-01-01 to 2099-12-31
        #[test]
        fn what_is_shown_reads_back(seconds in 0_i64..4_102_444_800) {
            let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let local = to_local(at);
            prop_assert_eq!(local, at);
            match resolve_local(PrimitiveDateTime::new(local.date(), local.time())) {
                LocalTimeResolution::Unambiguous(only) => prop_assert_eq!(only, at),
                LocalTimeResolution::Fold { first, second } => prop_assert!(first == at || second == at),
                LocalTimeResolution::Gap { .. } => prop_assert!(false, "a time that was shown exists"),
            }
        }
    }
}
