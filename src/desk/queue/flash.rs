//! What the queue says about what was just done: it stands in the address that a verb leads back to, as `said=`.

use askama::Template;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    i18n::{Lang, UiMessage},
    staff::Staff,
    tickets::{
        TicketReference,
        command::{bulk, incident::JoinOutcome, update::CommandOutcome},
    },
    web::{AppError, Form},
};

/// "Take next", and there was none.
const NO_NEW_TICKETS: &str = "none-new";
/// How long it is news what was done to many tickets: nobody needs it on a page that is looked at again.
const FLASH_TTL: Duration = Duration::minutes(2);
/// How many tickets that were left alone are named.
const MAX_NAMED_TICKETS: usize = 20;

/// What came of a change of many tickets. Stored as JSON by these names.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct BulkSummary {
    pub done: usize,
    #[serde(rename = "already")]
    pub no_change: usize,
    #[serde(rename = "gone")]
    pub not_found: usize,
    /// Those that somebody may want to look at: why they were left as they are.
    #[serde(rename = "left")]
    pub skipped: Vec<(TicketReference, SkippedReason)>,
    /// The ticket that the others were merged into.
    #[serde(default)]
    #[serde(rename = "main")]
    pub merged_into: Option<TicketReference>,
}

/// Why a ticket was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SkippedReason {
    Stale,
    #[serde(rename = "held")]
    AssignedToOther,
    Duplicate,
    /// Another incident has it.
    #[serde(rename = "incident")]
    InOtherIncident,
    /// There is nothing left to be done about it.
    Closed,
}

impl BulkSummary {
    pub fn record_join(&mut self, reference: &TicketReference, joined: JoinOutcome) {
        match joined {
            JoinOutcome::Done => self.done += 1,
            JoinOutcome::AlreadyJoined => self.no_change += 1,
            JoinOutcome::NotFound => self.not_found += 1,
            JoinOutcome::InOtherIncident(_) => self.skipped.push((reference.clone(), SkippedReason::InOtherIncident)),
            JoinOutcome::Closed => self.skipped.push((reference.clone(), SkippedReason::Closed)),
            JoinOutcome::IsDuplicate => self.skipped.push((reference.clone(), SkippedReason::Duplicate)),
        }
    }

    pub fn record_outcome(&mut self, reference: &TicketReference, outcome: CommandOutcome) {
        match outcome {
            CommandOutcome::Done => self.done += 1,
            CommandOutcome::NoChange => self.no_change += 1,
            CommandOutcome::NotFound => self.not_found += 1,
            CommandOutcome::VersionConflict | CommandOutcome::Closed => {
                self.skipped.push((reference.clone(), SkippedReason::Stale))
            }
            CommandOutcome::AssignedToOther => self.skipped.push((reference.clone(), SkippedReason::AssignedToOther)),
            CommandOutcome::IsDuplicate => self.skipped.push((reference.clone(), SkippedReason::Duplicate)),
        }
    }

    fn to_messages(&self) -> Vec<UiMessage> {
        let mut told = vec![match &self.merged_into {
            Some(main) => UiMessage::new("bulk-merged").with("count", self.done).with("main", main.to_string()),
            None => UiMessage::new("bulk-done").with("count", self.done),
        }];
        let of = |why| self.skipped.iter().filter(|(_, left)| *left == why).count();
        for (id, count) in [
            ("bulk-conflict", of(SkippedReason::Stale)),
            ("bulk-assigned-to-other", of(SkippedReason::AssignedToOther)),
            ("bulk-duplicate", of(SkippedReason::Duplicate)),
            ("bulk-incident-other", of(SkippedReason::InOtherIncident)),
            ("bulk-incident-closed", of(SkippedReason::Closed)),
            ("bulk-unchanged", self.no_change),
            ("bulk-not-found", self.not_found),
        ] {
            if count > 0 {
                told.push(UiMessage::new(id).with("count", count));
            }
        }
        told
    }
}

/// A quiet notice above the rows.
#[derive(Template)]
#[template(path = "desk/flash.html")]
pub(crate) struct Flash {
    lang: Lang,
    messages: Vec<UiMessage>,
    /// Tickets to look at.
    skipped_references: Vec<TicketReference>,
    /// What can be taken back, and where that leads.
    undo_id: Option<Uuid>,
    undo_seconds: i64,
    return_url: String,
}

impl Flash {
    fn text(&self) -> String {
        self.messages.iter().map(|say| self.lang.format(say)).collect::<Vec<_>>().join(" ")
    }
}

/// What an address of the queue says; `back` is that address without it.
pub(crate) async fn load_flash(
    db: &mut PgConnection,
    query: &str,
    staff: &Staff,
    back: String,
    now: OffsetDateTime,
) -> Result<Option<Flash>, AppError> {
    let form = Form::parse(query.as_bytes());
    let mut said = Flash {
        lang: staff.lang,
        messages: Vec::new(),
        skipped_references: Vec::new(),
        undo_id: None,
        undo_seconds: 0,
        return_url: back,
    };
    match form.raw("said") {
        NO_NEW_TICKETS => said.messages.push(UiMessage::new("next-none")),
        id => {
            let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
            let bulk = bulk::find_by_staff(db, id, staff.id)
                .await?
                .filter(|bulk| now < bulk.undone_at.unwrap_or(bulk.started_at) + FLASH_TTL);
            let Some(bulk) = bulk else { return Ok(None) };
            let told: BulkSummary = serde_json::from_value(bulk.summary).unwrap_or_default();
            let left = (bulk.started_at + bulk::UNDO_WINDOW - now).whole_seconds();
            if let Some(undone) = bulk.undone_count {
                let undone = usize::try_from(undone).unwrap_or(0);
                said.messages.push(UiMessage::new("bulk-undone").with("count", undone));
                if undone < told.done {
                    said.messages.push(UiMessage::new("bulk-undone-skipped").with("count", told.done - undone));
                }
            } else {
                said.messages = told.to_messages();
                said.skipped_references =
                    told.skipped.into_iter().map(|(reference, _)| reference).take(MAX_NAMED_TICKETS).collect();
                (said.undo_id, said.undo_seconds) = ((told.done > 0 && left > 0).then_some(id), left);
            }
        }
    }
    Ok(Some(said))
}

/// The address of the queue that a form came from, and nothing else.
pub(crate) fn safe_return_url(form: &Form) -> &str {
    let back = form.raw("back");
    let is_ours = back == "/staff" || back.starts_with("/staff?");
    if is_ours && back.bytes().all(|byte| byte.is_ascii_graphic()) { back } else { "/staff" }
}

/// The same with something to say.
pub(crate) fn return_url_with_flash(form: &Form, said: Option<Uuid>) -> String {
    let back = safe_return_url(form);
    let sign = if back.contains('?') { '&' } else { '?' };
    match said {
        Some(id) => format!("{back}{sign}said={id}"),
        None => format!("{back}{sign}said={NO_NEW_TICKETS}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::queue::flash::*;

    #[test]
    fn a_form_leads_back_to_the_queue_and_nowhere_else() {
        let back_of = |to: &str| return_url_with_flash(&Form::parse(format!("back={to}").as_bytes()), None);
        assert_eq!(back_of("/staff?view=mine%26q=22"), "/staff?view=mine&q=22&said=none-new");
        for to in ["", "/staff", "//evil.example", "/staff/../x", "/staff%0d%0aX:y", "/staffx", "/staff?%0d%0aX: y"] {
            assert_eq!(back_of(to), "/staff?said=none-new", "{to}");
        }
    }
}
