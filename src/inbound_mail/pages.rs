//! `/staff/inbox`: inbound messages and their dispositions. Nothing is discarded unseen: staff can read every message here,
//! and open a ticket from one that was classified as a machine's.

mod detail;
mod download;
mod labels;
mod list;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;
pub(crate) use labels::{describe_attachment, disposition_css_class};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/staff/inbox", get(list::list))
        .route("/staff/inbox/{id}", get(detail::show))
        .route("/staff/inbox/{id}/raw", get(download::download_raw))
        .route("/staff/inbox/{id}/files/{number}", get(download::download_attachment))
        .route("/staff/inbox/{id}/done", post(detail::mark_handled))
        .route("/staff/inbox/{id}/ticket", post(detail::open_ticket))
}
