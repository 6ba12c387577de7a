//! The staff queue: its pages, search, CSV export and "take next".

pub(super) mod filter;
pub(super) mod store;
pub(super) mod search;
pub(super) mod listing;
pub(super) mod query;
pub(super) mod row;
pub(super) mod flash;
pub(super) mod take_next;
mod page;
mod export;

use axum::Router;

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    page::routes().merge(export::routes())
}
