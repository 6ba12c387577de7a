//! The portal: the release binary with its private database.

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

pub(crate) struct Portal {
    pub(crate) address: SocketAddr,
    pub(crate) process: Process,
    /// From the start of the process to the first successful readiness check.
    pub(crate) started_in: Duration,
}

impl Portal {
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Portal> {
        Portal::start_with(folder, &[])
    }

    /// Starts the portal with additional arguments for `serve`.
    pub(crate) fn start_with(folder: &Path, arguments: &[&str]) -> anyhow::Result<Portal> {
        let started_at = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dzwoni"));
        remove_settings(&mut command);
        command.args(["serve", "--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.0/8", "--data"]);
        command.arg(folder).args(arguments);
        // logging is part of what is measured
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
        Ok(Portal { address, process, started_in: started_at.elapsed() })
    }

    /// Bytes transferred for the first view of the home page: the page and its style sheet, with headers.
    pub(crate) async fn first_view(&self) -> anyhow::Result<usize> {
        let response = fetch(self.address, "/pl", "").await?;
        let page = String::from_utf8_lossy(&response);
        let sheets: Vec<_> = page.split("<link rel=\"stylesheet\" href=\"").skip(1).collect();
        ensure!(sheets.len() == 1, "the home page has {} style sheets", sheets.len());
        let sheet = sheets[0].split('"').next().unwrap_or_default();
        let brotli = "accept-encoding: gzip, deflate, br\r\n";
        Ok(fetch(self.address, "/pl", brotli).await?.len() + fetch(self.address, sheet, brotli).await?.len())
    }

    pub(crate) fn stop(self) -> anyhow::Result<()> {
        self.process.stop();
        Ok(())
    }
}

/// Removes the portal's settings from the environment, so that they don't change the results.
pub(crate) fn remove_settings(command: &mut Command) {
    let is_setting = |name: &str| name.starts_with("DZWONI_") || ["DATABASE_URL", "RUST_LOG"].contains(&name);
    for (name, _) in std::env::vars().filter(|(name, _)| is_setting(name)) {
        command.env_remove(name);
    }
}

fn wait_until_ready(address: SocketAddr) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let response = runtime.block_on(fetch(address, "/readyz", ""));
        if response.is_ok_and(|response| response.starts_with(b"HTTP/1.1 200")) {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "the portal is not ready after 30 seconds");
        std::thread::sleep(Duration::from_millis(5));
    }
}
