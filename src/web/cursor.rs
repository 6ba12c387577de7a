//! A position in a list that is paged by key, as a URL parameter: `1795000000123456.42`.

use std::{
    fmt::{self, Display},
    str::FromStr,
};

use time::{OffsetDateTime, macros::datetime};

/// The range of times in a cursor. PostgreSQL can store all of them.
const MIN_TIME: OffsetDateTime = datetime!(0001-01-01 0:00 UTC);
const MAX_TIME: OffsetDateTime = datetime!(9999-12-31 0:00 UTC);

/// The position of a row: the time by which the list is ordered, in microseconds like in PostgreSQL, and the id of the
/// row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor<Id> {
    pub at: OffsetDateTime,
    pub id: Id,
}

impl<Id: Display> Display for Cursor<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.unix_timestamp_nanos() / 1_000, self.id)
    }
}

impl<Id: FromStr> FromStr for Cursor<Id> {
    /// The error has no content: with an invalid cursor the list begins at the first page.
    type Err = ();

    fn from_str(text: &str) -> Result<Cursor<Id>, ()> {
        let (micros, id) = text.split_once('.').ok_or(())?;
        let micros = micros.parse::<i64>().map_err(|_| ())?;
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).map_err(|_| ())?;
        if !(MIN_TIME..=MAX_TIME).contains(&at) {
            return Err(());
        }
        Ok(Cursor { at, id: id.parse().map_err(|_| ())? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn micros(at: OffsetDateTime) -> i64 {
        i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap()
    }

    proptest! {
        #[test]
        fn every_cursor_is_parsed_back(micros in micros(MIN_TIME)..=micros(MAX_TIME), id: u128, number: i64) {
            let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap();
            let cursor = Cursor { at, id: Uuid::from_u128(id) };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
            let cursor = Cursor { at, id: number };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn parsed_times_are_in_range(micros: i64) {
            let parsed = format!("{micros}.1").parse::<Cursor<i64>>();
            prop_assert!(parsed.is_err() || parsed.is_ok_and(|cursor| (MIN_TIME..=MAX_TIME).contains(&cursor.at)));
        }
    }

    #[test]
    fn malformed_cursors_are_rejected() {
        let too_late = format!("{}.1", micros(MAX_TIME) + 1);
        let too_early = format!("{}.1", micros(MIN_TIME) - 1);
        for text in ["", "x", "1", ".", "1.", ".1", "1.x", "1-1", "99999999999999999999.1", &too_late, &too_early] {
            assert_eq!(text.parse::<Cursor<i64>>(), Err(()), "{text}");
        }
    }
}
