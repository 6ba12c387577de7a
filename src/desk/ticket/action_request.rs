//! A form that staff send to a ticket. The ticket is loaded in the transaction that changes it. If the action cannot be
//! done as intended, the response shows what has changed and what was intended.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    composer::ComposerState,
    conflict::{IntendedAction, events_since, render_assigned_to_other, render_conflict, render_duplicate},
    load::{TicketRequestContext, extract_reference, load_ticket},
    page::load_page,
};
use crate::{
    guides::GuidesState,
    i18n::UiMessage,
    tickets::{
        self, EventKind, Note, Ticket, TicketCommand, TicketReference,
        command::{self, CommandContext, CommandOutcome, ExpectedVersion},
    },
    urls,
    web::{AppError, Form, render_html},
};

/// A form with its ticket, in an open transaction. An extractor; unknown references are not found.
pub(crate) struct TicketAction {
    pub context: TicketRequestContext,
    pub tx: Transaction<'static, Postgres>,
    pub ticket: Ticket,
    pub form: Form,
}

impl FromRequest<GuidesState> for TicketAction {
    type Rejection = Response;

    async fn from_request(request: Request, state: &GuidesState) -> Result<TicketAction, Response> {
        let (mut parts, body) = request.into_parts();
        let context = TicketRequestContext::from_request_parts(&mut parts, state).await?;
        let reference = extract_reference(&mut parts, state).await?;
        // the body is read first: a slow client must not hold a transaction open
        let form = Form::from_request(Request::from_parts(parts, body), state).await;
        let form = form.map_err(IntoResponse::into_response)?;
        let begin = async {
            let mut tx = state.app.db.begin().await?;
            let ticket = load_ticket(&mut tx, &reference).await?;
            Ok(TicketAction { context, tx, ticket, form })
        };
        begin.await.map_err(|error: AppError| error.into_response())
    }
}

impl TicketAction {
    /// The version of the ticket that the form was rendered from.
    pub(crate) fn expected_version(&self) -> ExpectedVersion {
        ExpectedVersion { id: self.ticket.id, version: parse_version(&self.form) }
    }

    pub(crate) fn command_context(&self) -> CommandContext {
        self.context.command_context()
    }

    /// Applies the command and redirects to the ticket, or renders the reason for the refusal.
    pub(crate) async fn run(mut self, command: TicketCommand, intended: IntendedAction) -> Result<Response, AppError> {
        let (version, by) = (self.expected_version(), self.command_context());
        match command::apply(&mut self.tx, version, &command, None, by).await? {
            CommandOutcome::Done | CommandOutcome::NoChange => self.commit_and_redirect(intended.section()).await,
            CommandOutcome::VersionConflict | CommandOutcome::Closed => {
                self.render_conflict(intended, |last| command.matches_event(last)).await
            }
            CommandOutcome::AssignedToOther => {
                // the reason was asked for and is still missing
                let error = self.form.has("reason").then(|| UiMessage::new("assigned-to-other-reason-missing"));
                render_assigned_to_other(&self.context, self.ticket, intended, error)
            }
            CommandOutcome::IsDuplicate => render_duplicate(&self.context, self.ticket, intended),
            CommandOutcome::NotFound => Err(AppError::NotFound),
        }
    }

    pub(crate) async fn commit_and_redirect(self, section: &str) -> Result<Response, AppError> {
        self.tx.commit().await?;
        Ok(redirect_to_section(&self.ticket.reference, section))
    }

    /// Renders the conflict with the changes since the form was rendered. If the only change is the intended one, by the
    /// same staff member, the button was pressed twice, and the response redirects as after the first press.
    pub(crate) async fn render_conflict(
        mut self,
        intended: IntendedAction,
        is_intended: impl Fn(&EventKind) -> bool,
    ) -> Result<Response, AppError> {
        let ticket = load_ticket(&mut self.tx, self.ticket.reference.as_str()).await?;
        let events = tickets::list_events(&mut self.tx, ticket.id).await?;
        let events = events_since(events, &ticket, parse_version(&self.form));
        if let [only] = &events[..]
            && only.staff_id == Some(self.context.staff.id)
            && is_intended(&only.kind)
        {
            return Ok(redirect_to_section(&ticket.reference, intended.section()));
        }
        render_conflict(&self.context, ticket, events, intended)
    }

    /// The ticket's page with the rejected text in the composer.
    pub(crate) async fn render_invalid(mut self, composer: ComposerState) -> Result<Response, AppError> {
        let page = load_page(self.context, &mut self.tx, self.ticket, composer).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
    }
}

/// Redirects to the ticket's page, to the section where the form was: keyboard users continue from there.
pub(crate) fn redirect_to_section(reference: &TicketReference, section: &str) -> Response {
    Redirect::to(&urls::staff::ticket_section(reference, section)).into_response()
}

/// The id of the form: a text that is sent twice is stored once.
pub(crate) fn parse_submission(form: &Form) -> Uuid {
    Uuid::parse_str(form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4())
}

/// The version that the form was rendered from. A form without it counts as outdated.
pub(crate) fn parse_version(form: &Form) -> i32 {
    form.raw("version").parse().unwrap_or(0)
}

/// A reason, which is optional.
pub(crate) fn parse_reason(reason: &str) -> Result<Option<Note>, UiMessage> {
    Some(reason).filter(|reason| !reason.is_empty()).map(|reason| Note::parse(reason.to_owned())).transpose()
}
