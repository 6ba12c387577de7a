//! The program as people start it: its own database, signals, `kill -9`, slow and broken clients.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use dzwoni::postgres::{Durability, PostgresServer};
use sqlx::{Connection, PgConnection};

use crate::support::{World, eventually};

struct Program {
    child: Child,
    address: String,
    /// Kept open, so that the program can go on printing.
    lines: BufReader<std::process::ChildStdout>,
}

/// Where the program's log goes: beside its data.
fn log(data: &Path) -> PathBuf {
    data.with_extension("log")
}

fn start(data: &Path) -> Program {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env_remove("DATABASE_URL")
        .env("RUST_LOG", "warn,dzwoni=debug")
        .stdout(Stdio::piped())
        .stderr(fs::File::options().create(true).append(true).open(log(data)).unwrap())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    let address = first.split("http://").nth(1).unwrap_or_else(|| panic!("it printed {first:?}"));
    Program { child, address: address.split('/').next().unwrap().to_owned(), lines }
}

impl Program {
    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    fn end(mut self) {
        self.signal("-TERM");
        assert!(self.child.wait().unwrap().success(), "it ends well when asked to");
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
    }

    /// Signs in as the demo's person; gives the cookie.
    fn sign_in(&self) -> String {
        let form = "email=demo%40example.com&password=dzwoni%20na%20probe";
        let answer = self.say(&format!(
            "POST /staff/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ));
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        answer.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap().to_owned()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    fn say(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        read(&mut stream)
    }

    fn get(&self, path: &str) -> String {
        self.say(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
    }
}

fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        Folder(std::env::temp_dir().join(format!("dzwoni-program-{}", uuid::Uuid::new_v4().simple())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_file(log(&self.0));
    }
}

/// The processes that work inside the folder, or that were told its name.
fn processes(folder: &Folder) -> Vec<String> {
    let is_ours = |process: &Path| {
        let inside = fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(&folder.0));
        let named =
            fs::read_to_string(process.join("cmdline")).is_ok_and(|line| line.contains(folder.0.to_str().unwrap()));
        inside || named
    };
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    processes.filter(|process| is_ours(process)).map(|process| process.display().to_string()).collect()
}

#[test]
fn it_serves_ends_cleanly_and_finds_its_data_again_even_after_kill_9() {
    let folder = Folder::new();
    let first = start(&folder.0);
    assert!(first.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(first.get("/pl").contains("Co się dzieje"));
    first.end();
    assert_eq!(processes(&folder), Vec::<String>::new(), "nothing is left behind");
    let said = fs::read_to_string(log(&folder.0)).unwrap();
    assert!(!said.contains("does not exist"), "nobody works before the tables are there: {said}");

    let mut second = start(&folder.0);
    second.signal("-KILL");
    second.child.wait().unwrap();
    assert!(!processes(&folder).is_empty(), "the database server outlives the program");

    let third = start(&folder.0);
    let cookie = third.sign_in();
    let queue = third.say(&format!("GET /staff HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {cookie}\r\n\r\n"));
    assert!(queue.contains("/staff/tickets/DZ-"), "the tickets of the first start are there");
    third.end();
    assert_eq!(processes(&folder), Vec::<String>::new());
}

#[test]
fn the_log_tells_what_happened_and_nothing_about_people() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let post = |path: &str, form: &str| {
        program.say(&format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nuser-agent: SecretBrowser\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ))
    };
    let report = "category=outgoing&caller=48221-101&callee=0044+20+8190+0322&day=now&in_billing=yes\
                  &email=secret.person%40example.com&error_text=SecretError&submission=5a1c0a7e-5a53-4a3e-8f0e-3c8f6d6c1a01";
    let answer = post("/pl/report", report);
    let page = answer.split("location: ").nth(1).unwrap_or_else(|| panic!("{answer}")).lines().next().unwrap();
    assert!(program.get(page).starts_with("HTTP/1.1 200"));
    let wrong_key = format!("{}X", page);
    assert!(program.get(&wrong_key).starts_with("HTTP/1.1 404"));
    post("/staff/login", "email=secret.person%40example.com&password=SecretPassword");
    program.get("/staff/welcome/SecretToken");
    program.end();

    let log = fs::read_to_string(log(&folder.0)).unwrap();
    for told in ["/{lang}/report", "/{lang}/ticket/{reference}", "/staff/login", "\"status\":303", "\"status\":404"] {
        assert!(log.contains(told), "the log does not tell {told}: {log}");
    }
    let key = page.split("key=").nth(1).unwrap();
    let reference = page.split(['/', '?']).nth(3).unwrap();
    for secret in ["ecret", "8190", "48221", "127.0.0.1\"", key, reference] {
        assert!(!log.contains(secret), "the log tells {secret}: {log}");
    }
}

#[test]
fn a_database_that_is_killed_is_started_again() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let postmaster = || fs::read_to_string(folder.0.join("postgres/data/postmaster.pid")).unwrap_or_default();
    let first = postmaster().lines().next().unwrap().to_owned();
    assert!(Command::new("kill").args(["-KILL", &first]).status().unwrap().success());
    while postmaster().lines().next().is_none_or(|process| process == first) {
        assert!(program.get("/pl/guide/audio").starts_with("HTTP/1.1 200"));
    }
    while !program.get("/readyz").starts_with("HTTP/1.1 200") {}
    program.end();
    assert_eq!(processes(&folder), Vec::<String>::new(), "nothing is left behind");
}

#[test]
fn answers_that_have_begun_are_finished_before_it_ends() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let body = "category=outgoing";
    let mut slow = program.connect();
    write!(
        slow,
        "POST /pl/report HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    )
    .unwrap();
    // the program has the request in its hands once it asks for the body
    let mut interim = [0; 25];
    slow.read_exact(&mut interim).unwrap();
    assert!(interim.starts_with(b"HTTP/1.1 100"));
    program.signal("-TERM");
    slow.write_all(body.as_bytes()).unwrap();
    assert!(read(&mut slow).contains("HTTP/1.1 422"));
    program.end_after_signal();
}

#[test]
fn an_open_desk_does_not_keep_the_program() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let cookie = program.sign_in();
    let mut desk = program.connect();
    write!(desk, "GET /staff/live?view=all HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n").unwrap();
    let mut told = Vec::new();
    while !String::from_utf8_lossy(&told).contains("event: counts") {
        let mut chunk = [0; 4096];
        let count = desk.read(&mut chunk).unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&told));
        told.extend_from_slice(&chunk[..count]);
    }
    program.end();
    let rest = read(&mut desk);
    assert!(!rest.contains("event: over"), "the browser comes back to the next one: {rest}");
    let log = fs::read_to_string(log(&folder.0)).unwrap();
    assert!(!log.contains("took too long"), "{log}");
}

impl Program {
    fn end_after_signal(mut self) {
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn slow_and_broken_clients_are_given_up() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let silent = [&b""[..], b"P"].map(|said| {
        let mut stream = program.connect();
        stream.write_all(said).unwrap();
        stream
    });
    let mut never_asks = program.connect();
    never_asks.write_all(b"GET /pl HTT").unwrap();
    let mut never_sends = program.connect();
    never_sends
        .write_all(
            b"POST /pl/report HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
              content-length: 1000\r\n\r\ncategory=",
        )
        .unwrap();
    let mut hangs_up = program.connect();
    hangs_up
        .write_all(
            b"POST /pl/report HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
              content-length: 1000\r\n\r\ncategory=",
        )
        .unwrap();
    drop(hangs_up);
    assert!(program.say("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));

    for mut stream in silent {
        stream.read_to_end(&mut Vec::new()).expect("it is still waited for");
    }
    let given_up = read(&mut never_asks);
    assert!(given_up.is_empty() || given_up.starts_with("HTTP/1.1 408"), "{given_up}");
    let answer = read(&mut never_sends);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("Dane nie dotarły na czas"), "{answer}");
    assert!(program.get("/pl").starts_with("HTTP/1.1 200"), "others are served as before");
    program.end();
}

#[test]
fn it_says_in_one_sentence_why_it_can_not_start() {
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
    let none = ("LC_ALL", "C");
    let said = run(&["serve"], ("PG_BIN_DIR", "/nonexistent"));
    assert!(said.contains("PG_BIN_DIR") && said.lines().count() == 1, "{said}");
    let said = run(&["serve", "--demo", "--listen", "0.0.0.0:0"], none);
    assert!(said.contains("listen on 127.0.0.1 only"), "{said}");
    let said = run(&["serve", "--operator", "/nonexistent.toml"], none);
    assert!(said.contains("/nonexistent.toml"), "{said}");
    let said = run(&["serve", "--trusted-proxies", "10.0.0.0/8,nonsense"], none);
    assert!(said.contains("nonsense is neither an address nor a CIDR block"), "{said}");
    let said = run(&["serve", "--public-url", "pomoc.example.com"], none);
    assert!(said.contains("begins with https:// or http://"), "{said}");
    let said =
        run(&["staff", "add", "a@example.com", "--name", "X", "--role", "agent"], ("DZWONI_PUBLIC_URL", "https://"));
    assert!(said.contains("begins with https:// or http://"), "{said}");
    let said = run(&["serve"], ("DATABASE_URL", "mysql://127.0.0.1/dzwoni"));
    assert!(said.contains("not of the form postgres://"), "{said}");
    let said = run(&["staff", "add", "nonsense", "--name", "X", "--role", "agent"], none);
    assert!(said.contains("nonsense is not an e-mail address"), "{said}");
}

/// The program with these arguments, the private database in the folder, and what it says on standard error; given up after
/// a minute.
fn ends(folder: &Folder, arguments: &[&str], url: Option<&str>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dzwoni"));
    command.args(arguments).env_remove("DATABASE_URL").stdout(Stdio::null()).stderr(Stdio::piped());
    match url {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.arg("--data").arg(&folder.0),
    };
    let mut child = command.spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let told = std::thread::spawn(move || {
        let mut said = String::new();
        stderr.read_to_string(&mut said).map(|_| said).unwrap()
    });
    let code = patiently(child).code();
    (code, told.join().unwrap())
}

/// Waits for the end of a program; one that does not end within a minute is killed.
fn patiently(mut child: Child) -> ExitStatus {
    let id = child.id().to_string();
    let (done, end) = mpsc::channel::<()>();
    let patience = std::thread::spawn(move || {
        if end.recv_timeout(Duration::from_secs(60)) == Err(mpsc::RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
    });
    let status = child.wait().unwrap();
    drop(done);
    patience.join().unwrap();
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_newer_than_the_program_ends_the_start() {
    let world = World::new().await;
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (9999, 'newer', true, '', 0)";
    sqlx::raw_sql(newer).execute(world.sql().await).await.unwrap();
    let folder = Folder::new();
    let (code, said) = ends(&folder, &["serve", "--listen", "127.0.0.1:0"], Some(&world.url()));
    assert_eq!(code, Some(1), "{said}");
    let sentence = said.lines().last().unwrap();
    assert!(sentence.starts_with("dzwoni: ") && sentence.contains("9999"), "{said}");

    // the private one, which must not be left behind either
    ends(&folder, &["migrate"], None);
    let server = PostgresServer::start(&folder.0.join("postgres"), Durability::Safe).unwrap();
    let mut db = PgConnection::connect(&server.url("dzwoni")).await.unwrap();
    sqlx::raw_sql(newer).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    server.stop().unwrap();
    let (code, said) = ends(&folder, &["serve", "--listen", "127.0.0.1:0"], None);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.lines().last().unwrap().contains("9999"), "{said}");
    assert_eq!(processes(&folder), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_when_asked_to_while_it_waits_for_its_database() {
    let folder = Folder::new();
    ends(&folder, &["migrate"], None);
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
    let status = tokio::task::spawn_blocking(move || patiently(child)).await.unwrap();
    assert!(status.success(), "it heard the signal");
    db.into_inner().close().await.unwrap();
    holder.close().await.unwrap();
    server.stop().unwrap();
    assert_eq!(processes(&folder), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lent_database_is_gone_after_the_work() {
    let folder = Folder::new();
    let server = PostgresServer::start(&folder.0, Durability::Fast).unwrap();
    let lend = || {
        let output = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
            .args(["with-database", "--data", folder.0.to_str().unwrap(), "--", "sh", "-c", "echo $DATABASE_URL"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_ne!(lend(), lend());
    let mut db = PgConnection::connect(&server.url("postgres")).await.unwrap();
    let left: Vec<String> = sqlx::query_scalar("select datname::text from pg_database where datname like 'lent%'")
        .fetch_all(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    server.stop().unwrap();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn guides_that_lack_what_a_cause_needs_are_named() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    for file in fs::read_dir("templates/guides").unwrap().flatten() {
        let text = fs::read_to_string(file.path()).unwrap();
        let text = text.replace("## passwords:", "## words:").replace("(#passwords ", "(#words ");
        fs::write(folder.0.join(file.file_name()), text.replace("/passwords", "/words")).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_dzwoni")).args(["guides", "check"]).arg(&folder.0).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("lack a step that treats a cause") && said.contains("passwords"), "{said}");
}

#[test]
fn a_first_admin_is_made_on_the_command_line() {
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
    let link = |said: &str| {
        said.lines().find(|line| line.starts_with("https://pomoc.example.com/staff/welcome/")).map(str::to_owned)
    };
    assert!(link(&first).is_some() && link(&second).is_some());
    assert_ne!(link(&first), link(&second), "asked again, it makes a new link");
    assert_eq!(processes(&folder), Vec::<String>::new());
}
