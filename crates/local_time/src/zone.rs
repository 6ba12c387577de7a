//! Conversion between UTC and Polish local time.

use std::sync::LazyLock;

use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, civil};
use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// The IANA name of the time zone.
pub const ZONE_NAME: &str = "Europe/Warsaw";

static WARSAW: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get(ZONE_NAME).expect("jiff's feature tzdb-bundle-always carries every zone"));

/// The instants, in UTC, that a local time stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalTimeResolution {
    Unambiguous(OffsetDateTime),
    /// The clocks skipped it (March). `later` is the instant at which they showed one hour more, `earlier` is an hour before
    /// that.
    Gap {
        earlier: OffsetDateTime,
        later: OffsetDateTime,
    },
    /// It occurred twice (October): first in summer time, then in winter time.
    Fold {
        first: OffsetDateTime,
        second: OffsetDateTime,
    },
}

/// Returns the same instant with the offset of Polish local time.
pub fn to_local(at: OffsetDateTime) -> OffsetDateTime {
    let Ok(instant) = Timestamp::from_nanosecond(at.unix_timestamp_nanos()) else {
        return at;
    };
    at.checked_to_offset(to_utc_offset(WARSAW.to_offset(instant))).unwrap_or(at)
}

/// Returns the instant, or the two instants, of a local time. A time outside the years that jiff covers (after 9999) is
/// interpreted as UTC.
pub fn resolve_local(local: PrimitiveDateTime) -> LocalTimeResolution {
    let Some(civil) = to_civil(local) else {
        return LocalTimeResolution::Unambiguous(local.assume_utc());
    };
    match WARSAW.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => LocalTimeResolution::Unambiguous(to_instant(local, offset)),
        AmbiguousOffset::Gap { before, after } => {
            LocalTimeResolution::Gap { earlier: to_instant(local, after), later: to_instant(local, before) }
        }
        AmbiguousOffset::Fold { before, after } => {
            LocalTimeResolution::Fold { first: to_instant(local, before), second: to_instant(local, after) }
        }
    }
}

/// Returns "CET" or "CEST".
pub fn zone_abbreviation(at: OffsetDateTime) -> String {
    let instant = Timestamp::from_nanosecond(at.unix_timestamp_nanos()).unwrap_or_default();
    WARSAW.to_offset_info(instant).abbreviation().to_owned()
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
    use time::macros::datetime;

    use crate::zone::*;

    #[test]
    fn a_skipped_hour_is_a_gap() {
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
    fn an_hour_that_occurs_twice_is_a_fold() {
        assert_eq!(
            resolve_local(datetime!(2026-10-25 02:30)),
            LocalTimeResolution::Fold {
                first: datetime!(2026-10-25 00:30 UTC),
                second: datetime!(2026-10-25 01:30 UTC)
            }
        );
    }

    #[test]
    fn times_convert_in_summer_and_winter_and_at_the_limits_of_the_type() {
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
    fn the_zone_has_a_name_for_summer_and_one_for_winter() {
        assert_eq!(zone_abbreviation(datetime!(2026-07-01 12:00 UTC)), "CEST");
        assert_eq!(zone_abbreviation(datetime!(2026-11-20 22:59 UTC)), "CET");
    }

    proptest! {
        // 1970-01-01 to 2099-12-31
        #[test]
        fn every_local_time_resolves_to_its_instant(seconds in 0_i64..4_102_444_800) {
            let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let local = to_local(at);
            prop_assert_eq!(local, at);
            match resolve_local(PrimitiveDateTime::new(local.date(), local.time())) {
                LocalTimeResolution::Unambiguous(only) => prop_assert_eq!(only, at),
                LocalTimeResolution::Fold { first, second } => prop_assert!(first == at || second == at),
                LocalTimeResolution::Gap { .. } => prop_assert!(false, "a local time of an instant exists"),
            }
        }
    }
}
