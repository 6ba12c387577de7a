//! A ticket's history as sentences for staff.

use super::{
    actor::ActorKind,
    history::TicketEvent,
    kind::{Correction, EventKind, JoinSource, Reopening, WaitingFor},
};
use crate::{
    i18n::{Label, Lang, MessageArg, UiMessage},
    local_time,
    tickets::{
        TicketReference,
        call_detail::DetailValue,
        fields::{AudioSymptom, InferredField, TicketCategory},
    },
};

impl TicketEvent {
    /// The event as a sentence for staff.
    pub fn description(&self) -> UiMessage {
        let payload = self.kind.payload();
        let mut sentence = self.action_description();
        if let Some(reopening) = payload.reopening {
            sentence = with_reopening(sentence, reopening);
        }
        if let Some(reason) = payload.reason {
            sentence =
                UiMessage::new("event-with-reason").with("text", sentence).with("reason", reason.as_staff_text());
        }
        if payload.auto_assigned {
            sentence = UiMessage::new("event-and-assigned-self").with("text", sentence);
        }
        sentence
    }

    /// What was done, without the reason and without side effects.
    fn action_description(&self) -> UiMessage {
        let staff_name = self.staff_name.clone().unwrap_or_default();
        let actor = || match self.actor {
            ActorKind::Staff => MessageArg::Text(staff_name.clone()),
            ActorKind::Customer => UiMessage::new("actor-customer").into(),
            ActorKind::System => UiMessage::new("actor-system").into(),
        };
        let message = |id| UiMessage::new(id).with("who", actor());
        match &self.kind.0 {
            EventKind::Opened { channel } => {
                let channel = UiMessage::new(channel.label());
                match self.actor {
                    ActorKind::Staff => message("event-opened-by-staff").with("channel", channel),
                    ActorKind::Customer | ActorKind::System => UiMessage::new("event-opened").with("channel", channel),
                }
            }
            EventKind::Resubmitted { .. } => UiMessage::new("event-resubmitted"),
            EventKind::Assigned { assignee_name, previous_assignee_name: None, .. } if *assignee_name == staff_name => {
                message("event-assigned-self")
            }
            EventKind::Assigned { assignee_name, previous_assignee_name: Some(previous), .. }
                if *assignee_name == staff_name =>
            {
                message("event-taken-over").with("previous", previous.as_str())
            }
            EventKind::Assigned { assignee_name, .. } => message("event-assigned").with("name", assignee_name.as_str()),
            EventKind::Unassigned { previous_assignee_name, .. } if *previous_assignee_name == staff_name => {
                message("event-returned-to-queue")
            }
            EventKind::Unassigned { previous_assignee_name, .. } => {
                message("event-unassigned-other").with("previous", previous_assignee_name.as_str())
            }
            EventKind::StatusChanged { to, .. } => message("event-status").with("status", UiMessage::new(to.label())),
            EventKind::Snoozed { waiting_for, until, .. } => {
                let snoozed = message(match waiting_for {
                    None => "event-snoozed",
                    Some(WaitingFor::Customer) => "event-snoozed-customer",
                    Some(WaitingFor::Carrier) => "event-snoozed-carrier",
                });
                match until {
                    Some(until) => UiMessage::new("event-until")
                        .with("text", snoozed)
                        .with("until", local_time::format_date_time(*until)),
                    None => snoozed,
                }
            }
            EventKind::SnoozeEnded => UiMessage::new("event-snooze-ended"),
            EventKind::Resolved { .. } => message("event-resolved"),
            EventKind::Reopened { .. } => message("event-reopened"),
            EventKind::MarkedSpam => message("event-spam"),
            EventKind::NoteAdded { .. } => message("event-noted"),
            EventKind::Replied { .. } => message("event-replied"),
            EventKind::MergedInto { main_reference, resolved: false } => {
                message("event-merged").with("main", main_reference.to_string())
            }
            EventKind::MergedInto { main_reference, resolved: true } => {
                message("event-merged-resolved").with("main", main_reference.to_string())
            }
            EventKind::DuplicatesAdded { duplicates } => with_duplicates(message("event-duplicate-added"), duplicates),
            EventKind::Separated { main_reference, main_is_spam: false, .. } => {
                message("event-separated").with("main", main_reference.to_string())
            }
            EventKind::Separated { main_reference, main_is_spam: true, .. } => {
                message("event-separated-spam").with("main", main_reference.to_string())
            }
            EventKind::DuplicatesRemoved { duplicates } => {
                with_duplicates(message("event-duplicate-removed"), duplicates)
            }
            EventKind::ResolvedWithMain { main_reference } => {
                message("event-resolved-with").with("main", main_reference.to_string())
            }
            EventKind::ReopenedWithMain { main_reference } => {
                message("event-reopened-with-main").with("main", main_reference.to_string())
            }
            EventKind::DetailsConfirmed { corrections } if corrections.is_empty() => message("event-details-confirmed"),
            EventKind::DetailsConfirmed { corrections } => {
                message("event-details-corrected").with("fields", format_corrections(corrections))
            }
            EventKind::BulkUpdateUndone => message("event-undone"),
            EventKind::JoinedIncident { incident_id, title, source } => match source {
                JoinSource::Customer => message("event-incident-joined-customer"),
                JoinSource::Staff | JoinSource::Matched => message("event-incident-joined"),
            }
            .with("title", incident_title(*incident_id, title)),
            EventKind::LeftIncident { incident_id, title } => {
                message("event-incident-left").with("title", incident_title(*incident_id, title))
            }
            EventKind::ResolvedInIncident { incident_id, .. } => {
                UiMessage::new("event-resolved-in-incident").with("incident", incident_id.to_string())
            }
            EventKind::DetailRequested { detail, until, .. } => {
                let requested = message("event-detail-requested").with("detail", UiMessage::new(detail.label()));
                match until {
                    Some(until) => UiMessage::new("event-until")
                        .with("text", requested)
                        .with("until", local_time::format_date_time(*until)),
                    None => requested,
                }
            }
            EventKind::DetailRequestWithdrawn { detail, .. } => {
                message("event-request-withdrawn").with("detail", UiMessage::new(detail.label()))
            }
            EventKind::DetailProvided { detail, previous_value, new_value, .. } => {
                let (id, previous) = match previous_value {
                    Some(previous) => ("event-detail-replaced", previous.to_message().into()),
                    None => ("event-detail-provided", MessageArg::Text(String::new())),
                };
                message(id)
                    .with("detail", UiMessage::new(detail.label()))
                    .with("previous", previous)
                    .with("now", value_with_raw_text(new_value))
            }
            EventKind::CustomerWrote { .. } => message("event-customer-wrote"),
            EventKind::CustomerConfirmedFixed { resolved: true } => message("event-customer-confirmed-fixed-resolved"),
            EventKind::CustomerConfirmedFixed { resolved: false } => message("event-customer-confirmed-fixed"),
            EventKind::CustomerStillBroken { .. } => message("event-customer-still-broken"),
            EventKind::CallExampleAdded { .. } => message("event-example-added"),
            EventKind::DuplicateActivity { duplicate } => {
                UiMessage::new("event-duplicate-activity").with("duplicate", duplicate.to_string())
            }
            EventKind::AccessKeyRotated => message("event-access-key-rotated"),
            EventKind::AccessLinkRequested => UiMessage::new("event-access-link-requested"),
        }
    }
}

/// The incident's title in the reader's language; its number if there is none.
fn incident_title(incident_id: i64, title: &[String; 2]) -> MessageArg {
    let titles = Lang::ALL.map(|lang| Some(title[lang as usize].clone()).filter(|title| !title.is_empty()));
    MessageArg::PerLang(Box::new(titles.map(|title| title.unwrap_or_else(|| incident_id.to_string()))))
}

/// The parsed value, and the text as typed if that differs.
fn value_with_raw_text(value: &DetailValue) -> UiMessage {
    let raw_text = match value {
        DetailValue::Party { raw_text, canonical, .. } if raw_text != canonical => Some(raw_text.as_str()),
        DetailValue::CallTime { raw_text, .. } => raw_text.as_deref(),
        DetailValue::Party { .. } | DetailValue::ErrorText { .. } => None,
    };
    match raw_text {
        Some(raw_text) => UiMessage::new("event-as-typed").with("text", raw_text).with("value", value.to_message()),
        None => value.to_message(),
    }
}

fn with_reopening(sentence: UiMessage, reopening: &Reopening) -> UiMessage {
    match (&reopening.separated_from, reopening.reopened) {
        (Some(main), _) => {
            UiMessage::new("event-and-reopened-separated").with("text", sentence).with("main", main.to_string())
        }
        (None, true) => UiMessage::new("event-and-reopened").with("text", sentence),
        (None, false) => sentence,
    }
}

fn with_duplicates(message: UiMessage, duplicates: &[TicketReference]) -> UiMessage {
    let references: Vec<_> = duplicates.iter().map(TicketReference::to_string).collect();
    message.with("count", duplicates.len()).with("duplicates", references.join(", "))
}

/// The corrected fields as a list: "A (was 22 555 01 20), category".
fn format_corrections(corrections: &[Correction]) -> MessageArg {
    let list = |lang: Lang| {
        let items: Vec<_> = corrections.iter().map(|correction| format_correction(correction, lang)).collect();
        items.join(", ")
    };
    MessageArg::PerLang(Box::new(Lang::ALL.map(list)))
}

fn format_correction(correction: &Correction, lang: Lang) -> String {
    let field = lang.t(correction.field.label()).into_owned();
    let previous = match (correction.field, &correction.previous_value) {
        (InferredField::Category, Some(name)) => {
            name.parse().ok().map(|category: TicketCategory| lang.t(category.label()).into_owned())
        }
        (InferredField::Symptom, Some(name)) => {
            name.parse().ok().map(|symptom: AudioSymptom| lang.t(symptom.label()).into_owned())
        }
        (_, previous) => previous.clone(),
    };
    match previous {
        Some(previous) => {
            lang.format(&UiMessage::new("correction-previous").with("field", field).with("previous", previous))
        }
        None => field,
    }
}
