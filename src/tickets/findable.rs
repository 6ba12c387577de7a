//! Whether a call can be found in the network's records, and what is missing: A, B, the time to within ten minutes, and
//! what the network or the telephone said. Where the sound was bad nothing was said: there the symptom stands for it.

use super::{Category, Failure, Piece, Precision, Ticket};
use crate::phone::Kind;

/// How far the call may lie from the time given, in minutes, before looking for it means guessing.
const NEAR: u8 = 10;

/// What is known of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub caller: Option<Kind>,
    pub callee: Option<Kind>,
    pub precision: Option<Precision>,
    /// A message, a code or a symptom.
    pub said: bool,
}

impl Known {
    /// What is missing to find the call, in the order in which it would be asked for.
    pub fn missing(&self) -> Vec<Piece> {
        let is_known = |kind: Option<Kind>| match kind {
            Some(Kind::Number | Kind::Short | Kind::Account) => true,
            Some(Kind::Withheld) | None => false,
        };
        let is_near = self.precision.is_some_and(|precision| precision.minutes() <= NEAR);
        let pieces = [
            (Piece::Time, is_near),
            (Piece::Caller, is_known(self.caller)),
            (Piece::Callee, is_known(self.callee)),
            (Piece::Message, self.said),
        ];
        pieces.into_iter().filter(|(_, known)| !known).map(|(piece, _)| piece).collect()
    }
}

impl Ticket {
    /// What is missing to find its call. An account that is logged out is looked up by its name, which is always there.
    pub fn missing(&self) -> Vec<Piece> {
        match &self.failure {
            Failure::Call { caller, callee, precision, symptom, .. } => Known {
                caller: Some(caller.party.kind()),
                callee: Some(callee.party.kind()),
                precision: Some(*precision),
                said: self.error_text.is_some() || symptom.is_some(),
            }
            .missing(),
            Failure::Told(_) if self.category == Category::LoggedOut => Vec::new(),
            Failure::Told(told) => Known {
                caller: told.caller.as_ref().map(|side| side.party.kind()),
                callee: told.callee.as_ref().map(|side| side.party.kind()),
                precision: told.precision,
                said: self.error_text.is_some() || told.symptom.is_some(),
            }
            .missing(),
            Failure::LoggedOut { .. } => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_findable_when_nothing_is_missing() {
        let whole = Known {
            caller: Some(Kind::Account),
            callee: Some(Kind::Number),
            precision: Some(Precision::Exact),
            said: true,
        };
        let table = [
            (whole, vec![]),
            (Known { precision: Some(Precision::FiveMinutes), callee: Some(Kind::Short), ..whole }, vec![]),
            (Known { precision: Some(Precision::HalfHour), ..whole }, vec![Piece::Time]),
            (Known { precision: None, ..whole }, vec![Piece::Time]),
            (Known { caller: Some(Kind::Withheld), ..whole }, vec![Piece::Caller]),
            (Known { said: false, ..whole }, vec![Piece::Message]),
            (
                Known { caller: None, callee: None, precision: None, said: false },
                vec![Piece::Time, Piece::Caller, Piece::Callee, Piece::Message],
            ),
        ];
        for (known, missing) in table {
            assert_eq!(known.missing(), missing, "{known:?}");
        }
    }
}
