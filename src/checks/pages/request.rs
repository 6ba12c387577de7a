//! The state of the check pages, and the extractor that their handlers share.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use time::OffsetDateTime;

use super::{line_test_sessions::LineTestSessions, navigation::CheckNavigation};
use crate::{
    app::App,
    checks::{CheckOutcome, CheckResultStore},
    guides::Guides,
    web::{
        AppError, Client, Form, PublicLayout,
        rate_limit::{ClientRateLimiter, LINE_TEST_QUOTA},
    },
};

#[derive(Clone)]
pub(super) struct CheckState {
    pub(super) app: App,
    pub(super) guides: Arc<Guides>,
    result_store: CheckResultStore,
    line_tests: Arc<LineTestState>,
}

/// The line tests that run now, and how many more an address may start.
pub(super) struct LineTestState {
    pub(super) rate_limiter: ClientRateLimiter,
    pub(super) sessions: LineTestSessions,
}

impl CheckState {
    pub(super) fn new(app: App, guides: Arc<Guides>) -> CheckState {
        let rate_limiter = ClientRateLimiter::new(&LINE_TEST_QUOTA);
        CheckState {
            app,
            guides,
            result_store: CheckResultStore::default(),
            line_tests: Arc::new(LineTestState { rate_limiter, sessions: LineTestSessions::default() }),
        }
    }
}

impl FromRef<CheckState> for App {
    fn from_ref(state: &CheckState) -> App {
        state.app.clone()
    }
}

impl FromRef<CheckState> for Arc<LineTestState> {
    fn from_ref(state: &CheckState) -> Arc<LineTestState> {
        state.line_tests.clone()
    }
}

/// A request to a check page.
pub(super) struct CheckRequest {
    pub(super) app: App,
    pub(super) page: PublicLayout,
    pub(super) client: Client,
    pub(super) now: OffsetDateTime,
    pub(super) guides: Arc<Guides>,
    pub(super) result_store: CheckResultStore,
    pub(super) query: Form,
    /// From the query.
    pub(super) navigation: CheckNavigation,
}

impl FromRequestParts<CheckState> for CheckRequest {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &CheckState) -> Result<CheckRequest, AppError> {
        let page = PublicLayout::from_uri(&state.app, &parts.uri)?;
        let Ok(client) = Client::from_request_parts(parts, state).await;
        let query = Form::from_query(&parts.uri);
        Ok(CheckRequest {
            navigation: CheckNavigation::from_query(&query, &state.guides, page.lang),
            app: state.app.clone(),
            page,
            client,
            now: state.app.clock.now(),
            guides: state.guides.clone(),
            result_store: state.result_store.clone(),
            query,
        })
    }
}

impl CheckRequest {
    /// Stores a result and adds its id to the navigation. Returns `None` if it could not be stored.
    pub(super) async fn save(&mut self, outcome: &CheckOutcome) -> Option<String> {
        let id = self.result_store.save(&self.app, &self.client, outcome, self.now).await;
        self.navigation.check_ids.add(id.as_deref().unwrap_or_default());
        id
    }
}
