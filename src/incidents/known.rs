//! What everybody can read, kept in memory: read again when it changes, whichever program changed it.

use std::time::Duration;

use super::store;
use crate::app::App;

/// Between two attempts to read it.
const PAUSE: Duration = Duration::from_secs(1);

/// Reads what is known, and makes pages new that show it.
///
/// # Errors
/// When the database is away; then pages go on with what was known.
pub async fn refresh(app: &App) -> Result<(), sqlx::Error> {
    let _pen = app.notices.pen.lock().await;
    let notices = store::shown(&mut *app.db.read().await?).await?;
    if app.notices.set(notices) {
        app.pages.renew();
    }
    Ok(())
}

/// Follows what changes until the program ends.
pub async fn keep_up(app: &App) {
    let mut changes = app.live.incidents();
    loop {
        changes.mark_unchanged();
        if let Err(error) = refresh(app).await {
            tracing::debug!(%error, "what is known of incidents could not be read");
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        // the sender lives as long as the program
        if changes.changed().await.is_err() {
            return;
        }
    }
}
