//! The router state of modules that need nothing but the application and one rate limiter.

use std::sync::Arc;

use axum::extract::FromRef;

use super::rate_limit::{ClientRateLimiter, RateQuota};
use crate::app::App;

/// The application and a rate limiter. A router with this state does not compile without them.
#[derive(Clone)]
pub(crate) struct RateLimitedState {
    app: App,
    rate_limiter: Arc<ClientRateLimiter>,
}

impl RateLimitedState {
    pub(crate) fn new(app: App, quota: &RateQuota) -> RateLimitedState {
        RateLimitedState { app, rate_limiter: Arc::new(ClientRateLimiter::new(quota)) }
    }
}

impl FromRef<RateLimitedState> for App {
    fn from_ref(state: &RateLimitedState) -> App {
        state.app.clone()
    }
}

impl FromRef<RateLimitedState> for Arc<ClientRateLimiter> {
    fn from_ref(state: &RateLimitedState) -> Arc<ClientRateLimiter> {
        state.rate_limiter.clone()
    }
}
