//! Settling what an e-mail told: staff confirm what was guessed, put right what was guessed wrong, and fill in the rest.

mod store;

pub(super) use store::mark;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    Category, Failure, Guess, Ticket, Told,
    verbs::{By, Outcome, Seen},
};
use crate::{
    phone::Party,
    words::{Arg, Lang, Say},
    zone,
};

/// What staff say the e-mail is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    pub category: Category,
    pub told: Told,
    pub error_text: Option<String>,
}

/// What was put right, and what stood there before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    pub what: Guess,
    pub was: Option<String>,
}

impl Settled {
    /// What is known of a ticket now.
    pub fn of(ticket: &Ticket) -> Settled {
        let told = match &ticket.failure {
            Failure::Call { caller, callee, at, precision, in_billing, symptom } => Told {
                caller: Some(caller.clone()),
                callee: Some(callee.clone()),
                at: Some(*at),
                precision: Some(*precision),
                in_billing: Some(*in_billing),
                symptom: *symptom,
                ..Told::default()
            },
            Failure::LoggedOut { account, public_ip, .. } => {
                Told { account: Some(account.clone()), public_ip: *public_ip, ..Told::default() }
            }
            Failure::Told(told) => told.as_ref().clone(),
        };
        Settled { category: ticket.category, told, error_text: ticket.error_text.clone() }
    }

    /// A field in plain words, to be compared and kept in the history.
    fn value(&self, what: Guess) -> Option<String> {
        let party = |party: &Party| match party {
            Party::Withheld => "–".to_owned(),
            Party::Number(_) | Party::Short(_) | Party::Account(_) => party.display(),
        };
        let told = &self.told;
        match what {
            Guess::Category => Some(self.category.as_str().to_owned()),
            Guess::Caller => told.caller.as_ref().map(|side| party(&side.party)),
            Guess::Callee => told.callee.as_ref().map(|side| party(&side.party)),
            Guess::When => {
                let at = told.at?;
                let about = told.precision.map_or(0, super::Precision::minutes);
                Some(format!("{} {} ±{about}", zone::date(at), zone::hour(at)))
            }
            Guess::Error => self.error_text.clone(),
            Guess::Symptom => told.symptom.map(|symptom| symptom.as_str().to_owned()),
            Guess::Account => told.account.as_ref().map(party),
        }
    }

    /// What differs from what was known before.
    fn corrected(&self, before: &Settled) -> Vec<Corrected> {
        let differs = |what: &&Guess| self.value(**what) != before.value(**what);
        Guess::ALL.iter().filter(differs).map(|what| Corrected { what: *what, was: before.value(*what) }).collect()
    }
}

impl Corrected {
    /// The fields that were put right, for a sentence: "A (was 22 555 01 20), category".
    pub fn all(corrected: &[Corrected]) -> Arg {
        let one = |lang: Lang, one: &Corrected| {
            let field = lang.t(one.what.label()).into_owned();
            let was = match (one.what, &one.was) {
                (Guess::Category, Some(name)) => {
                    name.parse().ok().map(|one: Category| lang.t(one.label()).into_owned())
                }
                (Guess::Symptom, Some(name)) => {
                    name.parse().ok().map(|one: super::Symptom| lang.t(one.label()).into_owned())
                }
                (_, was) => was.clone(),
            };
            match was {
                Some(was) => lang.say(&Say::new("settled-was").with("field", field).with("was", was)),
                None => field,
            }
        };
        let list = |lang: Lang| corrected.iter().map(|it| one(lang, it)).collect::<Vec<_>>().join(", ");
        Arg::Each(Box::new(Lang::ALL.map(list)))
    }
}

/// Settles a ticket that came as an e-mail: nothing about it is a guess any more.
///
/// # Errors
/// When the database is away.
pub async fn settle(
    db: &mut PgConnection,
    ticket: &Ticket,
    seen: Seen,
    settled: &Settled,
    by: By,
) -> Result<Outcome, sqlx::Error> {
    let corrected = settled.corrected(&Settled::of(ticket));
    if corrected.is_empty() && ticket.guessed.is_empty() {
        return Ok(Outcome::Already);
    }
    let done = store::settle(db, seen, settled, corrected, by).await?;
    Ok(if done { Outcome::Done } else { Outcome::Stale })
}
