//! Start errors of `serve`, waiting for the database, and the other commands.

use std::{
    fs,
    io::Read,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use private_postgres::{Durability, PostgresServer};
use sqlx::{Connection, PgConnection};

use super::{Folder, processes};
use crate::support::{World, eventually};

#[test]
fn start_errors_are_one_sentence() {
    let folder = Folder::new();
    let run = |arguments: &[&str], variable: (&str, &str)| {
        let output = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
            .args(arguments)
            .args(["--data", folder.0.to_str().unwrap()])
            .env_remove("DATABASE_URL")
            .env(variable.0, variable.1)
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let no_variable = ("LC_ALL", "C");
    let stderr = run(&["serve"], ("PG_BIN_DIR", "/nonexistent"));
    assert!(stderr.contains("PG_BIN_DIR") && stderr.lines().count() == 1, "{stderr}");
    let stderr = run(&["serve", "--demo", "--listen", "0.0.0.0:0"], no_variable);
    assert!(stderr.contains("listen on 127.0.0.1 only"), "{stderr}");
    let stderr = run(&["serve", "--operator", "/nonexistent.toml"], no_variable);
    assert!(stderr.contains("/nonexistent.toml"), "{stderr}");
    let stderr = run(&["serve", "--trusted-proxies", "10.0.0.0/8,nonsense"], no_variable);
    assert!(stderr.contains("nonsense is neither an address nor a CIDR block"), "{stderr}");
    let stderr = run(&["serve", "--public-url", "pomoc.example.com"], no_variable);
    assert!(stderr.contains("begin with https:// or http://"), "{stderr}");
    let stderr =
        run(&["staff", "add", "a@example.com", "--name", "X", "--role", "agent"], ("DZWONI_PUBLIC_URL", "https://"));
    assert!(stderr.contains("begin with https:// or http://"), "{stderr}");
    let stderr = run(&["serve"], ("DATABASE_URL", "mysql://127.0.0.1/dzwoni"));
    assert!(stderr.contains("must begin with postgres://"), "{stderr}");
    let stderr = run(&["staff", "add", "nonsense", "--name", "X", "--role", "agent"], no_variable);
    assert!(stderr.contains("nonsense is not an e-mail address"), "{stderr}");
}

/// Runs the program with the private database in the folder or with a URL; returns exit code and standard error. It is
/// killed after a minute.
fn run_to_end(folder: &Folder, arguments: &[&str], url: Option<&str>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dzwoni"));
    command.args(arguments).env_remove("DATABASE_URL").stdout(Stdio::null()).stderr(Stdio::piped());
    match url {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.arg("--data").arg(&folder.0),
    };
    let mut child = command.spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).map(|_| text).unwrap()
    });
    let code = wait_or_kill(child).code();
    (code, reader.join().unwrap())
}

/// Waits for the end of a process and kills it after a minute.
fn wait_or_kill(mut child: Child) -> ExitStatus {
    let id = child.id().to_string();
    let (sender, receiver) = mpsc::channel::<()>();
    let watchdog = std::thread::spawn(move || {
        if receiver.recv_timeout(Duration::from_secs(60)) == Err(mpsc::RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
    });
    let status = child.wait().unwrap();
    drop(sender);
    watchdog.join().unwrap();
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_refuses_a_database_newer_than_the_program() {
    let world = World::new().await;
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (9999, 'newer', true, '', 0)";
    sqlx::raw_sql(newer).execute(world.sql().await).await.unwrap();
    let folder = Folder::new();
    let (code, stderr) = run_to_end(&folder, &["serve", "--listen", "127.0.0.1:0"], Some(&world.url()));
    assert_eq!(code, Some(1), "{stderr}");
    let last_line = stderr.lines().last().unwrap();
    assert!(last_line.starts_with("dzwoni: ") && last_line.contains("9999"), "{stderr}");

    // the same with the private database, which must be stopped
    run_to_end(&folder, &["migrate"], None);
    let server = PostgresServer::start(&folder.0.join("postgres"), Durability::Safe).unwrap();
    let mut db = PgConnection::connect(&server.url("dzwoni")).await.unwrap();
    sqlx::raw_sql(newer).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    server.stop().unwrap();
    let (code, stderr) = run_to_end(&folder, &["serve", "--listen", "127.0.0.1:0"], None);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.lines().last().unwrap().contains("9999"), "{stderr}");
    assert_eq!(processes(&folder), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_stops_the_program_while_it_waits_for_its_database() {
    let folder = Folder::new();
    run_to_end(&folder, &["migrate"], None);
    let server = PostgresServer::start(&folder.0.join("postgres"), Durability::Safe).unwrap();
    let url = server.url("dzwoni");
    let mut holder = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("begin; lock table _sqlx_migrations in access exclusive mode").execute(&mut holder).await.unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&folder.0)
        .env_remove("DATABASE_URL")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let waits = "select count(*) from pg_stat_activity where datname = 'dzwoni' and wait_event_type = 'Lock'";
    let db = tokio::sync::Mutex::new(PgConnection::connect(&url).await.unwrap());
    let waiting = || async { sqlx::query_scalar::<_, i64>(waits).fetch_one(&mut *db.lock().await).await.unwrap() > 0 };
    eventually(Duration::from_secs(60), waiting).await;
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let status = tokio::task::spawn_blocking(move || wait_or_kill(child)).await.unwrap();
    assert!(status.success(), "exit code 0 after SIGTERM");
    db.into_inner().close().await.unwrap();
    holder.close().await.unwrap();
    server.stop().unwrap();
    assert_eq!(processes(&folder), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_temp_database_drops_its_database() {
    let folder = Folder::new();
    let server = PostgresServer::start(&folder.0, Durability::Fast).unwrap();
    let temporary_database_url = || {
        let output = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
            .args(["with-temp-database", "--data", folder.0.to_str().unwrap(), "--", "sh", "-c", "echo $DATABASE_URL"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_ne!(temporary_database_url(), temporary_database_url());
    let mut db = PgConnection::connect(&server.url("postgres")).await.unwrap();
    let remaining: Vec<String> =
        sqlx::query_scalar("select datname::text from pg_database where datname like 'temp\\_%'")
            .fetch_all(&mut db)
            .await
            .unwrap();
    db.close().await.unwrap();
    server.stop().unwrap();
    assert_eq!(remaining, Vec::<String>::new());
}

#[test]
fn guides_check_warns_about_steps_that_causes_need() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    for file in fs::read_dir("templates/guides").unwrap().flatten() {
        let text = fs::read_to_string(file.path()).unwrap();
        let text = text.replace("## passwords:", "## words:").replace("(#passwords ", "(#words ");
        fs::write(folder.0.join(file.file_name()), text.replace("/passwords", "/words")).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_dzwoni")).args(["guides", "check"]).arg(&folder.0).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(stderr.contains("lack a step that treats a cause") && stderr.contains("passwords"), "{stderr}");
}

#[test]
fn staff_add_prints_a_one_time_link() {
    let folder = Folder::new();
    let add = || {
        let output = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
            .args(["staff", "add", "Ewa@Example.com", "--name", "Ewa Lis", "--role", "admin"])
            .args(["--public-url", "https://pomoc.example.com/", "--data", folder.0.to_str().unwrap()])
            .env_remove("DATABASE_URL")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let (first, second) = (add(), add());
    let link = |output: &str| {
        output.lines().find(|line| line.starts_with("https://pomoc.example.com/staff/welcome/")).map(str::to_owned)
    };
    assert!(link(&first).is_some() && link(&second).is_some());
    assert_ne!(link(&first), link(&second), "the second run creates a new link");
    assert_eq!(processes(&folder), Vec::<String>::new());
}
