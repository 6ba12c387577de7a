//! Until when a ticket waits: a quick choice, or a day and perhaps an hour. It comes back when the day's work begins.

use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Weekday};

use crate::{
    operator::Operator,
    report::when,
    web::Form,
    words::Say,
    zone::{self, Resolved},
};

/// Farther than anybody waits: a slip in the year.
const FARTHEST: Duration = Duration::days(366);

/// The quick choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quick {
    Tomorrow,
    /// The next one: on a Friday, a week from now.
    Friday,
    Week,
}

impl Quick {
    pub const ALL: [Quick; 3] = [Quick::Tomorrow, Quick::Friday, Quick::Week];

    pub const fn as_str(self) -> &'static str {
        match self {
            Quick::Tomorrow => "tomorrow",
            Quick::Friday => "friday",
            Quick::Week => "week",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Quick::Tomorrow => "until-tomorrow",
            Quick::Friday => "until-friday",
            Quick::Week => "until-week",
        }
    }

    pub fn day(self, now: OffsetDateTime) -> Date {
        let today = zone::to_local(now).date();
        let days = match self {
            Quick::Tomorrow => 1,
            Quick::Friday => {
                match (Weekday::Friday.number_from_monday() + 7 - today.weekday().number_from_monday()) % 7 {
                    0 => 7,
                    days => days,
                }
            }
            Quick::Week => 7,
        };
        today.saturating_add(Duration::days(days.into()))
    }
}

/// What a form's fields `until`, `date` and `time` say. A day that was given counts without its button, too.
///
/// # Errors
/// A complaint about the day or the hour.
pub(super) fn read(form: &Form, now: OffsetDateTime, operator: &Operator) -> Result<Option<OffsetDateTime>, Say> {
    let (choice, date) = (form.raw("until"), form.line("date"));
    let quick = Quick::ALL.into_iter().find(|quick| quick.as_str() == choice);
    let (day, time) = match quick {
        Some(quick) => (quick.day(now), None),
        None if date.is_empty() && choice == "date" => return Err(Say::new("until-missing")),
        None if date.is_empty() => return Ok(None),
        None => when::read_coming(&date, &form.line("time"), zone::to_local(now).date())?,
    };
    let until = moment(day, time.unwrap_or(operator.opens(day.weekday())));
    if until <= now {
        return Err(Say::new("until-passed"));
    }
    if until > now + FARTHEST {
        return Err(Say::new("until-far"));
    }
    Ok(Some(until))
}

/// The instant at which the clock on the wall shows that; where it jumps, the hour after.
fn moment(day: Date, time: time::Time) -> OffsetDateTime {
    match zone::resolve(PrimitiveDateTime::new(day, time)) {
        Resolved::One(at) | Resolved::Gap { later: at, .. } | Resolved::Fold { first: at, .. } => at,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn told(query: &str, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, &'static str> {
        let operator = Operator::load(None).unwrap();
        read(&Form::parse(query.as_bytes()), now, &operator).map_err(|say| say.id)
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
            ("date=2026-11-20", Err("until-passed")),
            ("date=2026-11-19", Err("until-passed")),
            ("date=2036-11-24", Err("until-far")),
            ("until=date", Err("until-missing")),
            ("date=31.02.2027", Err("when-no-such-date")),
            ("date=soon", Err("when-date-unread")),
            ("date=24.11.2026&time=25:00", Err("when-no-such-time")),
        ];
        for (query, until) in table {
            assert_eq!(told(query, now), until, "{query}");
        }
    }

    #[test]
    fn eight_o_clock_is_eight_o_clock_whatever_the_clocks_do_meanwhile() {
        let autumn = datetime!(2026-10-23 10:00 UTC);
        assert_eq!(told("until=week", autumn), Ok(Some(datetime!(2026-10-30 7:00 UTC))));
        assert_eq!(told("until=tomorrow", autumn), Ok(Some(datetime!(2026-10-24 6:00 UTC))));
        let spring = datetime!(2026-03-27 10:00 UTC);
        assert_eq!(told("date=2026-03-29&time=2:30", spring), Ok(Some(datetime!(2026-03-29 1:30 UTC))));
        assert_eq!(told("until=week", spring), Ok(Some(datetime!(2026-04-03 6:00 UTC))));
        assert_eq!(told("date=2026-10-25&time=2:30", autumn), Ok(Some(datetime!(2026-10-25 0:30 UTC))));
        // half past midnight in Warsaw is the evening before in UTC
        assert_eq!(Quick::Friday.day(datetime!(2026-11-19 23:30 UTC)), time::macros::date!(2026 - 11 - 27));
    }
}
