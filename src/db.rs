//! The way to PostgreSQL. The pool is private to this file: rooms get a connection or a transaction from a handler.

use std::time::Duration;

use sqlx::{
    Connection, PgPool, Postgres, Transaction,
    migrate::{MigrateError, Migrator},
    pool::PoolConnection,
    postgres::{PgListener, PgPoolOptions},
};

/// The migrations, inside the binary.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// How long a request waits for a connection: long enough for a busy moment, short enough to say "not now" to a person.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long statements may go on when the program ends.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// A connection that was used a moment ago is taken to be alive; one that rested is asked first, which costs a round trip.
const SKIP_PING_WITHIN: Duration = Duration::from_secs(1);

/// The database, present or away.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// Makes the pool without connecting, so that the guides are served whatever the database does.
    ///
    /// # Errors
    /// When the address can't be read.
    pub fn new(url: &str) -> Result<Db, sqlx::Error> {
        // sqlx reads any scheme as its own
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(sqlx::Error::Configuration("it is not of the form postgres://…".into()));
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

    /// Opens a transaction.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin().await
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn acquire(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        self.pool.acquire().await
    }

    /// A connection besides the pool that listens for what other connections tell.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn connect_listener(&self) -> Result<PgListener, sqlx::Error> {
        let options = (*self.pool.connect_options()).clone();
        let alone = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool = alone.acquire_timeout(ACQUIRE_TIMEOUT).connect_lazy_with(options);
        PgListener::connect_with(&pool).await
    }

    /// Applies the migrations that are missing. Several processes may do this at once: one works, the others wait.
    ///
    /// # Errors
    /// When the database is away, or its history is not this program's.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        MIGRATOR.run(&self.pool).await
    }

    /// Applies the migrations as soon as the database lets it, so that a server that started first heals by itself.
    ///
    /// # Errors
    /// When they can't be applied however long one waits.
    pub async fn migrate_with_retry(&self) -> Result<(), MigrateError> {
        while let Err(error) = self.migrate().await {
            if !is_retryable(&error) {
                return Err(error);
            }
            tracing::error!(%error, "the migrations can't be applied yet");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        tracing::info!("the database is reachable and its migrations are applied");
        Ok(())
    }

    /// Whether the database answers and has all migrations.
    pub async fn is_ready(&self) -> bool {
        let newest = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0);
        let applied = sqlx::query_scalar!(
            "select exists (select 1 from _sqlx_migrations where version = $1 and success) as \"applied!\"",
            newest
        )
        .fetch_one(&self.pool);
        matches!(tokio::time::timeout(ACQUIRE_TIMEOUT, applied).await, Ok(Ok(true)))
    }

    /// Gives the connections back; waits for those in use, but not for one whose statement waits for somebody else.
    pub async fn close(&self) {
        if tokio::time::timeout(SHUTDOWN_GRACE, self.pool.close()).await.is_err() {
            tracing::warn!("a statement took too long and was cut off");
        }
    }
}

/// Whether the same migrations may be applied a moment later.
fn is_retryable(error: &MigrateError) -> bool {
    let (MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) = error else { return false };
    let code = cause.as_database_error().and_then(|cause| cause.code());
    match code.as_deref() {
        // is_away takes a missing table for tables that are not there yet; the migrations are what makes them
        Some("42P01") => false,
        // not made yet
        Some("3D000") => true,
        // 40 deadlock with those who work meanwhile, 55 something is in use
        Some(code) if code.starts_with("40") || code.starts_with("55") => true,
        _ => is_unavailable(cause),
    }
}

/// Whether an error means that the database is away, rather than that a statement was wrong.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        // 08 connection, 53 insufficient resources, 57 operator intervention, 42P01 no such table: not migrated yet
        // (PostgreSQL, appendix A)
        sqlx::Error::Database(cause) => {
            cause.code().is_some_and(|code| ["08", "53", "57", "42P01"].iter().any(|class| code.starts_with(class)))
        }
        _ => false,
    }
}
