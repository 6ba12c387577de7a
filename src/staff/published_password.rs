//! Accounts that still have the published password of the demo.

use super::{
    hash_queue::HashPriority,
    password::{PUBLISHED_PASSWORD, verify},
    store,
};
use crate::{app::App, web::AppError};

/// Removes the published password, and the sessions, of all accounts that have it. A portal that others can reach does so
/// at start, because its database may be one that was filled with demo data before.
///
/// # Errors
/// Returns the error of the database.
pub async fn revoke_published_passwords(app: &App) -> Result<(), AppError> {
    let accounts = store::list_with_password(&mut *app.db.acquire().await?).await?;
    for account in accounts {
        let hash = account.password_hash.clone();
        if verify(PUBLISHED_PASSWORD.to_owned(), Some(hash.clone()), HashPriority::Known).await? {
            let mut tx = app.db.begin().await?;
            store::remove_password(&mut tx, account.id, &hash).await?;
            tx.commit().await?;
            tracing::error!(
                staff_id = %account.id,
                "an account had the published password of the demo: its password and sessions were removed; \
                 `dzwoni staff add` creates a link that sets a new one"
            );
        }
    }
    Ok(())
}
