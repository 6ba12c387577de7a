//! "Take next": assigns the new ticket with the longest wait to the staff member who asked, even with concurrent requests.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::flash::{NO_NEW_TICKETS, return_url_with_flash};
use crate::{
    app::{App, Now},
    staff::Staff,
    tickets::{TicketCategory, command},
    urls,
    web::{AppError, Form},
};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/staff/next", post(take_next))
}

/// Redirects to the ticket. Without a new ticket, redirects back to the queue.
async fn take_next(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    let category: Option<TicketCategory> = form.raw("category").parse().ok();
    let mut tx = app.db.begin().await?;
    let claimed = command::claim_next(&mut tx, category, &staff.to_member(), now).await?;
    tx.commit().await?;
    let url = match claimed {
        Some(reference) => urls::staff::ticket(&reference),
        None => return_url_with_flash(&form, NO_NEW_TICKETS),
    };
    Ok(Redirect::to(&url).into_response())
}
