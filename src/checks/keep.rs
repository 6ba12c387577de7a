//! Keeping what strangers find: never at the cost of the answer they came for.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{Finding, store};
use crate::{
    app::App,
    web::{
        Client, Error,
        limit::{CHECKS, Limit},
    },
};

/// Keeps findings, as many as one address may leave.
#[derive(Clone)]
pub struct Keeper(Arc<Limit>);

impl Default for Keeper {
    fn default() -> Keeper {
        Keeper(Arc::new(Limit::new(&CHECKS)))
    }
}

impl Keeper {
    /// Keeps a finding and gives its id. `None` when it could not be kept: the visitor is told the result all the same.
    pub async fn keep(&self, app: &App, client: &Client, finding: &Finding, now: OffsetDateTime) -> Option<String> {
        match self.try_keep(app, client, finding, now).await {
            Ok(id) => Some(id),
            Err(error) => {
                error.log();
                None
            }
        }
    }

    async fn try_keep(
        &self,
        app: &App,
        client: &Client,
        found: &Finding,
        now: OffsetDateTime,
    ) -> Result<String, Error> {
        self.0.check(client.ip)?;
        Ok(store::keep(&mut *app.db.read().await?, found, client.ip, now).await?)
    }
}
