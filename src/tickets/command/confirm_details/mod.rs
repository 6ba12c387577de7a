//! Settling what an e-mail told: staff confirm what was guessed, put right what was guessed wrong, and fill in the rest.

mod store;

pub(crate) use store::mark_unconfirmed;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::update::{CommandContext, CommandOutcome, ExpectedVersion};
use crate::tickets::{InferredField, PartialReport, ReportedFailure, Ticket, TicketCategory};
use crate::{
    i18n::{Lang, MessageArg, UiMessage},
    local_time,
    phone::Party,
};

/// What staff say the e-mail is about.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfirmedDetails {
    pub category: TicketCategory,
    pub report: PartialReport,
    pub error_text: Option<String>,
}

/// What was put right, and what stood there before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    #[serde(rename = "what")]
    pub field: InferredField,
    #[serde(rename = "was")]
    pub previous_value: Option<String>,
}

impl ConfirmedDetails {
    /// What is known of a ticket now.
    pub fn from_ticket(ticket: &Ticket) -> ConfirmedDetails {
        let told = match &ticket.failure {
            ReportedFailure::Call { caller, callee, call_at: at, precision, in_billing, symptom } => PartialReport {
                caller: Some(caller.clone()),
                callee: Some(callee.clone()),
                call_at: Some(*at),
                precision: Some(*precision),
                in_billing: Some(*in_billing),
                symptom: *symptom,
                ..PartialReport::default()
            },
            ReportedFailure::LoggedOut { account, public_ip, .. } => {
                PartialReport { account: Some(account.clone()), public_ip: *public_ip, ..PartialReport::default() }
            }
            ReportedFailure::Partial(told) => told.as_ref().clone(),
        };
        ConfirmedDetails { category: ticket.category, report: told, error_text: ticket.error_text.clone() }
    }

    /// A field in plain words, to be compared and kept in the history.
    fn display_value(&self, what: InferredField) -> Option<String> {
        let party = |party: &Party| match party {
            Party::Withheld => "–".to_owned(),
            Party::Number(_) | Party::Short(_) | Party::Account(_) => party.display(),
        };
        let told = &self.report;
        match what {
            InferredField::Category => Some(self.category.as_str().to_owned()),
            InferredField::Caller => told.caller.as_ref().map(|side| party(&side.party)),
            InferredField::Callee => told.callee.as_ref().map(|side| party(&side.party)),
            InferredField::CallTime => {
                let at = told.call_at?;
                let about = told.precision.map_or(0, crate::tickets::CallTimePrecision::tolerance_minutes);
                Some(format!("{} {} ±{about}", local_time::format_date(at), local_time::format_time(at)))
            }
            InferredField::ErrorText => self.error_text.clone(),
            InferredField::Symptom => told.symptom.map(|symptom| symptom.as_str().to_owned()),
            InferredField::Account => told.account.as_ref().map(party),
        }
    }

    /// What differs from what was known before.
    fn corrections_since(&self, before: &ConfirmedDetails) -> Vec<Correction> {
        let differs = |what: &&InferredField| self.display_value(**what) != before.display_value(**what);
        InferredField::ALL
            .iter()
            .filter(differs)
            .map(|what| Correction { field: *what, previous_value: before.display_value(*what) })
            .collect()
    }
}

impl Correction {
    /// The fields that were put right, for a sentence: "A (was 22 555 01 20), category".
    pub fn format_list(corrected: &[Correction]) -> MessageArg {
        let one = |lang: Lang, one: &Correction| {
            let field = lang.t(one.field.label()).into_owned();
            let was = match (one.field, &one.previous_value) {
                (InferredField::Category, Some(name)) => {
                    name.parse().ok().map(|one: TicketCategory| lang.t(one.label()).into_owned())
                }
                (InferredField::Symptom, Some(name)) => {
                    name.parse().ok().map(|one: crate::tickets::AudioSymptom| lang.t(one.label()).into_owned())
                }
                (_, was) => was.clone(),
            };
            match was {
                Some(was) => {
                    lang.format(&UiMessage::new("correction-previous").with("field", field).with("previous", was))
                }
                None => field,
            }
        };
        let list = |lang: Lang| corrected.iter().map(|it| one(lang, it)).collect::<Vec<_>>().join(", ");
        MessageArg::PerLang(Box::new(Lang::ALL.map(list)))
    }
}

/// Settles a ticket that came as an e-mail: nothing about it is a guess any more.
///
/// # Errors
/// When the database is away.
pub async fn confirm_details(
    db: &mut PgConnection,
    ticket: &Ticket,
    seen: ExpectedVersion,
    settled: &ConfirmedDetails,
    by: CommandContext,
) -> Result<CommandOutcome, sqlx::Error> {
    let corrected = settled.corrections_since(&ConfirmedDetails::from_ticket(ticket));
    if corrected.is_empty() && ticket.inferred_fields.is_empty() {
        return Ok(CommandOutcome::NoChange);
    }
    let done = store::update_confirmed(db, seen, settled, corrected, by).await?;
    Ok(if done { CommandOutcome::Done } else { CommandOutcome::VersionConflict })
}
