//! The baseline for pages: a minimal axum server. It is this program again, as a process of its own.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Command, Stdio},
};

use anyhow::Context;
use axum::{Router, routing::get};
use tokio::net::TcpListener;

use crate::process::Process;

/// With this argument the program is the server.
pub(crate) const ARGUMENT: &str = "hello";

pub(crate) struct Hello {
    pub(crate) address: SocketAddr,
    pub(crate) process: Process,
}

impl Hello {
    pub(crate) fn start() -> anyhow::Result<Hello> {
        let mut command = Command::new(env::current_exe()?);
        let mut child = command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("the baseline server has no standard output")?)
            .read_line(&mut line)?;
        let process = Process::new(child);
        Ok(Hello { address: line.trim().parse()?, process })
    }

    pub(crate) fn stop(self) {
        self.process.stop();
    }
}

pub(crate) fn serve() -> anyhow::Result<()> {
    // the server ends with its parent process
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let router = Router::new().route("/", get(async || "Hello"));
        Ok(axum::serve(listener, router).await?)
    })
}
