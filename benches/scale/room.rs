//! A room full of open desks: how long until the last of them shows a report that came?

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use dzwoni::token;
use sqlx::PgConnection;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};
use uuid::Uuid;

use crate::{clients::Load, reports};

pub const DESKS: usize = 200;
/// Desks of one person: fewer than a person may have open.
const EACH: usize = 10;
/// Reports, one after another, each of which changes every view.
const CHANGES: usize = 20;
/// What the desks show: the newest first, so that a report changes each.
const VIEWS: [&str; 5] = [
    "view=new&sort=newest",
    "view=all",
    "view=all&category=outgoing",
    "view=new&sort=newest&category=outgoing",
    "view=new&sort=newest&assignee=none",
];
/// Long enough for a slow machine; what takes longer is lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Opens the desks and sends reports; says after how many milliseconds the last desk showed each.
pub async fn watch(address: SocketAddr, db: &mut PgConnection) -> anyhow::Result<Vec<f64>> {
    let mut desks = Vec::new();
    for number in 0..DESKS {
        let token = sign_in(db, number / EACH, number % EACH == 0).await?;
        desks.push(Desk::open(address, VIEWS[number % VIEWS.len()], &token).await?);
    }
    let report = Load::new(address, reports::report);
    let mut last = Vec::new();
    for _ in 0..CHANGES {
        let mut waiting = JoinSet::new();
        for mut desk in desks.drain(..) {
            waiting.spawn(async move {
                let at = timeout(PATIENCE, desk.change()).await.context("a desk was told nothing")??;
                anyhow::Ok((desk, at))
            });
        }
        let begun = Instant::now();
        // one report, and no more
        let done = report.run(1, Duration::from_nanos(1)).await?;
        ensure!(done.refused == 0, "a report was answered with {}", done.odd.unwrap_or_default());
        let mut took: f64 = 0.0;
        while let Some(told) = waiting.join_next().await {
            let (desk, at) = told??;
            desks.push(desk);
            took = took.max(at.duration_since(begun).as_secs_f64() * 1000.0);
        }
        last.push(took);
        // what still follows belongs to this change
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(last)
}

/// A session of a made-up person, straight in the database: passwords are slow on purpose.
async fn sign_in(db: &mut PgConnection, number: usize, is_new: bool) -> anyhow::Result<String> {
    let id = Uuid::from_u128(number as u128 + 1);
    if is_new {
        sqlx::query("insert into staff (id, email, name, role, created_at) values ($1, $2, $3, 'agent', now())")
            .bind(id)
            .bind(format!("desk-{number}@example.org"))
            .bind(format!("Desk {number}"))
            .execute(&mut *db)
            .await?;
    }
    let token = token::random();
    sqlx::query(
        "insert into staff_session (token_hash, staff_id, created_at, last_seen_at, ip, user_agent)
        values ($1, $2, now(), now(), '127.0.0.1', 'load')",
    )
    .bind(token::sha256(&token))
    .bind(id)
    .execute(db)
    .await?;
    Ok(token)
}

/// One open desk: a browser's stream of events, and nothing else of a browser.
struct Desk {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Desk {
    /// Opens a page of the queue and waits until it shows what there is.
    async fn open(address: SocketAddr, query: &str, token: &str) -> anyhow::Result<Desk> {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!(
            "GET /staff/live?{query}&mark=none HTTP/1.1\r\nhost: localhost\r\ncookie: __Host-dzwoni={token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut desk = Desk { stream, read: Vec::new() };
        timeout(PATIENCE, desk.change()).await.context("a desk shows nothing")??;
        Ok(desk)
    }

    /// Waits until the rows change; says when they did.
    async fn change(&mut self) -> anyhow::Result<Instant> {
        loop {
            // an event ends with an empty line; the chunks that it travels in don't matter
            let end = self.read.windows(2).position(|two| two == b"\n\n");
            let Some(end) = end else {
                let mut chunk = [0; 16 * 1024];
                let count = self.stream.read(&mut chunk).await?;
                ensure!(count > 0, "the stream ended: {}", String::from_utf8_lossy(&self.read));
                self.read.extend_from_slice(&chunk[..count]);
                if self.read.starts_with(b"HTTP/1.1 ") && !self.read.starts_with(b"HTTP/1.1 200") {
                    bail!("{}", String::from_utf8_lossy(&self.read));
                }
                continue;
            };
            let event: Vec<_> = self.read.drain(..end + 2).collect();
            if String::from_utf8_lossy(&event).contains("event: rows") {
                return Ok(Instant::now());
            }
        }
    }
}
