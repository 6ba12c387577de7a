//! A ticket's history as sentences for staff.

use super::Reopening;
use crate::tickets::{
    ActorKind, DetailValue, EventKind, TicketEvent, TicketReference, WaitingFor,
    command::{confirm_details::Correction, incident::JoinSource},
};
use crate::{
    i18n::{Lang, MessageArg, UiMessage},
    local_time,
};

impl TicketEvent {
    /// The event as a sentence for staff.
    pub fn description(&self) -> UiMessage {
        let carried = self.kind.payload();
        let told = match carried.reason {
            Some(reason) => UiMessage::new("event-with-reason")
                .with("text", self.action_description())
                .with("reason", reason.as_staff_text()),
            None => self.action_description(),
        };
        match carried.auto_assigned {
            true => UiMessage::new("event-and-assigned-self").with("text", told),
            false => told,
        }
    }

    /// What was done, without why.
    fn action_description(&self) -> UiMessage {
        let who = self.staff_name.clone().unwrap_or_default();
        let doer = || match self.actor {
            ActorKind::Staff => MessageArg::Text(who.clone()),
            ActorKind::Customer => UiMessage::new("actor-customer").into(),
            ActorKind::System => UiMessage::new("actor-system").into(),
        };
        let say = |id| UiMessage::new(id).with("who", doer());
        match &self.kind.0 {
            EventKind::Opened { channel } => {
                let channel = UiMessage::new(channel.label());
                match self.actor {
                    ActorKind::Staff => say("event-opened-by-staff").with("channel", channel),
                    ActorKind::Customer | ActorKind::System => UiMessage::new("event-opened").with("channel", channel),
                }
            }
            EventKind::Resubmitted { .. } => UiMessage::new("event-resubmitted"),
            EventKind::Assigned { assignee_name: name, previous_assignee_name: None, .. } if *name == who => {
                say("event-assigned-self")
            }
            EventKind::Assigned { assignee_name: name, previous_assignee_name: Some(was), .. } if *name == who => {
                say("event-taken-over").with("previous", was.as_str())
            }
            EventKind::Assigned { assignee_name: name, .. } => say("event-assigned").with("name", name.as_str()),
            EventKind::Unassigned { previous_assignee_name: was, .. } if *was == who => say("event-returned-to-queue"),
            EventKind::Unassigned { previous_assignee_name: was, .. } => {
                say("event-unassigned-other").with("previous", was.as_str())
            }
            EventKind::StatusChanged { to, .. } => say("event-status").with("status", UiMessage::new(to.label())),
            EventKind::Snoozed { waiting_for: whom, until, .. } => {
                let waits = say(match whom {
                    None => "event-snoozed",
                    Some(WaitingFor::Customer) => "event-snoozed-customer",
                    Some(WaitingFor::Carrier) => "event-snoozed-carrier",
                });
                match until {
                    Some(until) => UiMessage::new("event-until")
                        .with("text", waits)
                        .with("until", local_time::format_date_time(*until)),
                    None => waits,
                }
            }
            EventKind::SnoozeEnded => UiMessage::new("event-snooze-ended"),
            EventKind::Resolved { .. } => say("event-resolved"),
            EventKind::Reopened { .. } => say("event-reopened"),
            EventKind::MarkedSpam => say("event-spam"),
            EventKind::NoteAdded { .. } => say("event-noted"),
            EventKind::Replied { .. } => say("event-replied"),
            EventKind::MergedInto { main_reference: main, resolved: false } => {
                say("event-merged").with("main", main.to_string())
            }
            EventKind::MergedInto { main_reference: main, resolved: true } => {
                say("event-merged-resolved").with("main", main.to_string())
            }
            EventKind::DuplicatesAdded { duplicates } => with_duplicates(say("event-duplicate-added"), duplicates),
            EventKind::Separated { main_reference: main, main_is_spam: false, .. } => {
                say("event-separated").with("main", main.to_string())
            }
            EventKind::Separated { main_reference: main, main_is_spam: true, .. } => {
                say("event-separated-spam").with("main", main.to_string())
            }
            EventKind::DuplicatesRemoved { duplicates } => with_duplicates(say("event-duplicate-removed"), duplicates),
            EventKind::ResolvedWithMain { main_reference: main } => {
                say("event-resolved-with").with("main", main.to_string())
            }
            EventKind::ReopenedWithMain { main_reference: main } => {
                say("event-reopened-with-main").with("main", main.to_string())
            }
            EventKind::DetailsConfirmed { corrections: corrected } if corrected.is_empty() => {
                say("event-details-confirmed")
            }
            EventKind::DetailsConfirmed { corrections: corrected } => {
                say("event-details-corrected").with("fields", Correction::format_list(corrected))
            }
            EventKind::BulkUpdateUndone => say("event-undone"),
            EventKind::JoinedIncident { incident_id: incident, title, source: how } => match how {
                JoinSource::Customer => say("event-incident-joined-customer"),
                JoinSource::Staff | JoinSource::Matched => say("event-incident-joined"),
            }
            .with("title", incident_title(*incident, title)),
            EventKind::LeftIncident { incident_id: incident, title } => {
                say("event-incident-left").with("title", incident_title(*incident, title))
            }
            EventKind::ResolvedInIncident { incident_id: incident, .. } => {
                UiMessage::new("event-resolved-in-incident").with("incident", incident.to_string())
            }
            EventKind::DetailRequested { detail: piece, until, .. } => {
                let asked = say("event-detail-requested").with("detail", UiMessage::new(piece.label()));
                match until {
                    Some(until) => UiMessage::new("event-until")
                        .with("text", asked)
                        .with("until", local_time::format_date_time(*until)),
                    None => asked,
                }
            }
            EventKind::DetailRequestWithdrawn { detail: piece, .. } => {
                say("event-request-withdrawn").with("detail", UiMessage::new(piece.label()))
            }
            EventKind::DetailProvided { detail: piece, previous_value: was, new_value: now, .. } => {
                let filled = say(if was.is_some() { "event-detail-replaced" } else { "event-detail-provided" });
                let was = was.as_ref().map_or_else(|| MessageArg::Text(String::new()), |was| was.to_message().into());
                filled
                    .with("detail", UiMessage::new(piece.label()))
                    .with("previous", was)
                    .with("now", value_with_raw_text(now))
            }
            EventKind::CustomerWrote { reopening: back, .. } => with_reopening(say("event-customer-wrote"), back),
            EventKind::CustomerConfirmedFixed { resolved: true } => say("event-customer-confirmed-fixed-resolved"),
            EventKind::CustomerConfirmedFixed { resolved: false } => say("event-customer-confirmed-fixed"),
            EventKind::CustomerStillBroken { reopening: back, .. } => {
                with_reopening(say("event-customer-still-broken"), back)
            }
            EventKind::CallExampleAdded { reopening: back, .. } => with_reopening(say("event-example-added"), back),
            EventKind::DuplicateActivity { duplicate } => {
                UiMessage::new("event-duplicate-activity").with("duplicate", duplicate.to_string())
            }
            EventKind::AccessKeyRotated => say("event-access-key-rotated"),
            EventKind::AccessLinkRequested => UiMessage::new("event-access-link-requested"),
        }
    }
}

/// The title that an incident had, in the reader's language.
fn incident_title(incident: i64, title: &[String; 2]) -> MessageArg {
    let titles = Lang::ALL.map(|lang| Some(title[lang as usize].clone()).filter(|title| !title.is_empty()));
    MessageArg::PerLang(Box::new(titles.map(|title| title.unwrap_or_else(|| incident.to_string()))))
}

/// How it was understood, and how it was typed where that differs.
fn value_with_raw_text(value: &DetailValue) -> UiMessage {
    let typed = match value {
        DetailValue::Party { raw_text: typed, canonical, .. } if typed != canonical => Some(typed.as_str()),
        DetailValue::CallTime { raw_text: typed, .. } => typed.as_deref(),
        DetailValue::Party { .. } | DetailValue::ErrorText { .. } => None,
    };
    match typed {
        Some(typed) => UiMessage::new("event-as-typed").with("text", typed).with("value", value.to_message()),
        None => value.to_message(),
    }
}

/// A ticket that was over is open again.
fn with_reopening(told: UiMessage, back: &Reopening) -> UiMessage {
    match (&back.separated_from, back.reopened) {
        (Some(main), _) => {
            UiMessage::new("event-and-reopened-separated").with("text", told).with("main", main.to_string())
        }
        (None, true) => UiMessage::new("event-and-reopened").with("text", told),
        (None, false) => told,
    }
}

fn with_duplicates(say: UiMessage, duplicates: &[TicketReference]) -> UiMessage {
    let named: Vec<_> = duplicates.iter().map(TicketReference::to_string).collect();
    say.with("count", duplicates.len()).with("duplicates", named.join(", "))
}
