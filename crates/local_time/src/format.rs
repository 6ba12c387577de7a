//! Dates and times as messages for users, and as text for machines.

use i18n::UiMessage;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::zone::{LocalTimeResolution, resolve_local, to_local};

/// "piątek, 20 listopada 2026". Weekdays count from Monday = 1 (ISO 8601).
pub fn format_long_date(date: Date) -> UiMessage {
    UiMessage::new("call-time-long-date")
        .with("weekday", i64::from(date.weekday().number_from_monday()))
        .with("day", i64::from(date.day()))
        .with("month", i64::from(u8::from(date.month())))
        .with("year", i64::from(date.year()))
}

/// "piątek, 20 listopada 2026, 14:05"
pub fn format_long(at: OffsetDateTime) -> UiMessage {
    let local = to_local(at);
    UiMessage::new("time-long").with("date", format_long_date(local.date())).with("time", format_hour_minute(local))
}

/// "dziś, 14:05", "wczoraj, 14:05"; earlier days as in [`format_long`].
pub fn format_relative_day(at: OffsetDateTime, now: OffsetDateTime) -> UiMessage {
    UiMessage::new("time-long").with("date", format_day(at, now)).with("time", format_time(at))
}

/// [`format_long`] for a call: with seconds if they are not zero, and with the offset's name in the hour that occurs twice.
pub fn format_call_time(at: OffsetDateTime) -> UiMessage {
    let local = to_local(at);
    let message =
        UiMessage::new("time-long").with("date", format_long_date(local.date())).with("time", format_clock(local));
    match resolve_local(PrimitiveDateTime::new(local.date(), local.time())) {
        LocalTimeResolution::Unambiguous(_) | LocalTimeResolution::Gap { .. } => message,
        LocalTimeResolution::Fold { first, .. } if at == first => {
            UiMessage::new("time-before-change").with("moment", message)
        }
        LocalTimeResolution::Fold { .. } => UiMessage::new("time-after-change").with("moment", message),
    }
}

/// "20.11.2026, 14:05"
pub fn format_date_time(at: OffsetDateTime) -> UiMessage {
    let local = to_local(at);
    UiMessage::new("time-with-date")
        .with("date", format_numeric_date(local.date(), true))
        .with("time", format_hour_minute(local))
}

/// The shortest form: "14:05" today, "wczoraj 14:05", "20.11, 14:05", and with the year if it is not the current one.
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

/// The time since `at` in its largest unit: "5 min", "3 h", "2 dni".
pub fn format_elapsed(at: OffsetDateTime, now: OffsetDateTime) -> UiMessage {
    let minutes = (now - at).whole_minutes().max(0);
    match minutes {
        ..60 => UiMessage::new("time-minutes").with("count", minutes),
        60..2880 => UiMessage::new("time-hours").with("count", minutes / 60),
        _ => UiMessage::new("time-days").with("count", minutes / 1440),
    }
}

/// A period in local time or in UTC, rounded outwards to whole minutes: "pt. 20.11.2026, 14:04–14:06".
pub fn format_range(from: OffsetDateTime, to: OffsetDateTime, utc: bool) -> UiMessage {
    let in_zone = |at: OffsetDateTime| if utc { at.to_offset(UtcOffset::UTC) } else { to_local(at) };
    let (from, to) = (in_zone(from), in_zone(to + Duration::nanoseconds(59_999_999_999)));
    UiMessage::new("time-range")
        .with("weekday", i64::from(from.weekday().number_from_monday()))
        .with("date", format_numeric_date(from.date(), true))
        .with("from", format_hour_minute(from))
        .with("to", format_hour_minute(to))
}

/// A heading for a day: "dziś", "wczoraj", "piątek, 20 listopada 2026".
pub fn format_day(at: OffsetDateTime, now: OffsetDateTime) -> UiMessage {
    let (date, today) = (to_local(at).date(), to_local(now).date());
    match () {
        () if date == today => UiMessage::new("time-day-today"),
        () if Some(date) == today.previous_day() => UiMessage::new("time-day-yesterday"),
        () => format_long_date(date),
    }
}

/// A deadline: "dziś do 16:30", "jutro do 10:00", "w poniedziałek 23.11 do 12:00".
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

/// "14:05"
pub fn format_time(at: OffsetDateTime) -> String {
    format_hour_minute(to_local(at))
}

/// RFC 3339 in UTC, to the second: "2026-11-20T13:05:00Z".
pub fn iso(at: &OffsetDateTime) -> String {
    let seconds = at.to_offset(UtcOffset::UTC).truncate_to_second();
    seconds.format(&Rfc3339).unwrap_or_default()
}

/// RFC 3339 in local time, to the second: "2026-11-20T14:05:00+01:00".
pub fn iso_local(at: OffsetDateTime) -> String {
    to_local(at).truncate_to_second().format(&Rfc3339).unwrap_or_default()
}

/// The time of day of a time that is local already: "14:05", or "14:05:30" if the seconds are not zero.
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

#[cfg(test)]
mod tests {
    use i18n::{Lang, strip_typography};
    use time::macros::{date, datetime};

    use crate::format::*;

    #[test]
    fn short_times_and_elapsed_times_have_no_needless_parts() {
        let now = datetime!(2026-11-20 13:30 UTC);
        let format = |at| Lang::Pl.format(&format_short(at, now));
        assert_eq!(format(datetime!(2026-11-20 13:05:59 UTC)), "14:05");
        assert_eq!(format(datetime!(2026-11-19 23:00 UTC)), "0:00");
        assert_eq!(format(datetime!(2026-11-19 22:59 UTC)), "wczoraj 23:59");
        assert_eq!(format(datetime!(2026-01-02 08:00 UTC)), "2.01, 9:00");
        assert_eq!(format(datetime!(2025-12-31 23:30 UTC)), "1.01, 0:30");
        assert_eq!(format(datetime!(2025-11-20 13:05 UTC)), "20.11.2025, 14:05");
        let elapsed = |at| strip_typography(&Lang::Pl.format(&format_elapsed(at, now)));
        assert_eq!(elapsed(datetime!(2026-11-20 13:31 UTC)), "0 min");
        assert_eq!(elapsed(datetime!(2026-11-20 12:31 UTC)), "59 min");
        assert_eq!(elapsed(datetime!(2026-11-18 13:31 UTC)), "47 h");
        assert_eq!(elapsed(datetime!(2026-11-15 13:30 UTC)), "5 dni");
    }

    #[test]
    fn a_range_is_rounded_outwards_to_minutes() {
        let (from, to) = (datetime!(2026-11-20 13:04:30 UTC), datetime!(2026-11-20 13:06:30 UTC));
        assert_eq!(Lang::Pl.format(&format_range(from, to, false)), "pt. 20.11.2026, 14:04–14:07");
        assert_eq!(Lang::En.format(&format_range(from, to, true)), "Fri 20.11.2026, 13:04–13:07");
        assert_eq!(iso(&datetime!(2026-11-20 13:04:30.5 UTC)), "2026-11-20T13:04:30Z");
        assert_eq!(Lang::En.format(&format_call_time(from)), "Friday, 20\u{a0}November 2026, 14:04:30");
    }

    #[test]
    fn recent_days_have_names() {
        let now = datetime!(2026-11-20 22:59 UTC);
        let format = |at| strip_typography(&Lang::Pl.format(&format_day(at, now)));
        assert_eq!(format(now), "dziś");
        assert_eq!(format(datetime!(2026-11-19 22:59 UTC)), "wczoraj");
        assert_eq!(format(datetime!(2026-11-18 22:59 UTC)), "środa, 18 listopada 2026");
        assert_eq!(format_time(now), "23:59");
    }

    #[test]
    fn a_deadline_names_the_day() {
        let now = datetime!(2026-11-20 13:30 UTC);
        let format = |at, lang: Lang| lang.format(&format_deadline(at, now));
        assert_eq!(format(datetime!(2026-11-20 15:30 UTC), Lang::Pl), "dziś do 16:30");
        assert_eq!(format(datetime!(2026-11-20 23:30 UTC), Lang::Pl), "jutro do 0:30");
        assert_eq!(format(datetime!(2026-11-23 11:00 UTC), Lang::Pl), "w\u{a0}poniedziałek 23.11 do 12:00");
        assert_eq!(format(datetime!(2026-11-23 11:00 UTC), Lang::En), "by 12:00 on Monday, 23.11");
    }

    #[test]
    fn weekdays_count_from_monday() {
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
    fn today_and_yesterday_replace_the_date() {
        let now = datetime!(2026-11-20 14:31 +1);
        let format = |at| strip_typography(&Lang::Pl.format(&format_relative_day(at, now)));
        assert_eq!(format(datetime!(2026-11-20 14:12 +1)), "dziś, 14:12");
        assert_eq!(format(datetime!(2026-11-19 23:59 +1)), "wczoraj, 23:59");
        assert_eq!(format(datetime!(2026-11-18 9:05 +1)), "środa, 18 listopada 2026, 9:05");
    }
}
