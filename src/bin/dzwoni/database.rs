//! The database that a command works on: the one that is configured, or the private one, stopped after the work.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use dzwoni::{
    config::DatabaseConfig,
    db::Db,
    postgres::{Durability, PostgresServer},
};

/// How often the private server is looked after.
const HEALTH_CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Opens the database that is configured, or starts the private one.
pub async fn open_database(config: &DatabaseConfig) -> anyhow::Result<(Db, Option<Arc<PostgresServer>>)> {
    if let Some(url) = config.database_url.as_ref().filter(|url| !url.expose().is_empty()) {
        return Ok((Db::new(url.expose()).context("DATABASE_URL can't be read")?, None));
    }
    let folder = config.data.join("postgres");
    let (server, url) = tokio::task::spawn_blocking(move || {
        let server = PostgresServer::start(&folder, Durability::Safe)?;
        server.ensure_database("dzwoni")?;
        let url = server.url("dzwoni");
        if !server.home().starts_with(std::path::absolute(&folder).unwrap_or(folder)) {
            tracing::info!(folder = %server.home().display(), "the database's files are kept outside the data folder");
        }
        Ok::<_, dzwoni::postgres::PostgresError>((server, url))
    })
    .await??;
    Ok((Db::new(&url)?, Some(Arc::new(server))))
}

/// Looks after the private server for as long as it is awaited: who kills it, by hand or for its memory, does not start it again.
pub async fn supervise(server: Arc<PostgresServer>) {
    loop {
        tokio::time::sleep(HEALTH_CHECK_INTERVAL).await;
        let server = server.clone();
        match tokio::task::spawn_blocking(move || server.restart_if_dead()).await {
            Ok(Ok(false)) => {}
            Ok(Ok(true)) => tracing::warn!("the private database had ended and was started again"),
            Ok(Err(error)) => tracing::error!(%error, "the private database has ended and can't be started again yet"),
            Err(error) => tracing::error!(%error, "nobody looked after the private database"),
        }
    }
}

pub async fn stop_server(server: Option<Arc<PostgresServer>>) -> anyhow::Result<()> {
    if let Some(server) = server {
        tokio::task::spawn_blocking(move || server.stop()).await??;
    }
    Ok(())
}

/// Runs `work` on the configured database and stops the private server after it, whatever came out.
pub fn with_database(config: &DatabaseConfig, work: impl AsyncFnOnce(&Db) -> anyhow::Result<()>) -> anyhow::Result<()> {
    build_runtime()?.block_on(async {
        let (db, server) = open_database(config).await?;
        let result = work(&db).await;
        db.close().await;
        stop_server(server).await?;
        result
    })
}

/// For tests and for writing `.sqlx`: the command gets a database that nobody else has and that is gone after it.
pub fn run_with_temporary_database(
    data: &Path,
    migrations: Option<PathBuf>,
    command: &[String],
) -> anyhow::Result<ExitCode> {
    let server = PostgresServer::start(data, Durability::Fast)?;
    let name = format!("lent_{}", uuid::Uuid::new_v4().simple());
    let code = server
        .ensure_database(&name)
        .map_err(Into::into)
        .and_then(|()| run_command_on(&server.url(&name), migrations, command));
    let dropped = server.drop_database(&name);
    server.stop()?;
    dropped?;
    code
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
    let (program, rest) = command.split_first().context("no command")?;
    let status = std::process::Command::new(program).args(rest).env("DATABASE_URL", url).status();
    let code = status.with_context(|| format!("can't run {program}"))?.code().unwrap_or(1);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

pub fn build_runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
