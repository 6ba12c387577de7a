//! Keeping what strangers find: never at the cost of the answer they came for.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{CheckOutcome, store};
use crate::{
    app::App,
    web::{
        AppError, Client,
        rate_limit::{CHECK_RESULT_QUOTA, ClientRateLimiter},
    },
};

/// Keeps findings, as many as one address may leave.
#[derive(Clone)]
pub struct CheckResultStore(Arc<ClientRateLimiter>);

impl Default for CheckResultStore {
    fn default() -> CheckResultStore {
        CheckResultStore(Arc::new(ClientRateLimiter::new(&CHECK_RESULT_QUOTA)))
    }
}

impl CheckResultStore {
    /// Keeps a finding and gives its id. `None` when it could not be kept: the visitor is told the result all the same.
    pub async fn save(
        &self,
        app: &App,
        client: &Client,
        finding: &CheckOutcome,
        now: OffsetDateTime,
    ) -> Option<String> {
        match self.try_save(app, client, finding, now).await {
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
        found: &CheckOutcome,
        now: OffsetDateTime,
    ) -> Result<String, AppError> {
        self.0.check(client.ip)?;
        Ok(store::find_or_insert(&mut *app.db.acquire().await?, found, client.ip, now).await?)
    }
}
