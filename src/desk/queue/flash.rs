//! The notice above the rows that reports the last action, with undo. The action redirects to the queue with `flash=`.

use std::fmt::Display;

use askama::Template;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::query::QueueQuery;
use crate::{
    i18n::{Lang, UiMessage},
    staff::Staff,
    tickets::{
        TicketReference,
        command::{CommandOutcome, bulk, incident::JoinOutcome},
    },
    urls,
    web::{AppError, Form},
};

/// The value of `flash=` when "take next" found no ticket.
pub(super) const NO_NEW_TICKETS: &str = "none-new";
/// A bulk action is reported for this long after it. A page that is loaded again later does not repeat it.
const FLASH_TTL: Duration = Duration::minutes(2);
const MAX_LISTED_TICKETS: usize = 20;

/// Result of a bulk action. The serialized names are stored in the database.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct BulkSummary {
    pub done: usize,
    #[serde(rename = "already")]
    pub no_change: usize,
    #[serde(rename = "gone")]
    pub not_found: usize,
    /// Tickets that staff may want to look at.
    #[serde(rename = "left")]
    pub skipped: Vec<(TicketReference, SkippedReason)>,
    /// The ticket that the others were merged into.
    #[serde(default, rename = "main")]
    pub merged_into: Option<TicketReference>,
}

/// Why a bulk action did not change a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SkippedReason {
    Stale,
    #[serde(rename = "held")]
    AssignedToOther,
    Duplicate,
    /// It is part of another incident.
    #[serde(rename = "incident")]
    InOtherIncident,
    Closed,
}

impl BulkSummary {
    pub(crate) fn record_join(&mut self, reference: &TicketReference, outcome: JoinOutcome) {
        match outcome {
            JoinOutcome::Done => self.done += 1,
            JoinOutcome::AlreadyJoined => self.no_change += 1,
            JoinOutcome::NotFound => self.not_found += 1,
            JoinOutcome::InOtherIncident(_) => self.skipped.push((reference.clone(), SkippedReason::InOtherIncident)),
            JoinOutcome::Closed => self.skipped.push((reference.clone(), SkippedReason::Closed)),
            JoinOutcome::IsDuplicate => self.skipped.push((reference.clone(), SkippedReason::Duplicate)),
        }
    }

    pub(crate) fn record_outcome(&mut self, reference: &TicketReference, outcome: CommandOutcome) {
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
        let mut messages = vec![match &self.merged_into {
            Some(main) => UiMessage::new("bulk-merged").with("count", self.done).with("main", main.to_string()),
            None => UiMessage::new("bulk-done").with("count", self.done),
        }];
        let count_skipped = |reason| self.skipped.iter().filter(|(_, skipped)| *skipped == reason).count();
        for (id, count) in [
            ("bulk-conflict", count_skipped(SkippedReason::Stale)),
            ("bulk-assigned-to-other", count_skipped(SkippedReason::AssignedToOther)),
            ("bulk-duplicate", count_skipped(SkippedReason::Duplicate)),
            ("bulk-incident-other", count_skipped(SkippedReason::InOtherIncident)),
            ("bulk-incident-closed", count_skipped(SkippedReason::Closed)),
            ("bulk-unchanged", self.no_change),
            ("bulk-not-found", self.not_found),
        ] {
            if count > 0 {
                messages.push(UiMessage::new(id).with("count", count));
            }
        }
        messages
    }
}

/// The notice.
#[derive(Template)]
#[template(path = "desk/flash.html")]
pub(super) struct Flash {
    lang: Lang,
    messages: Vec<UiMessage>,
    skipped_references: Vec<TicketReference>,
    /// The bulk action, while it can be undone.
    undo_id: Option<Uuid>,
    undo_seconds: i64,
    return_url: String,
}

impl Flash {
    fn text(&self) -> String {
        self.messages.iter().map(|message| self.lang.format(message)).collect::<Vec<_>>().join(" ")
    }
}

/// Loads the notice that a query of the queue asks for. Staff see only the result of their own actions.
pub(super) async fn load_flash(
    db: &mut PgConnection,
    query: &QueueQuery,
    staff: &Staff,
    now: OffsetDateTime,
) -> Result<Option<Flash>, AppError> {
    let mut flash = Flash {
        lang: staff.lang,
        messages: Vec::new(),
        skipped_references: Vec::new(),
        undo_id: None,
        undo_seconds: 0,
        return_url: query.current_url(),
    };
    if query.flash == NO_NEW_TICKETS {
        flash.messages.push(UiMessage::new("next-none"));
        return Ok(Some(flash));
    }
    let Ok(id) = Uuid::parse_str(&query.flash) else { return Ok(None) };
    let update = bulk::find_by_staff(db, id, staff.id)
        .await?
        .filter(|update| now < update.undone_at.unwrap_or(update.started_at) + FLASH_TTL);
    let Some(update) = update else { return Ok(None) };
    let summary: BulkSummary = serde_json::from_value(update.summary).unwrap_or_default();
    if let Some(undone) = update.undone_count {
        let undone = usize::try_from(undone).unwrap_or(0);
        flash.messages.push(UiMessage::new("bulk-undone").with("count", undone));
        if undone < summary.done {
            flash.messages.push(UiMessage::new("bulk-undone-skipped").with("count", summary.done - undone));
        }
    } else {
        flash.undo_seconds = (update.started_at + bulk::UNDO_WINDOW - now).whole_seconds();
        flash.undo_id = (summary.done > 0 && flash.undo_seconds > 0).then_some(id);
        flash.messages = summary.to_messages();
        flash.skipped_references =
            summary.skipped.into_iter().map(|(reference, _)| reference).take(MAX_LISTED_TICKETS).collect();
    }
    Ok(Some(flash))
}

/// The URL of the queue that a form was sent from. Every other value becomes the queue without a query.
pub(crate) fn safe_return_url(form: &Form) -> &str {
    let url = form.raw("back");
    let is_queue =
        url == urls::staff::QUEUE || url.strip_prefix(urls::staff::QUEUE).is_some_and(|rest| rest.starts_with('?'));
    if is_queue && url.bytes().all(|byte| byte.is_ascii_graphic()) { url } else { urls::staff::QUEUE }
}

/// [`safe_return_url`] with the notice to show: the id of a bulk action, or [`NO_NEW_TICKETS`].
pub(crate) fn return_url_with_flash(form: &Form, flash: impl Display) -> String {
    let url = safe_return_url(form);
    urls::with_query(url, &[("flash", &flash.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_url_is_always_a_url_of_the_queue() {
        let url_for =
            |back: &str| return_url_with_flash(&Form::parse(format!("back={back}").as_bytes()), NO_NEW_TICKETS);
        assert_eq!(url_for("/staff?view=mine%26q=22"), "/staff?view=mine&q=22&flash=none-new");
        for back in ["", "/staff", "//evil.example", "/staff/../x", "/staff%0d%0aX:y", "/staffx", "/staff?%0d%0aX: y"] {
            assert_eq!(url_for(back), "/staff?flash=none-new", "{back}");
        }
    }
}
