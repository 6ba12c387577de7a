//! `/staff/blocklist`: staff search and edit the blocklist and see its history.

mod detail;
mod form;
mod list;
mod urls;

use axum::{
    Router,
    routing::{get, post},
};

pub use urls::entry_url;

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/blocklist", get(list::show).post(list::create))
        .route("/staff/blocklist/change", post(detail::update))
        .route("/staff/blocklist/removal", post(detail::delete))
        .route("/staff/blocklist/{*net}", get(detail::show))
}
