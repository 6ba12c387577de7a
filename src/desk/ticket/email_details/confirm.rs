//! Staff confirm or correct the details that were extracted from an email, all at once.

use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::form::EmailDetailsForm;
use crate::desk::ticket::{action_request::TicketAction, composer::ComposerState, page::load_page};
use crate::{
    guides::GuidesState,
    i18n::UiMessage,
    tickets::command::{CommandOutcome, confirm_details::confirm_details},
    urls,
    web::{AppError, render_html},
};

pub(crate) fn routes() -> Router<GuidesState> {
    Router::new().route("/staff/tickets/{reference}/email-details", post(confirm))
}

async fn confirm(mut action: TicketAction) -> Result<Response, AppError> {
    let mut form = EmailDetailsForm::from_form(&action.form);
    let (now, records_days) = (action.context.now, action.context.app.operator.records_days);
    let status = match form.validate(&action.ticket, now, records_days) {
        Some(details) => {
            let (version, by) = (action.expected_version(), action.command_context());
            match confirm_details(&mut action.tx, &action.ticket, version, &details, by).await? {
                CommandOutcome::Done | CommandOutcome::NoChange => {
                    action.tx.commit().await?;
                    return Ok(Redirect::to(&urls::staff::ticket(&action.ticket.reference)).into_response());
                }
                CommandOutcome::VersionConflict
                | CommandOutcome::AssignedToOther
                | CommandOutcome::IsDuplicate
                | CommandOutcome::Closed
                | CommandOutcome::NotFound => StatusCode::CONFLICT,
            }
        }
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    if status == StatusCode::CONFLICT {
        form.errors.push(("category", UiMessage::new("email-details-conflict")));
    }
    // the typed values are shown beside the ticket's current ones
    let mut page = load_page(action.context, &mut action.tx, action.ticket, ComposerState::empty()).await?;
    page.email_details_form = Some(form);
    Ok((status, render_html(&page)?).into_response())
}
