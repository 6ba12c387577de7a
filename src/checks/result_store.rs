//! Stores the results of visitors' checks. A failure never costs the visitor the result.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{outcome::CheckOutcome, store};
use crate::{
    app::App,
    web::{
        AppError, Client,
        rate_limit::{CHECK_RESULT_QUOTA, ClientRateLimiter},
    },
};

/// Stores results, rate-limited by address.
#[derive(Clone)]
pub struct CheckResultStore(Arc<ClientRateLimiter>);

impl Default for CheckResultStore {
    fn default() -> CheckResultStore {
        CheckResultStore(Arc::new(ClientRateLimiter::new(&CHECK_RESULT_QUOTA)))
    }
}

impl CheckResultStore {
    /// Stores a result and returns its id, or `None` if it could not be stored. The visitor sees the result in any case.
    pub async fn save(
        &self,
        app: &App,
        client: &Client,
        outcome: &CheckOutcome,
        now: OffsetDateTime,
    ) -> Option<String> {
        match self.try_save(app, client, outcome, now).await {
            Ok(id) => Some(id),
            Err(error) => {
                error.log();
                None
            }
        }
    }

    async fn try_save(
        &self,
        app: &App,
        client: &Client,
        outcome: &CheckOutcome,
        now: OffsetDateTime,
    ) -> Result<String, AppError> {
        self.0.check(client.ip)?;
        Ok(store::find_or_insert(&mut *app.db.acquire().await?, outcome, client.ip, now).await?)
    }
}
