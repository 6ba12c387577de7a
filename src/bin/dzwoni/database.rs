//! The database of a command: the configured one, or a private server.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use dzwoni::{config::DatabaseConfig, db::Db};
use private_postgres::{Durability, PostgresServer};

/// How often the private server is checked.
const HEALTH_CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Opens the configured database, or starts the private server.
pub(crate) async fn open_database(config: &DatabaseConfig) -> anyhow::Result<(Db, Option<Arc<PostgresServer>>)> {
    if let Some(url) = config.database_url.as_ref().filter(|url| !url.expose().is_empty()) {
        return Ok((Db::new(url.expose()).context("DATABASE_URL is invalid")?, None));
    }
    let folder = config.data.join("postgres");
    let (server, url) = tokio::task::spawn_blocking(move || {
        let server = PostgresServer::start(&folder, Durability::Safe)?;
        server.ensure_database("dzwoni")?;
        let url = server.url("dzwoni");
        if !server.home().starts_with(std::path::absolute(&folder).unwrap_or(folder)) {
            tracing::info!(folder = %server.home().display(), "the database files are outside the data directory");
        }
        Ok::<_, private_postgres::PostgresError>((server, url))
    })
    .await??;
    Ok((Db::new(&url)?, Some(Arc::new(server))))
}

/// Restarts the private server whenever it has died, for example because it was killed for its memory use. Never
/// returns.
pub(crate) async fn supervise(server: Arc<PostgresServer>) {
    loop {
        tokio::time::sleep(HEALTH_CHECK_INTERVAL).await;
        let server = server.clone();
        match tokio::task::spawn_blocking(move || server.restart_if_dead()).await {
            Ok(Ok(false)) => {}
            Ok(Ok(true)) => tracing::warn!("the private database server had died and was restarted"),
            Ok(Err(error)) => {
                tracing::error!(%error, "the private database server has died and cannot be restarted yet")
            }
            Err(error) => tracing::error!(%error, "could not check the private database server"),
        }
    }
}

pub(crate) async fn stop_server(server: Option<Arc<PostgresServer>>) -> anyhow::Result<()> {
    if let Some(server) = server {
        tokio::task::spawn_blocking(move || server.stop()).await??;
    }
    Ok(())
}

/// Runs `work` on the configured database or the private server. Stops the private server afterwards, also after an
/// error.
pub(crate) fn with_database(
    config: &DatabaseConfig,
    work: impl AsyncFnOnce(&Db) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    build_runtime()?.block_on(async {
        let (db, server) = open_database(config).await?;
        let result = work(&db).await;
        db.close().await;
        stop_server(server).await?;
        result
    })
}

/// Runs a command with its own database, which is deleted afterwards. For tests and for preparing `.sqlx`.
pub(crate) fn run_with_temporary_database(
    data: &Path,
    migrations: Option<PathBuf>,
    command: &[String],
) -> anyhow::Result<ExitCode> {
    let server = PostgresServer::start(data, Durability::Fast)?;
    let name = format!("temp_{}", uuid::Uuid::new_v4().simple());
    let exit_code = server
        .ensure_database(&name)
        .map_err(Into::into)
        .and_then(|()| run_command_on(&server.url(&name), migrations, command));
    let dropped = server.drop_database(&name);
    server.stop()?;
    dropped?;
    exit_code
}

fn run_command_on(url: &str, migrations: Option<PathBuf>, command: &[String]) -> anyhow::Result<ExitCode> {
    if let Some(folder) = migrations {
        build_runtime()?.block_on(async {
            let pool = sqlx::PgPool::connect(url).await?;
            sqlx::migrate::Migrator::new(folder.as_path()).await?.run(&pool).await?;
            pool.close().await;
            anyhow::Ok(())
        })?;
    }
    let (program, arguments) = command.split_first().context("no command")?;
    let status = std::process::Command::new(program).args(arguments).env("DATABASE_URL", url).status();
    let code = status.with_context(|| format!("cannot run {program}"))?.code().unwrap_or(1);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

pub(crate) fn build_runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
