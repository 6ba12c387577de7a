//! What everybody can do with incidents: read them, follow the feed, say "me too", and subscribe by email.

mod feed;
mod me_too;
mod pages;
mod request;
mod subscriptions;

use axum::Router;

use crate::app::App;

pub(super) fn routes(app: App) -> Router<App> {
    pages::routes().merge(me_too::routes(app.clone())).merge(subscriptions::routes(app))
}
