//! What happens later, and again and again. Each job is a `tick` that tests call directly.

use std::time::Duration;

use crate::{app::App, checks, staff};

/// How often what is over is dropped; nothing depends on it, since every query looks at the time itself.
const TIDY: Duration = Duration::from_secs(3600);

/// Works until the program ends. A job that fails is tried again at its next turn.
pub async fn work(app: App) {
    loop {
        tokio::time::sleep(TIDY).await;
        match tidy(&app).await {
            Ok(rows) => tracing::info!(rows, "what was over is forgotten"),
            Err(error) => tracing::warn!(%error, "what is over could not be dropped"),
        }
    }
}

/// Drops sessions, links and failed sign-ins that are over, and checks that nobody attached to a report. Gives how many rows went.
///
/// # Errors
/// When the database is away.
pub async fn tidy(app: &App) -> Result<u64, sqlx::Error> {
    let mut tx = app.db.begin().await?;
    let now = app.clock.now();
    let rows = staff::forget_what_is_over(&mut tx, now).await? + checks::forget_old(&mut tx, now).await?;
    tx.commit().await?;
    Ok(rows)
}
