//! The portal itself: the program as it is shipped, with its private database.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use crate::{clients::fetch, process::Process};

pub struct Portal {
    pub address: SocketAddr,
    pub process: Process,
    /// From the command to the first answer that says "ready".
    pub started_in: Duration,
}

impl Portal {
    pub fn start(folder: &Path) -> anyhow::Result<Portal> {
        Portal::start_with(folder, &[])
    }

    /// Starts it with more flags of `serve`.
    pub fn start_with(folder: &Path, more: &[&str]) -> anyhow::Result<Portal> {
        let begun = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dzwoni"));
        without_settings(&mut command);
        command.args(["serve", "--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.0/8", "--data"]);
        command.arg(folder).args(more);
        // it writes its log as it always does, one line a report
        let log = File::create(folder.join("log"))?;
        command.stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let process = Process::new(child);
        let line = lines.next().context("the portal did not start")??;
        let address = line.split("://").nth(1).and_then(|rest| rest.split('/').next()).context("no address")?;
        let address: SocketAddr = address.parse()?;
        // what it says later goes nowhere, but must not stop it
        std::thread::spawn(move || lines.for_each(drop));
        let ready = std::thread::spawn(move || wait_until_ready(address));
        ready.join().unwrap_or_else(|_| unreachable!("it does not panic"))?;
        Ok(Portal { address, process, started_in: begun.elapsed() })
    }

    /// Bytes on the wire until the home page stands: the page and its one style sheet, with their headers.
    pub async fn first_view(&self) -> anyhow::Result<usize> {
        let plain = fetch(self.address, "/pl", "").await?;
        let page = String::from_utf8_lossy(&plain);
        let sheets: Vec<_> = page.split("<link rel=\"stylesheet\" href=\"").skip(1).collect();
        ensure!(sheets.len() == 1, "the home page has {} style sheets", sheets.len());
        let sheet = sheets[0].split('"').next().unwrap_or_default();
        let brotli = "accept-encoding: gzip, deflate, br\r\n";
        Ok(fetch(self.address, "/pl", brotli).await?.len() + fetch(self.address, sheet, brotli).await?.len())
    }

    pub fn stop(self) -> anyhow::Result<()> {
        self.process.stop();
        Ok(())
    }
}

/// A shell's settings must not change what is measured.
pub fn without_settings(command: &mut Command) {
    let ours = |name: &str| name.starts_with("DZWONI_") || ["DATABASE_URL", "RUST_LOG"].contains(&name);
    for (name, _) in std::env::vars().filter(|(name, _)| ours(name)) {
        command.env_remove(name);
    }
}

fn wait_until_ready(address: SocketAddr) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = runtime.block_on(fetch(address, "/readyz", ""));
        if answer.is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200")) {
            return Ok(());
        }
        ensure!(Instant::now() < patience, "the portal is not ready after half a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}
