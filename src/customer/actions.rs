//! What a customer does on the page: each a small POST resource, which leads back to the page and says what was done. Sent
//! twice, it counts once.

use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{
    access::{self, TicketAccess},
    page::{MessageForm, render_page},
};
use crate::{
    app::App,
    i18n::UiMessage,
    tickets::{
        CustomerMessage, TicketCommand,
        command::{
            access_link,
            incident::{self, JoinOutcome, JoinSource},
            update::{self, CommandOutcome},
        },
    },
    web::{AppError, Form, PublicLayout},
};

pub(crate) async fn confirm_fixed(guest: TicketAccess, form: Form) -> Result<Response, AppError> {
    apply_and_redirect(guest, &form, TicketCommand::ConfirmFixed, "works").await
}

/// Words with it are welcome, and none are needed.
pub(crate) async fn report_still_broken(guest: TicketAccess, form: Form) -> Result<Response, AppError> {
    let text = form.multi_line("text");
    match (!text.is_empty()).then(|| CustomerMessage::parse(text)).transpose() {
        Ok(text) => apply_and_redirect(guest, &form, TicketCommand::ReportStillBroken { text }, "fails").await,
        Err(wrong) => render_invalid(guest, &form, wrong).await,
    }
}

pub(crate) async fn add_message(guest: TicketAccess, form: Form) -> Result<Response, AppError> {
    match CustomerMessage::parse(form.multi_line("text")) {
        Ok(text) => apply_and_redirect(guest, &form, TicketCommand::AddCustomerMessage { text }, "message").await,
        Err(wrong) => render_invalid(guest, &form, wrong).await,
    }
}

/// "It is this trouble": the ticket joins the incident, unless another one has it.
pub(crate) async fn join_incident(guest: TicketAccess, form: Form) -> Result<Response, AppError> {
    guest.check_write_limit()?;
    let incident = form.raw("incident").parse().map_err(|_| AppError::BadRequest)?;
    let mut tx = guest.app.db.begin().await?;
    let joined = incident::join(&mut tx, &[guest.ticket.id], incident, JoinSource::Customer, guest.context()).await?;
    tx.commit().await?;
    let address = match joined.first() {
        Some(JoinOutcome::Done | JoinOutcome::AlreadyJoined) => guest.url_with_flash("incident"),
        // the page shows how it is
        Some(
            JoinOutcome::InOtherIncident(_) | JoinOutcome::Closed | JoinOutcome::IsDuplicate | JoinOutcome::NotFound,
        )
        | None => guest.url(""),
    };
    Ok(Redirect::to(&address).into_response())
}

async fn apply_and_redirect(
    guest: TicketAccess,
    form: &Form,
    verb: TicketCommand,
    said: &str,
) -> Result<Response, AppError> {
    guest.check_write_limit()?;
    let mut tx = guest.app.db.begin().await?;
    let outcome =
        update::apply(&mut tx, guest.ticket.expected_version(), &verb, parse_submission(form), guest.context()).await?;
    match outcome {
        CommandOutcome::Done | CommandOutcome::NoChange => {
            tx.commit().await?;
            Ok(Redirect::to(&guest.url_with_flash(said)).into_response())
        }
        CommandOutcome::Closed => {
            drop(tx);
            // what was written stays on the page, to be copied into a new report
            let written = MessageForm { text: form.multi_line("text"), ..new_message_form() };
            render_page(guest, StatusCode::CONFLICT, Some("customer-flash-closed"), written).await
        }
        // a customer's words are never too late, and nobody holds them
        CommandOutcome::VersionConflict
        | CommandOutcome::AssignedToOther
        | CommandOutcome::IsDuplicate
        | CommandOutcome::NotFound => Err(AppError::NotFound),
    }
}

async fn render_invalid(guest: TicketAccess, form: &Form, wrong: UiMessage) -> Result<Response, AppError> {
    let written = MessageForm { text: form.multi_line("text"), error: Some(wrong), ..new_message_form() };
    render_page(guest, StatusCode::UNPROCESSABLE_ENTITY, None, written).await
}

fn new_message_form() -> MessageForm {
    MessageForm { submission: Uuid::new_v4(), ..MessageForm::default() }
}

/// Replaces the key, and leads to the page with the new one. The old link leads nowhere from now on.
pub(crate) async fn rotate_access_link(
    State(app): State<App>,
    Path((_, reference)): Path<(String, String)>,
    page: PublicLayout,
    uri: Uri,
    guest: Result<TicketAccess, Response>,
    form: Form,
) -> Result<Response, AppError> {
    let guest = match guest {
        Ok(guest) => guest,
        // pressed twice: the first time has changed the locks
        Err(refused) => {
            return Ok(match access::find_rotated_key(&app, &reference, &access::parse_query(&uri), &form).await? {
                Some(key) => {
                    let address = format!("/{}/ticket/{reference}?key={}&said=link#flash", page.lang, key.0);
                    Redirect::to(&address).into_response()
                }
                None => refused,
            });
        }
    };
    guest.check_write_limit()?;
    let mut tx = guest.app.db.begin().await?;
    let key = access_link::rotate(&mut tx, &guest.ticket, parse_submission(&form), guest.context()).await?;
    // somebody else with the key replaced it at this very moment
    let Some(key) = key else { return Err(AppError::NotFound) };
    tx.commit().await?;
    let guest = TicketAccess { key, ..guest };
    Ok(Redirect::to(&guest.url_with_flash("link")).into_response())
}

/// The id of the form that something was sent by.
pub(crate) fn parse_submission(form: &Form) -> Option<Uuid> {
    Uuid::parse_str(form.raw("submission")).ok()
}
