//! The pages of the checks. Every result has its own page, with links back to the guide and on to the report form.

mod navigation;
mod line_test_sessions;
mod request;
mod address;
mod lamps;
mod message;
mod number;
mod sound;
mod line_test_chart;
mod line_test;
mod line_test_api;
mod result;

use std::sync::Arc;

use axum::{Router, routing::get};

use crate::{app::App, guides::Guides};
use request::CheckState;

pub fn routes(app: App, guides: Arc<Guides>) -> Router<App> {
    Router::new()
        .route("/{lang}/check/address", get(address::show).post(address::lift))
        .route("/{lang}/check/lamps", get(lamps::show))
        .route("/{lang}/check/message", get(message::show))
        .route("/{lang}/check/message/hint", get(message::show_hint))
        .route("/{lang}/check/message/{id}", get(message::show_cause))
        .route("/{lang}/check/link", get(line_test::show))
        .route("/{lang}/check/sound", get(sound::show).post(sound::create))
        .merge(line_test_api::routes())
        .route("/{lang}/check/number", get(number::show))
        .route("/{lang}/check/result/{id}", get(result::show))
        .with_state(CheckState::new(app, guides))
}
