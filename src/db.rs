//! Access to PostgreSQL. The pool is private to this module: modules receive a connection or a transaction from their
//! caller.

use std::time::Duration;

use sqlx::{
    Connection, PgPool, Postgres, Transaction,
    migrate::{MigrateError, Migrator},
    pool::PoolConnection,
    postgres::{PgListener, PgPoolOptions},
};

/// The migrations, embedded in the binary.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// How long a request waits for a connection: long enough for a short peak, short enough for a person to wait.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long running statements may take at shutdown.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// A connection that was idle for longer is checked before use, which costs a round trip.
const SKIP_PING_WITHIN: Duration = Duration::from_secs(1);

/// The time between two attempts to apply the migrations.
const MIGRATION_RETRY_DELAY: Duration = Duration::from_secs(1);

/// The database, which may be unavailable.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// Creates the pool without connecting, so that the guides are served even without the database.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid.
    pub fn new(url: &str) -> Result<Db, sqlx::Error> {
        // sqlx accepts any scheme
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(sqlx::Error::Configuration("the URL must begin with postgres://".into()));
        }
        let options =
            PgPoolOptions::new().max_connections(16).acquire_timeout(ACQUIRE_TIMEOUT).test_before_acquire(false);
        let options = options.before_acquire(|db, connection| {
            Box::pin(async move {
                if connection.idle_for > SKIP_PING_WITHIN {
                    db.ping().await?;
                }
                Ok(true)
            })
        });
        Ok(Db { pool: options.connect_lazy(url)? })
    }

    /// Begins a transaction.
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin().await
    }

    /// Takes a connection from the pool.
    pub async fn acquire(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        self.pool.acquire().await
    }

    /// Opens a connection outside the pool for LISTEN.
    pub async fn connect_listener(&self) -> Result<PgListener, sqlx::Error> {
        let options = (*self.pool.connect_options()).clone();
        let single = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool = single.acquire_timeout(ACQUIRE_TIMEOUT).connect_lazy_with(options);
        PgListener::connect_with(&pool).await
    }

    /// Applies missing migrations. If several processes do this at the same time, one works and the others wait.
    ///
    /// # Errors
    /// Returns an error if the database is unavailable or was migrated by another version of the program.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        MIGRATOR.run(&self.pool).await
    }

    /// Applies missing migrations as soon as the database is available, so that the program may start before the
    /// database.
    ///
    /// # Errors
    /// Returns an error if retrying cannot help.
    pub async fn migrate_with_retry(&self) -> Result<(), MigrateError> {
        while let Err(error) = self.migrate().await {
            if !is_retryable(&error) {
                return Err(error);
            }
            tracing::error!(%error, "cannot apply the migrations yet");
            tokio::time::sleep(MIGRATION_RETRY_DELAY).await;
        }
        tracing::info!("the database is available and all migrations are applied");
        Ok(())
    }

    /// Whether the database responds and has all migrations.
    pub async fn is_ready(&self) -> bool {
        let latest_version = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0);
        let applied = sqlx::query_scalar!(
            "select exists (select 1 from _sqlx_migrations where version = $1 and success) as \"applied!\"",
            latest_version
        )
        .fetch_one(&self.pool);
        matches!(tokio::time::timeout(ACQUIRE_TIMEOUT, applied).await, Ok(Ok(true)))
    }

    /// Closes all connections. Waits for running statements, but only for a limited time, because one may be blocked by
    /// a lock.
    pub async fn close(&self) {
        if tokio::time::timeout(SHUTDOWN_GRACE, self.pool.close()).await.is_err() {
            tracing::warn!("a statement took too long and was aborted");
        }
    }
}

/// Whether the migrations may succeed a moment later.
fn is_retryable(error: &MigrateError) -> bool {
    let (MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) = error else { return false };
    let code = cause.as_database_error().and_then(|cause| cause.code());
    match code.as_deref() {
        // undefined table: for `is_unavailable` the migrations are missing, but here they are running
        Some("42P01") => false,
        // the database does not exist yet
        Some("3D000") => true,
        // 40 transaction rollback such as a deadlock, 55 object in use
        Some(code) if code.starts_with("40") || code.starts_with("55") => true,
        _ => is_unavailable(cause),
    }
}

/// Whether an error means that the database is unavailable, and not that a statement is wrong.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        // 08 connection exception, 53 insufficient resources, 57 operator intervention, 42P01 undefined table: not
        // migrated yet (PostgreSQL, appendix A)
        sqlx::Error::Database(cause) => {
            cause.code().is_some_and(|code| ["08", "53", "57", "42P01"].iter().any(|class| code.starts_with(class)))
        }
        _ => false,
    }
}
