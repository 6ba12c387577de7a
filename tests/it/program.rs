//! The binary `dzwoni`: start and stop of `serve`, signals, `kill -9`, slow and broken clients.

mod commands;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

struct Program {
    child: Child,
    address: String,
    /// Kept open, because the program may print more.
    lines: BufReader<std::process::ChildStdout>,
}

/// The file for the program's log, beside its data.
fn log_path(data: &Path) -> PathBuf {
    data.with_extension("log")
}

fn start(data: &Path) -> Program {
    start_with(data, &[])
}

fn start_with(data: &Path, flags: &[&str]) -> Program {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(flags)
        .env_remove("DATABASE_URL")
        .env("RUST_LOG", "warn,dzwoni=debug")
        .stdout(Stdio::piped())
        .stderr(fs::File::options().create(true).append(true).open(log_path(data)).unwrap())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    let address = first.split("http://").nth(1).unwrap_or_else(|| panic!("the program printed {first:?}"));
    Program { child, address: address.split('/').next().unwrap().to_owned(), lines }
}

impl Program {
    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Stops the program with SIGTERM.
    fn stop(mut self) {
        self.signal("-TERM");
        assert!(self.child.wait().unwrap().success(), "exit code 0 after SIGTERM");
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
    }

    /// Signs in with the demo account; returns the cookie.
    fn sign_in(&self) -> String {
        let form = "email=demo%40example.com&password=dzwoni%20na%20probe";
        let response = self.request(&format!(
            "POST /staff/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ));
        assert!(response.starts_with("HTTP/1.1 303"), "{response}");
        let session = response.split("set-cookie: ").find(|cookie| cookie.starts_with("__Host-dzwoni="));
        session.unwrap().split(';').next().unwrap().to_owned()
    }

    fn wait(mut self) {
        assert!(self.child.wait().unwrap().success());
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    fn request(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        read(&mut stream)
    }

    fn get(&self, path: &str) -> String {
        self.request(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
    }
}

fn read(stream: &mut TcpStream) -> String {
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    String::from_utf8_lossy(&response).into_owned()
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
        let _ = fs::remove_file(log_path(&self.0));
    }
}

/// The processes whose working directory is in the folder or whose command line contains it.
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
fn serve_stops_cleanly_and_keeps_its_data_even_after_kill_9() {
    let folder = Folder::new();
    let first = start(&folder.0);
    assert!(first.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(first.get("/pl").contains("Co się dzieje"));
    first.stop();
    assert_eq!(processes(&folder), Vec::<String>::new(), "no process is left behind");
    let log = fs::read_to_string(log_path(&folder.0)).unwrap();
    assert!(!log.contains("does not exist"), "the jobs start after the migrations: {log}");

    let mut second = start(&folder.0);
    second.signal("-KILL");
    second.child.wait().unwrap();
    assert!(!processes(&folder).is_empty(), "the database server outlives the program");

    let third = start(&folder.0);
    let cookie = third.sign_in();
    let queue =
        third.request(&format!("GET /staff HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {cookie}\r\n\r\n"));
    assert!(queue.contains("/staff/tickets/DZ-"), "the tickets of the first start still exist");
    third.stop();
    assert_eq!(processes(&folder), Vec::<String>::new());
}

#[test]
fn a_request_must_name_its_host_once() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let request = |head: &str| program.request(&format!("GET /pl {head}connection: close\r\n\r\n"));
    assert!(request("HTTP/1.1\r\nhost: x\r\n").starts_with("HTTP/1.1 200"));
    assert!(request("HTTP/1.0\r\n").starts_with("HTTP/1.0 200"));
    assert!(request("HTTP/1.1\r\n").starts_with("HTTP/1.1 400"));
    assert!(request("HTTP/1.1\r\nhost: x\r\nhost: x\r\n").starts_with("HTTP/1.1 400"));
    assert!(request("HTTP/1.1\r\nhost: x\r\nHost: y\r\n").starts_with("HTTP/1.1 400"));
    program.stop();
}

#[test]
fn the_log_contains_routes_and_statuses_but_no_personal_data() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let post = |path: &str, form: &str| {
        program.request(&format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nuser-agent: SecretBrowser\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ))
    };
    let report = "category=outgoing&caller=48221-101&callee=0044+20+8190+0322&day=now&in_billing=yes\
                  &email=secret.person%40example.com&error_text=SecretError&submission=5a1c0a7e-5a53-4a3e-8f0e-3c8f6d6c1a01";
    let response = post("/pl/report", report);
    let page = response.split("location: ").nth(1).unwrap_or_else(|| panic!("{response}")).lines().next().unwrap();
    assert!(program.get(page).starts_with("HTTP/1.1 200"));
    let wrong_key = format!("{}X", page);
    assert!(program.get(&wrong_key).starts_with("HTTP/1.1 404"));
    post("/staff/login", "email=secret.person%40example.com&password=SecretPassword");
    program.get("/staff/welcome/SecretToken");
    program.stop();

    let log = fs::read_to_string(log_path(&folder.0)).unwrap();
    for expected in ["/{lang}/report", "/{lang}/ticket/{reference}", "/staff/login", "\"status\":303", "\"status\":404"]
    {
        assert!(log.contains(expected), "the log does not contain {expected}: {log}");
    }
    let key = page.split("key=").nth(1).unwrap();
    let reference = page.split(['/', '?']).nth(3).unwrap();
    for secret in ["ecret", "8190", "48221", "127.0.0.1\"", key, reference] {
        assert!(!log.contains(secret), "the log contains {secret}: {log}");
    }
}

#[test]
fn serve_restarts_a_killed_private_database() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let postmaster = || fs::read_to_string(folder.0.join("postgres/data/postmaster.pid")).unwrap_or_default();
    let first = postmaster().lines().next().unwrap().to_owned();
    assert!(Command::new("kill").args(["-KILL", &first]).status().unwrap().success());
    while postmaster().lines().next().is_none_or(|process| process == first) {
        assert!(program.get("/pl/guide/audio").starts_with("HTTP/1.1 200"));
    }
    while !program.get("/readyz").starts_with("HTTP/1.1 200") {}
    program.stop();
    assert_eq!(processes(&folder), Vec::<String>::new(), "no process is left behind");
}

#[test]
fn requests_in_progress_are_finished_at_shutdown() {
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
    // the program has received the request once it asks for the body
    let mut interim = [0; 25];
    slow.read_exact(&mut interim).unwrap();
    assert!(interim.starts_with(b"HTTP/1.1 100"));
    program.signal("-TERM");
    slow.write_all(body.as_bytes()).unwrap();
    assert!(read(&mut slow).contains("HTTP/1.1 422"));
    program.wait();
}

#[test]
fn open_event_streams_do_not_delay_shutdown() {
    let folder = Folder::new();
    let program = start(&folder.0);
    let cookie = program.sign_in();
    let mut stream = program.connect();
    write!(stream, "GET /staff/live?view=all HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n").unwrap();
    let mut received = Vec::new();
    while !String::from_utf8_lossy(&received).contains("event: counts") {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&received));
        received.extend_from_slice(&chunk[..count]);
    }
    program.stop();
    let rest = read(&mut stream);
    assert!(!rest.contains("event: over"), "without the event `over` the browser reconnects: {rest}");
    let log = fs::read_to_string(log_path(&folder.0)).unwrap();
    assert!(!log.contains("took too long"), "{log}");
}

#[test]
fn slow_and_broken_clients_are_disconnected() {
    let folder = Folder::new();
    let program = start_with(&folder.0, &["--header-timeout", "2", "--body-timeout", "3"]);
    let silent_clients = [&b""[..], b"P"].map(|bytes| {
        let mut stream = program.connect();
        stream.write_all(bytes).unwrap();
        stream
    });
    let mut partial_request = program.connect();
    partial_request.write_all(b"GET /pl HTT").unwrap();
    let mut partial_body = program.connect();
    partial_body
        .write_all(
            b"POST /pl/report HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
              content-length: 1000\r\n\r\ncategory=",
        )
        .unwrap();
    let mut disconnected = program.connect();
    disconnected
        .write_all(
            b"POST /pl/report HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
              content-length: 1000\r\n\r\ncategory=",
        )
        .unwrap();
    drop(disconnected);
    assert!(program.request("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));

    for mut stream in silent_clients {
        stream.read_to_end(&mut Vec::new()).expect("the program closes the connection");
    }
    let response = read(&mut partial_request);
    assert!(response.is_empty() || response.starts_with("HTTP/1.1 408"), "{response}");
    let response = read(&mut partial_body);
    assert!(response.starts_with("HTTP/1.1 408") && response.contains("Dane nie dotarły na czas"), "{response}");
    assert!(program.get("/pl").starts_with("HTTP/1.1 200"), "other clients are served");
    program.stop();
}
