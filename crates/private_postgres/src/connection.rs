//! Connections to the private server: whether it is up, and statements that create and drop databases.
//!
//! The API blocks. The functions may be called on a thread of an asynchronous runtime, so each connection does its work on
//! a thread of its own.

use std::{
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, postgres::PgConnectOptions};

/// The only account of the server, a superuser.
pub(super) const SUPERUSER: &str = "postgres";
/// No port is opened. The number is part of the socket's name.
pub(super) const PORT: u16 = 5432;

/// The path of the socket in its folder.
pub(super) fn socket_path(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// Why a statement failed.
#[derive(Debug)]
pub(super) enum ConnectionError {
    /// The socket is missing or does not respond in time.
    Io(Error),
    /// The server returned an error: SQLSTATE and text.
    Server { code: String, message: String },
}

impl From<sqlx::Error> for ConnectionError {
    fn from(error: sqlx::Error) -> ConnectionError {
        match error {
            sqlx::Error::Database(error) => ConnectionError::Server {
                code: error.code().unwrap_or_default().into_owned(),
                message: error.message().to_owned(),
            },
            sqlx::Error::Io(error) => ConnectionError::Io(error),
            other => ConnectionError::Io(Error::other(other)),
        }
    }
}

/// Connects, and returns the response of the server.
pub(super) fn ping(socket_dir: &Path) -> Result<(), ConnectionError> {
    execute(socket_dir, &[]).map(drop)
}

/// Runs statements one after another in the database `postgres`, which every server has. Stops after a statement that
/// returns a row. Returns the number of rows of the last one.
pub(super) fn execute(socket_dir: &Path, statements: &[String]) -> Result<usize, ConnectionError> {
    // sqlx waits for a missing socket; here the error of the operating system is needed
    std::os::unix::net::UnixStream::connect(socket_path(socket_dir)).map_err(ConnectionError::Io)?;
    let options = PgConnectOptions::new_without_pgpass()
        .socket(socket_dir)
        .port(PORT)
        .username(SUPERUSER)
        .database("postgres")
        .disable_statement_logging();
    let work = async || {
        let mut connection = options.connect().await?;
        let mut rows = 0;
        for statement in statements {
            rows = sqlx::raw_sql(AssertSqlSafe(statement.as_str())).fetch_all(&mut connection).await?.len();
            if rows > 0 {
                break;
            }
        }
        connection.close().await?;
        Ok(rows)
    };
    thread::scope(|scope| {
        let result = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                tokio::time::timeout(IO_TIMEOUT, work()).await.map_err(|_| Error::from(ErrorKind::TimedOut))
            })
        });
        match result.join() {
            Ok(Ok(answer)) => answer.map_err(<ConnectionError as From<sqlx::Error>>::from),
            Ok(Err(error)) => Err(ConnectionError::Io(error)),
            Err(_) => Err(ConnectionError::Io(Error::other("the connection's thread panicked"))),
        }
    })
}

/// Creating a database copies the template, which takes time on a busy disk.
const IO_TIMEOUT: Duration = Duration::from_secs(60);
