//! A place in a list that is paged by key, as it stands in an address: `1795000000123456.42`.

use std::{
    fmt::{self, Display},
    str::FromStr,
};

use time::{OffsetDateTime, macros::datetime};

/// The times that can stand in an address: PostgreSQL keeps all of these.
const MIN_TIME: OffsetDateTime = datetime!(0001-01-01 0:00 UTC);
const MAX_TIME: OffsetDateTime = datetime!(9999-12-31 0:00 UTC);

/// A row's place: the time that the order goes by, which PostgreSQL keeps in microseconds, and what the row is known by.
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
    /// There is nothing to say about it: the list begins at its beginning.
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
        fn every_place_reads_back(micros in micros(MIN_TIME)..=micros(MAX_TIME), id: u128, number: i64) {
            let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap();
            let place = Cursor { at, id: Uuid::from_u128(id) };
            prop_assert_eq!(place.to_string().parse(), Ok(place));
            let place = Cursor { at, id: number };
            prop_assert_eq!(place.to_string().parse(), Ok(place));
        }

        #[test]
        fn no_place_is_out_of_reach(micros: i64) {
            let read = format!("{micros}.1").parse::<Cursor<i64>>();
            prop_assert!(read.is_err() || read.is_ok_and(|place| (MIN_TIME..=MAX_TIME).contains(&place.at)));
        }
    }

    #[test]
    fn nonsense_is_no_place() {
        let far = format!("{}.1", micros(MAX_TIME) + 1);
        let early = format!("{}.1", micros(MIN_TIME) - 1);
        for text in ["", "x", "1", ".", "1.", ".1", "1.x", "1-1", "99999999999999999999.1", &far, &early] {
            assert_eq!(text.parse::<Cursor<i64>>(), Err(()), "{text}");
        }
    }
}
