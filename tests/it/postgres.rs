//! The private PostgreSQL server: it starts, keeps its data, survives crashes, and leaves nothing behind.

use private_postgres::{Durability, PostgresServer};

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio, exit};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn the_private_server_keeps_its_data_between_starts() {
    let folder = Folder::new("again");
    let server = folder.start();
    server.ensure_database("dzwoni").unwrap();
    server.ensure_database("dzwoni").unwrap();
    query(&server, "CREATE TABLE ticket AS SELECT 42 AS number");
    let process = postmaster(&server);
    server.stop().unwrap();
    assert!(!is_running(process));

    let server = folder.start();
    assert_eq!(query(&server, "SELECT number FROM ticket"), "42");
    server.stop().unwrap();
}

#[test]
fn the_private_server_listens_only_on_a_private_socket() {
    let folder = Folder::new("closed");
    let server = folder.start();
    server.ensure_database("dzwoni").unwrap();
    assert_eq!(query(&server, "SHOW listen_addresses"), "");
    let socket = query(&server, "SHOW unix_socket_directories");
    let socket = server.home().join("data").join(socket);
    let mode = fs::metadata(socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert_eq!(query(&server, "SHOW server_encoding"), "UTF8");
    server.stop().unwrap();
}

#[test]
fn database_names_are_quoted() {
    let folder = Folder::new("names");
    let server = folder.start();
    for name in ["it's", "a \"b\"", "100%?&#", "żółw"] {
        server.ensure_database(name).unwrap();
        server.ensure_database(name).unwrap();
        let current = psql(&server, name, "SELECT current_database()");
        assert_eq!(current, name);
    }
    server.stop().unwrap();
}

#[test]
fn the_next_process_adopts_a_running_server_and_stops_it() {
    let folder = Folder::new("adopted");
    let first = folder.start();
    let process = postmaster(&first);
    drop(first);
    assert!(is_running(process));

    let second = folder.start();
    assert_eq!(postmaster(&second), process);
    second.stop().unwrap();
    assert!(!is_running(process));
}

#[test]
fn the_next_process_adopts_the_server_after_kill_9_of_the_first() {
    let folder = Folder::new("killed");
    let mut program = Program::start(&folder);
    kill("-KILL", program.0.id());
    program.0.wait().unwrap();

    let server = folder.start();
    assert_eq!(postmaster(&server), program.1);
    server.stop().unwrap();
    assert!(!is_running(program.1));
}

#[test]
fn ctrl_c_stops_the_program_but_not_the_server() {
    let folder = Folder::new("interrupted");
    let mut program = Program::start(&folder);
    kill("-INT", format!("-{}", program.0.id()));
    assert!(!program.0.wait().unwrap().success());
    thread::sleep(Duration::from_millis(200));

    let server = folder.start();
    assert_eq!(postmaster(&server), program.1);
    server.stop().unwrap();
}

#[test]
fn committed_data_is_recovered_after_kill_9_of_the_server() {
    let folder = Folder::new("recovered");
    let server = PostgresServer::start(folder.path(), Durability::Safe).unwrap();
    server.ensure_database("dzwoni").unwrap();
    query(&server, "CREATE TABLE ticket AS SELECT 42 AS number");
    let process = postmaster(&server);
    kill("-KILL", process);
    drop(server);

    let server = folder.start();
    assert_ne!(postmaster(&server), process);
    assert_eq!(query(&server, "SELECT number FROM ticket"), "42");
    server.stop().unwrap();
}

#[test]
fn a_dead_server_is_restarted_but_not_a_stopped_one() {
    let folder = Folder::new("revived");
    let server = folder.start();
    server.ensure_database("dzwoni").unwrap();
    assert!(!server.restart_if_dead().unwrap(), "it is running");
    let process = postmaster(&server);
    kill("-INT", process);
    while !server.restart_if_dead().unwrap() {
        thread::sleep(Duration::from_millis(10));
    }
    assert_ne!(postmaster(&server), process);
    assert_eq!(query(&server, "SELECT 1"), "1");
    server.stop().unwrap();
    assert!(!server.restart_if_dead().unwrap(), "it was stopped");
}

#[test]
fn a_reused_process_id_does_not_prevent_the_start() {
    let folder = Folder::new("reused");
    let server = folder.start();
    let file = server.home().join("data/postmaster.pid");
    let process = postmaster(&server);
    kill("-KILL", process);
    drop(server);
    let text = fs::read_to_string(&file).unwrap();
    let mut other = as_owner_of(&file, "sleep").arg("60").spawn().unwrap();
    let number = other.id().to_string();
    fs::write(&file, text.replacen(&process.to_string(), &number, 1)).unwrap();

    let server = PostgresServer::start(folder.path(), Durability::Fast);
    other.kill().unwrap();
    other.wait().unwrap();
    server.unwrap().stop().unwrap();
}

#[test]
fn concurrent_users_share_one_server_and_the_last_stops_it() {
    let folder = Folder::new("together");
    let start = || {
        let server = folder.start();
        server.ensure_database("dzwoni").unwrap();
        server
    };
    let servers: Vec<PostgresServer> = thread::scope(|scope| {
        let starting: Vec<_> = (0..5).map(|_| scope.spawn(start)).collect();
        let started = starting.into_iter().map(|thread| thread.join().unwrap());
        started.collect()
    });
    let process = postmaster(&servers[0]);
    let mut remaining = servers.len();
    for server in servers {
        assert!(is_running(process));
        assert_eq!(postmaster(&server), process);
        assert_eq!(query(&server, "SELECT 1"), "1");
        server.stop().unwrap();
        remaining -= 1;
        assert_eq!(is_running(process), remaining > 0);
    }
}

#[test]
fn a_server_used_by_another_process_is_not_stopped() {
    let folder = Folder::new("shared");
    let mut program = Program::start(&folder);
    let server = folder.start();
    server.stop().unwrap();
    assert!(is_running(program.1));

    kill("-KILL", program.0.id());
    program.0.wait().unwrap();
    folder.start().stop().unwrap();
    assert!(!is_running(program.1));
}

#[test]
fn an_unfinished_cluster_is_created_again() {
    let folder = Folder::new("half");
    fs::create_dir_all(folder.path().join("data.new/base")).unwrap();
    fs::write(folder.path().join("data.new/PG_VERSION"), "15\n").unwrap();
    let server = folder.start();
    assert!(!server.home().join("data.new").exists());
    server.ensure_database("dzwoni").unwrap();
    assert_eq!(query(&server, "SELECT 1"), "1");
    server.stop().unwrap();
}

#[test]
fn unusual_and_long_data_paths_work() {
    let folder = Folder::new("odd");
    for name in ["a b, 'c' \"d\" $HOME `e` ;%20", &"long ".repeat(30)] {
        let path = folder.path().join(name);
        let server = PostgresServer::start(&path, Durability::Fast).unwrap();
        server.ensure_database("dzwoni").unwrap();
        assert_eq!(query(&server, "SELECT 1"), "1");
        assert_eq!(server.home(), path);
        server.stop().unwrap();
    }
}

#[test]
fn a_data_folder_inaccessible_to_the_server_account_works() {
    let folder = Folder::new("private");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let path = folder.path().join("data");
    let server = PostgresServer::start(&path, Durability::Fast).unwrap();
    let home = server.home().to_owned();
    server.ensure_database("dzwoni").unwrap();
    query(&server, "CREATE TABLE ticket AS SELECT 42 AS number");
    server.stop().unwrap();

    // the data is found again, although the folder itself would be usable now
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let server = PostgresServer::start(&path, Durability::Fast).unwrap();
    assert_eq!(query(&server, "SELECT number FROM ticket"), "42");
    server.stop().unwrap();
    fs::remove_dir_all(home).unwrap();
}

#[test]
fn missing_postgresql_binaries_are_explained() {
    let folder = Folder::new("missing");
    let message = Program::fail(&folder, &[("PG_BIN_DIR", "/nowhere")]);
    assert!(message.contains("PG_BIN_DIR is /nowhere"), "{message}");

    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/PG_VERSION"), "8\n").unwrap();
    let message = Program::fail(&folder, &[]);
    let advice = "apt-get install postgresql-8`, or";
    assert!(message.contains(advice), "{message}");
    assert!(!folder.path().join("data.new").exists());
}

#[test]
fn a_server_that_does_not_start_reports_its_log() {
    let folder = Folder::new("broken");
    let server = folder.start();
    let settings = server.home().join("data/postgresql.auto.conf");
    server.stop().unwrap();
    fs::write(&settings, "work_mem = plenty\n").unwrap();
    let error = PostgresServer::start(folder.path(), Durability::Fast).unwrap_err();
    assert!(error.to_string().contains("work_mem"), "{error}");
}

/// Not a test: the other tests run this as a separate process, to kill it.
#[test]
#[ignore = "run by other tests"]
fn private_server_process() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    match PostgresServer::start(Path::new(&folder), Durability::Fast) {
        Ok(server) => {
            println!("\nstarted {}", postmaster(&server));
            thread::sleep(Duration::from_secs(60));
        }
        Err(error) => {
            println!("\nfailed {error}");
            exit(1);
        }
    }
}

const FOLDER: &str = "DZWONI_TEST_FOLDER";

/// Another process that uses the server, and the process id of the server.
struct Program(Child, u32);

impl Program {
    fn start(folder: &Folder) -> Program {
        let (child, line) = Program::run(folder, &[]);
        let process = line.strip_prefix("started ").expect(&line);
        Program(child, process.parse().unwrap())
    }

    fn fail(folder: &Folder, variables: &[(&str, &str)]) -> String {
        let (mut child, line) = Program::run(folder, variables);
        child.wait().unwrap();
        line.strip_prefix("failed ").expect(&line).to_owned()
    }

    fn run(folder: &Folder, variables: &[(&str, &str)]) -> (Child, String) {
        let (_, module) = module_path!().split_once("::").unwrap();
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "--ignored", "--nocapture"]);
        command.arg(format!("{module}::private_server_process"));
        command.env(FOLDER, folder.path());
        command.envs(variables.iter().copied());
        command.process_group(0).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut lines = lines.map(Result::unwrap);
        let is_result = |line: &String| line.starts_with("started ") || line.starts_with("failed ");
        let line = lines.find(is_result).expect("the process prints its result");
        (child, line)
    }
}

/// A folder for one test, in memory if possible.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = base.join(format!("dzwoni-{}-{count}-{name}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn start(&self) -> PostgresServer {
        PostgresServer::start(self.path(), Durability::Fast).unwrap()
    }
}

/// Stops the server also after a failed test.
impl Drop for Folder {
    fn drop(&mut self) {
        if thread::panicking()
            && let Ok(server) = PostgresServer::start(self.path(), Durability::Fast)
        {
            let _ = server.stop();
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn query(server: &PostgresServer, sql: &str) -> String {
    psql(server, "dzwoni", sql)
}

fn psql(server: &PostgresServer, database: &str, sql: &str) -> String {
    let mut command = Command::new("psql");
    command.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    let output = command.arg(server.url(database)).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{sql}: {stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn postmaster(server: &PostgresServer) -> u32 {
    let file = server.home().join("data/postmaster.pid");
    let text = fs::read_to_string(file).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

/// Whether the process is running. An ended process may stay listed until its parent has waited for it.
fn is_running(process: u32) -> bool {
    let line = || fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| !line.is_empty());
    let deadline = Instant::now() + Duration::from_millis(100);
    while line() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(5));
    }
    line()
}

fn kill(signal: &str, target: impl ToString) {
    let mut command = Command::new("kill");
    command.args([signal, "--", &target.to_string()]);
    assert!(command.status().unwrap().success());
}

/// PostgreSQL checks only processes of its own account.
fn as_owner_of(file: &Path, program: &str) -> Command {
    let owner = fs::metadata(file).unwrap();
    let mut command = Command::new(program);
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(owner.uid()).gid(owner.gid());
    }
    command
}
