//! One database per test, cloned from a template on a server that all tests of this run share.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use dzwoni::db::MIGRATOR;
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::invariants;

/// A database for one test. If it was made for the test, dropping this checks the invariants and drops the database.
pub struct TestDatabase {
    pub options: PgConnectOptions,
    /// `None` for a database that is not dropped here.
    owned_name: Option<String>,
    check_invariants: AtomicBool,
}

impl TestDatabase {
    /// A new database with all tables.
    pub async fn create() -> TestDatabase {
        // copying files is faster than copying through the WAL; the data need not survive a crash
        TestDatabase::create_with(&format!("template {} strategy file_copy", template_name()), true).await
    }

    /// A database that is dropped by its owner.
    pub fn external(options: PgConnectOptions) -> TestDatabase {
        TestDatabase { options, owned_name: None, check_invariants: AtomicBool::new(false) }
    }

    async fn create_with(clause: &str, check_invariants: bool) -> TestDatabase {
        let server = server().await;
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut db = server.connect().await.unwrap();
        execute(&mut db, format!("create database {name} {clause}")).await;
        db.close().await.unwrap();
        TestDatabase {
            options: server.database(&name),
            owned_name: Some(name),
            check_invariants: AtomicBool::new(check_invariants),
        }
    }

    /// For tests that write rows which no command would write.
    pub fn skip_invariants(&self) {
        self.check_invariants.store(false, Ordering::Relaxed);
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some(name) = self.owned_name.take() else { return };
        let check = *self.check_invariants.get_mut() && !std::thread::panicking();
        let options = self.options.clone();
        let end = async move {
            let mut violations = Vec::new();
            if check {
                let mut db = options.connect().await.unwrap();
                violations = invariants::violations(&mut db).await;
                db.close().await.unwrap();
            }
            let mut db = options.database("postgres").connect().await.unwrap();
            execute(&mut db, format!("drop database {name} with (force)")).await;
            violations
        };
        // the runtime of the test may be shutting down, so this needs a thread and a runtime of its own
        let thread = std::thread::spawn(|| {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(end)
        });
        let violations = thread.join();
        if !std::thread::panicking() {
            assert_eq!(violations.expect("the database can be checked and dropped"), Vec::<String>::new());
        }
    }
}

/// A connection to a database without tables. The database is dropped with the second value.
pub async fn empty_database() -> (PgConnection, TestDatabase) {
    let database = TestDatabase::create_with("", false).await;
    (database.options.connect().await.unwrap(), database)
}

/// A connection to a new database with all tables.
pub async fn migrated_database() -> (PgConnection, TestDatabase) {
    let database = TestDatabase::create().await;
    (database.options.connect().await.unwrap(), database)
}

/// The shared server. It stops when this process ends, because the program that runs it waits for the end of a pipe.
static SERVER: OnceCell<PgConnectOptions> = OnceCell::const_new();

async fn server() -> PgConnectOptions {
    SERVER
        .get_or_init(|| async {
            let url = tokio::task::spawn_blocking(start_server).await.unwrap();
            let options: PgConnectOptions = url.parse().unwrap();
            let mut db = options.connect().await.unwrap();
            // nextest runs a process per test: only one of them creates the template
            sqlx::query("select pg_advisory_lock(7)").execute(&mut db).await.unwrap();
            let exists: bool = sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1)")
                .bind(template_name())
                .fetch_one(&mut db)
                .await
                .unwrap();
            if !exists {
                let unfinished = format!("{}_new", template_name());
                execute(&mut db, format!("create database {unfinished}")).await;
                let mut template = options.clone().database(&unfinished).connect().await.unwrap();
                MIGRATOR.run_direct(None, &mut template, false).await.unwrap();
                template.close().await.unwrap();
                execute(&mut db, format!("alter database {unfinished} rename to {}", template_name())).await;
            }
            db.close().await.unwrap();
            options
        })
        .await
        .clone()
}

/// The name contains a hash of the migrations, so that a changed migration makes a new template.
fn template_name() -> String {
    let checksums = MIGRATOR.iter().flat_map(|migration| migration.checksum.iter().copied());
    let hash = checksums.fold(0_u64, |hash, byte| hash.wrapping_mul(1_099_511_628_211) ^ u64::from(byte));
    format!("template_{hash:016x}")
}

/// Starts the shared server and returns its URL.
fn start_server() -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
        .args(["with-temp-database", "--data", concat!(env!("CARGO_TARGET_TMPDIR"), "/../postgres"), "--"])
        .args(["sh", "-c", "echo \"$DATABASE_URL\"; exec cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    assert!(url.starts_with("postgres:"), "the test database did not start");
    // the pipe must stay open, and the child must not be waited for, until this process ends
    std::mem::forget(child);
    url.trim().to_owned()
}

async fn execute(db: &mut PgConnection, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(db).await.unwrap();
}
