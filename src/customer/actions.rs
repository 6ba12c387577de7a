//! The customer's actions: POST resources that redirect to the page with a confirmation. A form that is sent twice counts
//! once.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{
    access::{TicketAccess, find_rotated_key},
    page::{MessageForm, render_page},
    urls::ticket_url_with_flash,
};
use crate::{
    app::App,
    i18n::UiMessage,
    tickets::{
        CustomerMessage, TicketCommand, TicketReference,
        command::{
            self, CommandOutcome, access_link,
            incident::{self, JoinOutcome, JoinSource},
        },
    },
    web::{AppError, Form, PublicLayout, QueryForm},
};

pub(crate) async fn confirm_fixed(access: TicketAccess, form: Form) -> Result<Response, AppError> {
    apply_and_redirect(access, &form, TicketCommand::ConfirmFixed, "works").await
}

/// The message is optional.
pub(crate) async fn report_still_broken(access: TicketAccess, form: Form) -> Result<Response, AppError> {
    let text = form.multi_line("text");
    match (!text.is_empty()).then(|| CustomerMessage::parse(text)).transpose() {
        Ok(text) => apply_and_redirect(access, &form, TicketCommand::ReportStillBroken { text }, "fails").await,
        Err(error) => render_invalid(access, &form, error).await,
    }
}

pub(crate) async fn add_message(access: TicketAccess, form: Form) -> Result<Response, AppError> {
    match CustomerMessage::parse(form.multi_line("text")) {
        Ok(text) => apply_and_redirect(access, &form, TicketCommand::AddCustomerMessage { text }, "message").await,
        Err(error) => render_invalid(access, &form, error).await,
    }
}

/// Adds the ticket to an incident, unless it is in another one.
pub(crate) async fn join_incident(access: TicketAccess, form: Form) -> Result<Response, AppError> {
    access.check_write_limit()?;
    let incident = form.raw("incident").parse().map_err(|_| AppError::BadRequest)?;
    let mut tx = access.app.db.begin().await?;
    let (tickets, by) = ([access.ticket.id], access.command_context());
    let outcomes = incident::join(&mut tx, &tickets, incident, JoinSource::Customer, by).await?;
    tx.commit().await?;
    let url = match outcomes.first() {
        Some(JoinOutcome::Done | JoinOutcome::AlreadyJoined) => access.url_with_flash("incident"),
        // the page shows the present state
        Some(
            JoinOutcome::InOtherIncident(_) | JoinOutcome::Closed | JoinOutcome::IsDuplicate | JoinOutcome::NotFound,
        )
        | None => access.url(""),
    };
    Ok(Redirect::to(&url).into_response())
}

async fn apply_and_redirect(
    access: TicketAccess,
    form: &Form,
    command: TicketCommand,
    flash: &str,
) -> Result<Response, AppError> {
    access.check_write_limit()?;
    let mut tx = access.app.db.begin().await?;
    let (version, by) = (access.ticket.expected_version(), access.command_context());
    match command::apply(&mut tx, version, &command, parse_submission(form), by).await? {
        CommandOutcome::Done | CommandOutcome::NoChange => {
            tx.commit().await?;
            Ok(Redirect::to(&access.url_with_flash(flash)).into_response())
        }
        CommandOutcome::Closed => {
            drop(tx);
            // the text stays on the page, to be copied into a new report
            let message = MessageForm { text: form.multi_line("text"), ..MessageForm::new() };
            render_page(access, StatusCode::CONFLICT, Some("customer-flash-closed"), message).await
        }
        // a customer's commands ignore the version and the assignee
        CommandOutcome::VersionConflict
        | CommandOutcome::AssignedToOther
        | CommandOutcome::IsDuplicate
        | CommandOutcome::NotFound => Err(AppError::NotFound),
    }
}

async fn render_invalid(access: TicketAccess, form: &Form, error: UiMessage) -> Result<Response, AppError> {
    let message = MessageForm { text: form.multi_line("text"), error: Some(error), ..MessageForm::new() };
    render_page(access, StatusCode::UNPROCESSABLE_ENTITY, None, message).await
}

/// Replaces the key and redirects to the page with the new one. The old link stops working.
pub(crate) async fn rotate_access_link(
    State(app): State<App>,
    Path((_, reference)): Path<(String, String)>,
    page: PublicLayout,
    QueryForm(query): QueryForm,
    access: Result<TicketAccess, Response>,
    form: Form,
) -> Result<Response, AppError> {
    let access = match access {
        Ok(access) => access,
        // if the button was pressed twice, the first request has replaced the key
        Err(denied) => {
            let Ok(reference) = reference.parse::<TicketReference>() else { return Ok(denied) };
            return Ok(match find_rotated_key(&app, &reference, &query, &form).await? {
                Some(key) => Redirect::to(&ticket_url_with_flash(page.lang, &reference, &key, "link")).into_response(),
                None => denied,
            });
        }
    };
    access.check_write_limit()?;
    let mut tx = access.app.db.begin().await?;
    let by = access.command_context();
    let secret = access.app.signing_secret.get(&mut tx).await?;
    let key = access_link::rotate(&mut tx, secret, &access.ticket, parse_submission(&form), by).await?;
    // another request with the old key has just replaced it
    let Some(key) = key else { return Err(AppError::NotFound) };
    tx.commit().await?;
    let access = TicketAccess { key, ..access };
    Ok(Redirect::to(&access.url_with_flash("link")).into_response())
}

/// The id of the form, if it has a valid one.
pub(crate) fn parse_submission(form: &Form) -> Option<Uuid> {
    Uuid::parse_str(form.raw("submission")).ok()
}
