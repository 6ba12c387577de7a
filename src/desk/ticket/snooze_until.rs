//! Until when a ticket waits: a quick choice, or a day and perhaps an hour. It comes back when the day's work begins.

use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Weekday};

use crate::{
    i18n::UiMessage,
    local_time::{self, LocalTimeResolution},
    operator::Operator,
    report::call_time,
    web::Form,
};

/// Farther than anybody waits: a slip in the year.
const MAX_SNOOZE: Duration = Duration::days(366);

/// The quick choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SnoozePreset {
    Tomorrow,
    /// The next one: on a Friday, a week from now.
    NextFriday,
    InOneWeek,
}

impl SnoozePreset {
    pub const ALL: [SnoozePreset; 3] = [SnoozePreset::Tomorrow, SnoozePreset::NextFriday, SnoozePreset::InOneWeek];

    pub const fn as_str(self) -> &'static str {
        match self {
            SnoozePreset::Tomorrow => "tomorrow",
            SnoozePreset::NextFriday => "friday",
            SnoozePreset::InOneWeek => "week",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            SnoozePreset::Tomorrow => "follow-up-tomorrow",
            SnoozePreset::NextFriday => "follow-up-friday",
            SnoozePreset::InOneWeek => "follow-up-week",
        }
    }

    pub fn date(self, now: OffsetDateTime) -> Date {
        let today = local_time::to_local(now).date();
        let days = match self {
            SnoozePreset::Tomorrow => 1,
            SnoozePreset::NextFriday => {
                match (Weekday::Friday.number_from_monday() + 7 - today.weekday().number_from_monday()) % 7 {
                    0 => 7,
                    days => days,
                }
            }
            SnoozePreset::InOneWeek => 7,
        };
        today.saturating_add(Duration::days(days.into()))
    }
}

/// What a form's fields `until`, `date` and `time` say. A day that was given counts without its button, too.
///
/// # Errors
/// A complaint about the day or the hour.
pub(crate) fn parse(
    form: &Form,
    now: OffsetDateTime,
    operator: &Operator,
) -> Result<Option<OffsetDateTime>, UiMessage> {
    let (choice, date) = (form.raw("until"), form.single_line("date"));
    let quick = SnoozePreset::ALL.into_iter().find(|quick| quick.as_str() == choice);
    let (day, time) = match quick {
        Some(quick) => (quick.date(now), None),
        None if date.is_empty() && choice == "date" => return Err(UiMessage::new("follow-up-missing")),
        None if date.is_empty() => return Ok(None),
        None => call_time::parse_future(&date, &form.single_line("time"), local_time::to_local(now).date())?,
    };
    let until = to_instant(day, time.unwrap_or(operator.opening_time(day.weekday())));
    if until <= now {
        return Err(UiMessage::new("follow-up-in-past"));
    }
    if until > now + MAX_SNOOZE {
        return Err(UiMessage::new("follow-up-too-far"));
    }
    Ok(Some(until))
}

/// The instant at which the clock on the wall shows that; where it jumps, the hour after.
fn to_instant(day: Date, time: time::Time) -> OffsetDateTime {
    match local_time::resolve_local(PrimitiveDateTime::new(day, time)) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { later: at, .. }
        | LocalTimeResolution::Fold { first: at, .. } => at,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use crate::desk::ticket::snooze_until::*;

    fn parse_query(query: &str, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, &'static str> {
        let operator = Operator::load(None).unwrap();
        parse(&Form::parse(query.as_bytes()), now, &operator).map_err(|say| say.id)
    }

    #[test]
    fn a_day_is_chosen_or_typed_and_begins_when_work_does() {
        // a Friday, 14:30 in Warsaw
        let now = datetime!(2026-11-20 13:30 UTC);
        let table = [
            ("", Ok(None)),
            ("until=none", Ok(None)),
            ("until=tomorrow", Ok(Some(datetime!(2026-11-21 7:00 UTC)))),
            ("until=friday", Ok(Some(datetime!(2026-11-27 7:00 UTC)))),
            ("until=week", Ok(Some(datetime!(2026-11-27 7:00 UTC)))),
            ("until=date&date=2026-11-24", Ok(Some(datetime!(2026-11-24 7:00 UTC)))),
            ("date=24.11.2026&time=14:15", Ok(Some(datetime!(2026-11-24 13:15 UTC)))),
            ("until=none&date=24.11", Ok(Some(datetime!(2026-11-24 7:00 UTC)))),
            ("date=5.01", Ok(Some(datetime!(2027-01-05 7:00 UTC)))),
            ("date=2026-11-20&time=15:00", Ok(Some(datetime!(2026-11-20 14:00 UTC)))),
            ("date=2026-11-20", Err("follow-up-in-past")),
            ("date=2026-11-19", Err("follow-up-in-past")),
            ("date=2036-11-24", Err("follow-up-too-far")),
            ("until=date", Err("follow-up-missing")),
            ("date=31.02.2027", Err("call-time-no-such-date")),
            ("date=soon", Err("call-time-date-unreadable")),
            ("date=24.11.2026&time=25:00", Err("call-time-no-such-time")),
        ];
        for (query, until) in table {
            assert_eq!(parse_query(query, now), until, "{query}");
        }
    }

    #[test]
    fn eight_o_clock_is_eight_o_clock_whatever_the_clocks_do_meanwhile() {
        let autumn = datetime!(2026-10-23 10:00 UTC);
        assert_eq!(parse_query("until=week", autumn), Ok(Some(datetime!(2026-10-30 7:00 UTC))));
        assert_eq!(parse_query("until=tomorrow", autumn), Ok(Some(datetime!(2026-10-24 6:00 UTC))));
        let spring = datetime!(2026-03-27 10:00 UTC);
        assert_eq!(parse_query("date=2026-03-29&time=2:30", spring), Ok(Some(datetime!(2026-03-29 1:30 UTC))));
        assert_eq!(parse_query("until=week", spring), Ok(Some(datetime!(2026-04-03 6:00 UTC))));
        assert_eq!(parse_query("date=2026-10-25&time=2:30", autumn), Ok(Some(datetime!(2026-10-25 0:30 UTC))));
        // half past midnight in Warsaw is the evening before in UTC
        assert_eq!(SnoozePreset::NextFriday.date(datetime!(2026-11-19 23:30 UTC)), time::macros::date!(2026 - 11 - 27));
    }
}
