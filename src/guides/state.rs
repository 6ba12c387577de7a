//! The router state of modules that need the guides.

use std::sync::Arc;

use axum::extract::FromRef;

use super::progress::Guides;
use crate::app::App;

/// The application and its guides. A router with this state does not compile without them.
#[derive(Clone)]
pub struct GuidesState {
    pub app: App,
    pub guides: Arc<Guides>,
}

impl FromRef<GuidesState> for App {
    fn from_ref(state: &GuidesState) -> App {
        state.app.clone()
    }
}
