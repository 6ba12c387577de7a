//! What staff do to a ticket: small POST resources under it. Who was second is shown both: what changed, and what they
//! wanted.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use sqlx::{PgConnection, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    conflict::{self, IntendedAction, events_since},
    page::{ComposerState, load_page, load_ticket},
    snooze_until, waiting,
};
use crate::desk::replies;
use crate::{
    app::{App, Now},
    guides::Guides,
    i18n::UiMessage,
    staff::{Staff, StaffMember, list_active},
    tickets::{
        self, Actor, Note, Reply, Ticket, TicketCommand, TicketReference, TicketStatus, WaitingFor,
        command::update::{self, CommandContext, CommandOutcome, ExpectedVersion},
    },
    web::{AppError, Form, render_html},
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/tickets/{reference}/assignment", post(assign))
        .route("/staff/tickets/{reference}/status", post(set_status))
        .route("/staff/tickets/{reference}/notes", post(add_note))
        .route("/staff/tickets/{reference}/replies", post(add_reply))
}

/// Everything a verb's handler works with: the ticket is read in the transaction that changes it.
pub(crate) struct TicketAction<'a> {
    pub app: &'a App,
    pub staff: &'a Staff,
    pub tx: Transaction<'static, Postgres>,
    pub ticket: Ticket,
    pub form: &'a Form,
    pub now: OffsetDateTime,
}

impl<'a> TicketAction<'a> {
    pub async fn begin(
        app: &'a App,
        staff: &'a Staff,
        reference: &str,
        form: &'a Form,
        now: OffsetDateTime,
    ) -> Result<TicketAction<'a>, AppError> {
        let mut tx = app.db.begin().await?;
        let ticket = load_ticket(&mut tx, reference).await?;
        Ok(TicketAction { app, staff, tx, ticket, form, now })
    }

    /// The ticket as the form saw it.
    pub fn expected_version(&self) -> ExpectedVersion {
        ExpectedVersion { id: self.ticket.id, version: parse_version(self.form) }
    }

    pub fn context(&self) -> CommandContext {
        CommandContext::new(Actor::Staff(self.staff.id), self.now)
    }

    /// Does it, and leads to the ticket; or says why not.
    pub async fn run(mut self, verb: TicketCommand, wish: IntendedAction) -> Result<Response, AppError> {
        let (seen, by) = (self.expected_version(), self.context());
        match update::apply(&mut self.tx, seen, &verb, None, by).await? {
            CommandOutcome::Done | CommandOutcome::NoChange => self.commit_and_redirect(wish.section()).await,
            CommandOutcome::VersionConflict | CommandOutcome::Closed => {
                self.render_conflict(wish, |last| verb.matches_event(last)).await
            }
            CommandOutcome::AssignedToOther => {
                // a reason that was asked for and is still missing
                let wrong = self.form.has("reason").then(|| UiMessage::new("assigned-to-other-reason-missing"));
                conflict::render_assigned_to_other(self.app, self.staff, self.ticket, wish, wrong)
            }
            CommandOutcome::IsDuplicate => conflict::render_duplicate(self.app, self.staff, self.ticket, wish),
            CommandOutcome::NotFound => Err(AppError::NotFound),
        }
    }

    async fn commit_and_redirect(self, place: &str) -> Result<Response, AppError> {
        self.tx.commit().await?;
        Ok(redirect_to_section(&self.ticket.reference, place))
    }

    /// Somebody was first. Who pressed twice was first themselves, and is told nothing of it.
    pub async fn render_conflict(
        mut self,
        wish: IntendedAction,
        is_wish: impl Fn(&tickets::EventKind) -> bool,
    ) -> Result<Response, AppError> {
        let ticket = load_ticket(&mut self.tx, self.ticket.reference.as_str()).await?;
        let since =
            events_since(tickets::list_events(&mut self.tx, ticket.id).await?, &ticket, parse_version(self.form));
        if let [only] = &since[..]
            && only.staff_id == Some(self.staff.id)
            && is_wish(&only.kind)
        {
            return Ok(redirect_to_section(&ticket.reference, wish.section()));
        }
        conflict::render_conflict(self.app, self.staff, ticket, since, wish, self.now)
    }

    /// The page with what was written and why it was not taken.
    async fn render_invalid(mut self, guides: &Guides, kept: ComposerState) -> Result<Response, AppError> {
        let page = load_page(self.app, &mut self.tx, self.staff, self.ticket, guides, Some(kept), self.now).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
    }
}

async fn assign(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut act = TicketAction::begin(&app, &staff, &reference, &form, now).await?;
    let to = parse_assignee(&mut act.tx, &staff, form.raw("assignee")).await?;
    let say = match &to {
        Some(to) => UiMessage::new("intended-action-assign").with("name", to.name.as_str()),
        None => UiMessage::new("intended-action-release"),
    };
    let mut fields = vec![("assignee", form.raw("assignee").to_owned())];
    let reason = form.single_line("reason");
    let anybody_elses = act.ticket.assignee.is_some_and(|has| has != staff.id);
    if !reason.is_empty() || (to.is_some() && anybody_elses) {
        fields.push(("reason", reason.clone()));
    }
    let wish = IntendedAction { description: say, resource: "assignment", fields };
    let reason = match parse_reason(&reason) {
        Ok(reason) => reason,
        Err(wrong) => return conflict::render_assigned_to_other(&app, &staff, act.ticket, wish, Some(wrong)),
    };
    let verb = match to {
        Some(to) => TicketCommand::Assign { assignee: to, reason },
        None => TicketCommand::Unassign { reason },
    };
    act.run(verb, wish).await
}

/// Who is meant: `me`, `none`, or a colleague's id.
pub(crate) async fn parse_assignee(
    db: &mut PgConnection,
    staff: &Staff,
    who: &str,
) -> Result<Option<StaffMember>, AppError> {
    match who {
        "me" => Ok(Some(staff.to_member())),
        "none" => Ok(None),
        id => {
            let id = Uuid::parse_str(id).map_err(|_| AppError::BadRequest)?;
            let person = list_active(db).await?.into_iter().find(|person| person.id == id);
            person.map(Some).ok_or(AppError::BadRequest)
        }
    }
}

async fn set_status(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let to: TicketStatus = form.raw("status").parse().map_err(|()| AppError::BadRequest)?;
    let act = TicketAction::begin(&app, &staff, &reference, &form, now).await?;
    let say = UiMessage::new("intended-action-status").with("status", UiMessage::new(to.label()));
    let mut fields = vec![("status", to.as_str().to_owned())];
    let verb = match to {
        TicketStatus::New => TicketCommand::ReturnToNew,
        TicketStatus::Open => TicketCommand::SetOpen,
        TicketStatus::Spam => TicketCommand::MarkSpam,
        TicketStatus::Waiting => {
            for name in ["whom", "until", "date", "time", "reason"] {
                fields.push((name, form.single_line(name)));
            }
            match parse_snooze(&form, now, &app) {
                Ok(verb) => verb,
                Err(wrong) => return waiting::render_form(&app, &staff, act.ticket, &form, Some(wrong), now),
            }
        }
        TicketStatus::Resolved => {
            let text = form.multi_line("text");
            fields.push(("text", text.clone()));
            // who writes and resolves means to say something; the button beside the conversation says nothing
            let is_silent = text.is_empty() && form.raw("kind").is_empty();
            match (!is_silent).then(|| parse_reply(&form)).transpose() {
                Ok(text) => TicketCommand::Resolve { text },
                Err(kept) => return act.render_invalid(&guides, kept).await,
            }
        }
        // of which ticket? that is what merging asks
        TicketStatus::Duplicate => return Err(AppError::BadRequest),
    };
    act.run(verb, IntendedAction { description: say, resource: "status", fields }).await
}

/// How a form wants to wait.
///
/// # Errors
/// A complaint about the day, or about the reason.
pub(crate) fn parse_snooze(form: &Form, now: OffsetDateTime, app: &App) -> Result<TicketCommand, waiting::SnoozeError> {
    let until = snooze_until::parse(form, now, &app.operator).map_err(waiting::SnoozeError::Until)?;
    let reason = parse_reason(&form.single_line("reason")).map_err(waiting::SnoozeError::Reason)?;
    Ok(TicketCommand::Snooze { waiting_for: WaitingFor::parse(form.raw("whom")), until, reason })
}

/// A reason, which may be missing.
pub(crate) fn parse_reason(reason: &str) -> Result<Option<Note>, UiMessage> {
    Some(reason).filter(|reason| !reason.is_empty()).map(|reason| Note::parse(reason.to_owned())).transpose()
}

async fn add_note(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut act = TicketAction::begin(&app, &staff, &reference, &form, now).await?;
    let note = match Note::parse(form.multi_line("text")) {
        Ok(note) => note,
        Err(wrong) => return act.render_invalid(&guides, ComposerState::from_form("note", &form, Some(wrong))).await,
    };
    update::add_note(&mut act.tx, &act.ticket, note, parse_submission(&form), Actor::Staff(staff.id), now).await?;
    act.commit_and_redirect("conversation").await
}

async fn add_reply(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut act = TicketAction::begin(&app, &staff, &reference, &form, now).await?;
    let reply = match parse_reply(&form) {
        Ok(reply) => reply,
        Err(kept) => return act.render_invalid(&guides, kept).await,
    };
    let (seen, by, verb) = (act.expected_version(), act.context(), TicketCommand::SendReply { text: reply });
    let outcome = update::apply(&mut act.tx, seen, &verb, Some(parse_submission(&form)), by).await?;
    if outcome == CommandOutcome::Done && form.has("version") && has_newer_reply(&mut act).await? {
        // the transaction ends without the answer: the customer would get two
        let TicketAction { app, staff, tx, ticket, form, now } = act;
        drop(tx);
        let act = TicketAction::begin(app, staff, ticket.reference.as_str(), form, now).await?;
        let fields = vec![("text", form.multi_line("text")), ("submission", form.raw("submission").to_owned())];
        let wish = IntendedAction { description: UiMessage::new("intended-action-reply"), resource: "replies", fields };
        return act.render_conflict(wish, |_| false).await;
    }
    act.commit_and_redirect("conversation").await
}

/// What is to go to the customer: with something in it and nothing left to be filled in. A browser without styles or with
/// a keyboard shortcut of its own may press the wrong button; what is marked as a note stays here.
fn parse_reply(form: &Form) -> Result<Reply, ComposerState> {
    if form.raw("kind") == "note" {
        return Err(ComposerState::from_form("note", form, Some(UiMessage::new("compose-note-not-sent"))));
    }
    let text = form.multi_line("text");
    let written = match replies::unfilled_placeholder_error(&text) {
        Some(wrong) => Err(wrong),
        None => Reply::parse(text),
    };
    written.map_err(|wrong| ComposerState::from_form("reply", form, Some(wrong)))
}

/// Whether somebody else has answered, or the customer has written, since the form was drawn; the answer that was just
/// added does not count.
async fn has_newer_reply(act: &mut TicketAction<'_>) -> Result<bool, AppError> {
    let ticket = load_ticket(&mut act.tx, act.ticket.reference.as_str()).await?;
    if ticket.version <= parse_version(act.form) + 1 {
        return Ok(false);
    }
    let mut since = events_since(tickets::list_events(&mut act.tx, ticket.id).await?, &ticket, parse_version(act.form));
    since.pop();
    let mut others = since.iter().filter(|event| event.staff_id != Some(act.staff.id) && !event.undone);
    Ok(others.any(|event| {
        event.reply().is_some() || event.customer_message().is_some() || event.resubmitted_fields().is_some()
    }))
}

/// The ticket's page, where its reader was: the next Tab goes on from there.
pub(crate) fn redirect_to_section(reference: &TicketReference, place: &str) -> Response {
    Redirect::to(&format!("/staff/tickets/{reference}#{place}")).into_response()
}

/// The id of the form that a text was written in: sent twice, it counts once.
fn parse_submission(form: &Form) -> Uuid {
    Uuid::parse_str(form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4())
}

/// The state that a form was drawn from; one without it is as old as can be.
pub(crate) fn parse_version(form: &Form) -> i32 {
    form.raw("version").parse().unwrap_or(0)
}
