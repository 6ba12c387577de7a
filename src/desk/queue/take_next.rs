//! "Take next": the new ticket that has waited longest, for exactly one person.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::flash::return_url_with_flash;
use crate::{
    app::{App, Now},
    staff::Staff,
    tickets::{TicketCategory, command::update},
    web::{AppError, Form},
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/next", post(take_next))
}

/// Leads to the ticket; when nobody waits, back to the queue that the form came from.
async fn take_next(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    let category: Option<TicketCategory> = form.raw("category").parse().ok();
    let mut tx = app.db.begin().await?;
    let taken = update::claim_next(&mut tx, category, &staff.to_member(), now).await?;
    tx.commit().await?;
    let to = match taken {
        Some(reference) => format!("/staff/tickets/{reference}"),
        None => return_url_with_flash(&form, None),
    };
    Ok(Redirect::to(&to).into_response())
}
