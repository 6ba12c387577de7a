//! The actions of staff on a ticket: assignment, status, notes and replies, each a POST resource below the ticket.

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::post,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    action_request::{TicketAction, parse_reason, parse_submission},
    composer::{ComposerState, parse_reply},
    conflict::{IntendedAction, render_assigned_to_other},
    page::{load_page, load_saved_reply},
    snooze::{form::parse_snooze, page::render_snooze_form},
};
use crate::{
    guides::GuidesState,
    i18n::{Label, UiMessage},
    staff::{Staff, StaffMember, list_active},
    tickets::{
        Actor, Note, TicketCommand, TicketStatus,
        command::{self, ReplyOutcome},
    },
    web::{AppError, render_html},
};

pub(crate) fn routes() -> Router<GuidesState> {
    Router::new()
        .route("/staff/tickets/{reference}/assignment", post(assign))
        .route("/staff/tickets/{reference}/status", post(set_status))
        .route("/staff/tickets/{reference}/notes", post(add_note))
        .route("/staff/tickets/{reference}/replies", post(add_reply))
        .route("/staff/tickets/{reference}/saved", post(insert_saved_reply))
}

async fn assign(mut action: TicketAction) -> Result<Response, AppError> {
    let raw_assignee = action.form.raw("assignee").to_owned();
    let assignee = parse_assignee(&mut action.tx, &action.context.staff, &raw_assignee).await?;
    let description = match &assignee {
        Some(assignee) => UiMessage::new("intended-action-assign").with("name", assignee.name.as_str()),
        None => UiMessage::new("intended-action-release"),
    };
    let mut fields = vec![("assignee", raw_assignee)];
    let reason = action.form.single_line("reason");
    let is_assigned_to_other = action.ticket.assignee.is_some_and(|current| current != action.context.staff.id);
    if !reason.is_empty() || (assignee.is_some() && is_assigned_to_other) {
        fields.push(("reason", reason.clone()));
    }
    let intended = IntendedAction { description, resource: "assignment", fields };
    let reason = match parse_reason(&reason) {
        Ok(reason) => reason,
        Err(error) => return render_assigned_to_other(&action.context, action.ticket, intended, Some(error)),
    };
    let command = match assignee {
        Some(assignee) => TicketCommand::Assign { assignee, reason },
        None => TicketCommand::Unassign { reason },
    };
    action.run(command, intended).await
}

/// `me`, `none`, or the id of an active staff member.
pub(crate) async fn parse_assignee(
    db: &mut PgConnection,
    staff: &Staff,
    assignee: &str,
) -> Result<Option<StaffMember>, AppError> {
    match assignee {
        "me" => Ok(Some(staff.to_member())),
        "none" => Ok(None),
        id => {
            let id = Uuid::parse_str(id).map_err(|_| AppError::BadRequest)?;
            let member = list_active(db).await?.into_iter().find(|member| member.id == id);
            member.map(Some).ok_or(AppError::BadRequest)
        }
    }
}

async fn set_status(action: TicketAction) -> Result<Response, AppError> {
    let form = &action.form;
    let status: TicketStatus = form.raw("status").parse().map_err(|_| AppError::BadRequest)?;
    let mut fields = vec![("status", status.into_str().to_owned())];
    let command = match status {
        TicketStatus::New => TicketCommand::ReturnToNew,
        TicketStatus::Open => TicketCommand::SetOpen,
        TicketStatus::Spam => TicketCommand::MarkSpam,
        TicketStatus::Waiting => {
            for name in ["waiting_for", "until", "date", "time", "reason"] {
                fields.push((name, form.single_line(name)));
            }
            match parse_snooze(form, action.context.now, &action.context.app) {
                Ok(command) => command,
                Err(error) => return render_snooze_form(&action.context, action.ticket, form, Some(error)),
            }
        }
        TicketStatus::Resolved => {
            let text = form.multi_line("text");
            fields.push(("text", text.clone()));
            // the composer's button sends `kind` and a reply; the button beside the conversation resolves silently
            let is_silent = text.is_empty() && form.raw("kind").is_empty();
            match (!is_silent).then(|| parse_reply(form)).transpose() {
                Ok(text) => TicketCommand::Resolve { text },
                Err(composer) => return action.render_invalid(composer).await,
            }
        }
        // merging sets this status, and asks for the main ticket
        TicketStatus::Duplicate => return Err(AppError::BadRequest),
    };
    let description = UiMessage::new("intended-action-status").with("status", UiMessage::new(status.label()));
    action.run(command, IntendedAction { description, resource: "status", fields }).await
}

async fn add_note(mut action: TicketAction) -> Result<Response, AppError> {
    let note = match Note::parse(action.form.multi_line("text")) {
        Ok(note) => note,
        Err(error) => {
            let composer = ComposerState::from_form("note", &action.form, Some(error));
            return action.render_invalid(composer).await;
        }
    };
    let (submission, author) = (parse_submission(&action.form), Actor::Staff(action.context.staff.id));
    command::add_note(&mut action.tx, &action.ticket, note, submission, author, action.context.now).await?;
    action.commit_and_redirect("conversation").await
}

async fn add_reply(mut action: TicketAction) -> Result<Response, AppError> {
    let text = match parse_reply(&action.form) {
        Ok(text) => text,
        Err(composer) => return action.render_invalid(composer).await,
    };
    let (version, submission) = (action.expected_version(), parse_submission(&action.form));
    let (staff_id, now) = (action.context.staff.id, action.context.now);
    match command::send_reply_unless_answered(&mut action.tx, version, text, submission, staff_id, now).await? {
        ReplyOutcome::Sent => action.commit_and_redirect("conversation").await,
        ReplyOutcome::AnsweredMeanwhile => {
            let form = &action.form;
            let fields = vec![("text", form.multi_line("text")), ("submission", form.raw("submission").to_owned())];
            let description = UiMessage::new("intended-action-reply");
            action.render_conflict(IntendedAction { description, resource: "replies", fields }, |_| false).await
        }
    }
}

/// Appends a saved reply to the text in the composer, for browsers without scripts. Stores nothing.
async fn insert_saved_reply(mut action: TicketAction) -> Result<Response, AppError> {
    let saved = load_saved_reply(&action.context, &mut action.tx, &action.ticket, &action.form).await?;
    let composer = ComposerState::from_form("reply", &action.form, None);
    let texts = [composer.text.as_str(), &saved].into_iter().filter(|text| !text.is_empty());
    let composer = ComposerState { text: texts.collect::<Vec<_>>().join("\n\n"), ..composer };
    let page = load_page(action.context, &mut action.tx, action.ticket, composer).await?;
    Ok(render_html(&page)?.into_response())
}
