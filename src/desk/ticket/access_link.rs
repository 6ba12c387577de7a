//! The customer's access link. Staff pass it on by phone or chat, and replace it if it has leaked.

use askama::Template;
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use uuid::Uuid;

use super::{action_request::TicketAction, load::TicketRequest};
use crate::{
    guides::GuidesState,
    local_time,
    staff::StaffLayout,
    tickets::{Ticket, command::access_link},
    urls,
    web::{AppError, render_html},
};

pub(crate) fn routes() -> Router<GuidesState> {
    Router::new().route("/staff/tickets/{reference}/link", get(show).post(rotate))
}

#[derive(Template)]
#[template(path = "desk/access_link.html")]
struct AccessLinkPage {
    frame: StaffLayout,
    ticket: Ticket,
    /// The absolute URL. `None` for an old ticket whose key cannot be derived again.
    url: Option<String>,
    submission: Uuid,
}

impl AccessLinkPage {
    /// The last day on which the link works.
    fn expires_on(&self) -> Option<String> {
        Some(local_time::format_date(self.ticket.resolved_at? + access_link::ACCESS_LINK_TTL_AFTER_RESOLUTION))
    }
}

async fn show(TicketRequest { context, mut db, ticket }: TicketRequest) -> Result<Response, AppError> {
    let secret = context.app.signing_secret.get(&mut db).await?;
    let key = access_link::current_key(&mut db, secret, ticket.id).await?;
    let path = key.map(|key| urls::public::ticket(ticket.lang, &ticket.reference, "", Some(&key)));
    let url = path.map(|path| format!("{}{path}", context.app.public_url));
    let page = AccessLinkPage { frame: context.layout(), ticket, url, submission: Uuid::new_v4() };
    Ok(render_html(&page)?.into_response())
}

async fn rotate(mut action: TicketAction) -> Result<Response, AppError> {
    let submission = Uuid::parse_str(action.form.raw("submission")).ok();
    let by = action.command_context();
    // if another request was first, the page shows the link that is valid now
    let secret = action.context.app.signing_secret.get(&mut action.tx).await?;
    access_link::rotate(&mut action.tx, secret, &action.ticket, submission, by).await?;
    action.tx.commit().await?;
    Ok(Redirect::to(&urls::staff::ticket_resource(&action.ticket.reference, "link")).into_response())
}
