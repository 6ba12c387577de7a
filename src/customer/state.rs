//! The router state of the customer's pages.

use std::sync::Arc;

use axum::extract::FromRef;

use super::limits::CustomerRateLimits;
use crate::{app::App, guides::Guides};

#[derive(Clone)]
pub(crate) struct CustomerState {
    pub app: App,
    pub guides: Arc<Guides>,
    pub limits: Arc<CustomerRateLimits>,
}

impl FromRef<CustomerState> for App {
    fn from_ref(state: &CustomerState) -> App {
        state.app.clone()
    }
}
