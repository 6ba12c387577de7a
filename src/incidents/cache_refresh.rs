//! Keeps the published incidents in memory up to date, whichever process changes them.

use std::time::Duration;

use super::store;
use crate::{app::App, web::AppError};

const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Loads the published incidents, and invalidates the page cache if they have changed. After an error the pages keep the
/// previous ones.
pub async fn refresh_cache(app: &App) -> Result<(), sqlx::Error> {
    let _guard = app.public_incidents.refresh_lock.lock().await;
    let incidents = store::list_public(&mut *app.db.acquire().await?).await?;
    if app.public_incidents.replace(incidents) {
        app.page_cache.invalidate_all();
    }
    Ok(())
}

/// Refreshes the cache of this process right after a change. Other processes follow the change feed.
pub(super) async fn refresh_cache_or_log(app: &App) {
    if let Err(error) = refresh_cache(app).await {
        AppError::from(error).log();
    }
}

/// Refreshes the cache after every change until the process ends.
pub async fn follow_changes(app: &App) {
    let mut changes = app.change_feed.subscribe_incidents();
    loop {
        changes.mark_unchanged();
        if let Err(error) = refresh_cache(app).await {
            tracing::debug!(%error, "the published incidents could not be loaded");
            tokio::time::sleep(RETRY_DELAY).await;
            continue;
        }
        // the sender lives as long as the process
        if changes.changed().await.is_err() {
            return;
        }
    }
}
