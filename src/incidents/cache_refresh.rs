//! What everybody can read, kept in memory: read again when it changes, whichever program changed it.

use std::time::Duration;

use super::store;
use crate::app::App;

/// Between two attempts to read it.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Reads what is known, and makes pages new that show it.
///
/// # Errors
/// When the database is away; then pages go on with what was known.
pub async fn refresh_cache(app: &App) -> Result<(), sqlx::Error> {
    let _pen = app.public_incidents.refresh_lock.lock().await;
    let notices = store::list_public(&mut *app.db.acquire().await?).await?;
    if app.public_incidents.replace(notices) {
        app.page_cache.invalidate_all();
    }
    Ok(())
}

/// Follows what changes until the program ends.
pub async fn follow_changes(app: &App) {
    let mut changes = app.change_feed.subscribe_incidents();
    loop {
        changes.mark_unchanged();
        if let Err(error) = refresh_cache(app).await {
            tracing::debug!(%error, "what is known of incidents could not be read");
            tokio::time::sleep(RETRY_DELAY).await;
            continue;
        }
        // the sender lives as long as the program
        if changes.changed().await.is_err() {
            return;
        }
    }
}
