//! "Take next": the new ticket that has waited longest, for exactly one person.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::said::back_with;
use crate::{
    app::{App, Now},
    staff::Staff,
    tickets::{Category, verbs},
    web::{Error, Form},
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/next", post(next))
}

/// Leads to the ticket; when nobody waits, back to the queue that the form came from.
async fn next(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    let category: Option<Category> = form.raw("category").parse().ok();
    let mut tx = app.db.begin().await?;
    let taken = verbs::take_next(&mut tx, category, &staff.person(), now).await?;
    tx.commit().await?;
    let to = match taken {
        Some(reference) => format!("/staff/tickets/{reference}"),
        None => back_with(&form, None),
    };
    Ok(Redirect::to(&to).into_response())
}
