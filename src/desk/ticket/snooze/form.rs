//! The fields of the snooze form: what the ticket waits for, until when, and why. Without a time, the ticket returns at the
//! start of business hours.

use strum::{EnumString, IntoStaticStr, VariantArray};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Weekday};

use crate::desk::ticket::action_request::parse_reason;
use crate::{
    app::App,
    call_time,
    i18n::{Label, UiMessage},
    local_time::{self, LocalTimeResolution},
    operator::Operator,
    tickets::TicketCommand,
    web::Form,
};

/// A date further ahead is taken for a typing error in the year.
const MAX_SNOOZE: Duration = Duration::days(366);

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub(crate) enum SnoozePreset {
    Tomorrow,
    /// The next Friday; on a Friday, the one after a week.
    #[strum(serialize = "friday")]
    NextFriday,
    #[strum(serialize = "week")]
    InOneWeek,
}

/// The field with an error, and its message.
pub(crate) enum SnoozeError {
    Until(UiMessage),
    Reason(UiMessage),
}

impl SnoozePreset {
    pub(crate) fn date(self, now: OffsetDateTime) -> Date {
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

impl Label for SnoozePreset {
    const MESSAGE_PREFIX: &str = "follow-up";
}

pub(crate) fn parse_snooze(form: &Form, now: OffsetDateTime, app: &App) -> Result<TicketCommand, SnoozeError> {
    let until = parse_until(form, now, &app.operator).map_err(SnoozeError::Until)?;
    let reason = parse_reason(&form.single_line("reason")).map_err(SnoozeError::Reason)?;
    Ok(TicketCommand::Snooze { waiting_for: form.raw("waiting_for").parse().ok(), until, reason })
}

/// Parses the fields `until`, `date` and `time`. A typed date counts even if its radio button is not selected.
fn parse_until(form: &Form, now: OffsetDateTime, operator: &Operator) -> Result<Option<OffsetDateTime>, UiMessage> {
    let (choice, date) = (form.raw("until"), form.single_line("date"));
    let preset: Option<SnoozePreset> = choice.parse().ok();
    let (date, time) = match preset {
        Some(preset) => (preset.date(now), None),
        None if date.is_empty() && choice == "date" => return Err(UiMessage::new("follow-up-missing")),
        None if date.is_empty() => return Ok(None),
        None => call_time::parse_future(&date, &form.single_line("time"), local_time::to_local(now).date())?,
    };
    let until = to_instant(date, time.unwrap_or(operator.opening_time(date.weekday())));
    if until <= now {
        return Err(UiMessage::new("follow-up-in-past"));
    }
    if until > now + MAX_SNOOZE {
        return Err(UiMessage::new("follow-up-too-far"));
    }
    Ok(Some(until))
}

/// The instant of a local time. A time in the gap of a clock change becomes the time an hour later; of a time that occurs
/// twice, the first counts.
fn to_instant(date: Date, time: time::Time) -> OffsetDateTime {
    match local_time::resolve_local(PrimitiveDateTime::new(date, time)) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { later: at, .. }
        | LocalTimeResolution::Fold { first: at, .. } => at,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use crate::desk::ticket::snooze::form::*;

    fn parse_query(query: &str, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, String> {
        let operator = Operator::load(None).unwrap();
        parse_until(&Form::parse(query.as_bytes()), now, &operator).map_err(|error| error.id.into_owned())
    }

    #[test]
    fn a_snooze_ends_on_a_preset_or_typed_day_at_opening_time() {
        // Friday, 14:30 in Warsaw
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
            assert_eq!(parse_query(query, now), until.map_err(str::to_owned), "{query}");
        }
    }

    #[test]
    fn a_snooze_across_a_clock_change_ends_at_the_same_local_time() {
        let autumn = datetime!(2026-10-23 10:00 UTC);
        assert_eq!(parse_query("until=week", autumn), Ok(Some(datetime!(2026-10-30 7:00 UTC))));
        assert_eq!(parse_query("until=tomorrow", autumn), Ok(Some(datetime!(2026-10-24 6:00 UTC))));
        let spring = datetime!(2026-03-27 10:00 UTC);
        assert_eq!(parse_query("date=2026-03-29&time=2:30", spring), Ok(Some(datetime!(2026-03-29 1:30 UTC))));
        assert_eq!(parse_query("until=week", spring), Ok(Some(datetime!(2026-04-03 6:00 UTC))));
        assert_eq!(parse_query("date=2026-10-25&time=2:30", autumn), Ok(Some(datetime!(2026-10-25 0:30 UTC))));
        // 0:30 in Warsaw is still the previous day in UTC
        assert_eq!(SnoozePreset::NextFriday.date(datetime!(2026-11-19 23:30 UTC)), time::macros::date!(2026 - 11 - 27));
    }
}
