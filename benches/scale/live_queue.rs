//! Many open pages of the staff queue: how long until the last one shows a new report?

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

pub(crate) const PAGE_COUNT: usize = 200;
/// Pages per staff member: fewer than the limit.
const PAGES_PER_STAFF_MEMBER: usize = 10;
/// Reports, sent one after another. Each of them changes every view.
const REPORT_COUNT: usize = 20;
/// The views of the pages: the newest tickets first, so that a report changes each of them.
const VIEWS: [&str; 5] = [
    "view=new&sort=newest",
    "view=all",
    "view=all&category=outgoing",
    "view=new&sort=newest&category=outgoing",
    "view=new&sort=newest&assignee=none",
];
/// Long enough for a slow machine.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Opens the pages and sends reports. Returns for each report after how many milliseconds the last page showed it.
pub(crate) async fn measure(address: SocketAddr, db: &mut PgConnection) -> anyhow::Result<Vec<f64>> {
    let mut pages = Vec::new();
    for number in 0..PAGE_COUNT {
        let token = sign_in(db, number / PAGES_PER_STAFF_MEMBER, number % PAGES_PER_STAFF_MEMBER == 0).await?;
        pages.push(LivePage::open(address, VIEWS[number % VIEWS.len()], &token).await?);
    }
    let report = Load::new(address, reports::write_report);
    let mut delays = Vec::new();
    for _ in 0..REPORT_COUNT {
        let mut waiting = JoinSet::new();
        for mut page in pages.drain(..) {
            waiting.spawn(async move {
                let changed_at = timeout(TIMEOUT, page.wait_for_change()).await.context("a page did not change")??;
                anyhow::Ok((page, changed_at))
            });
        }
        let sent_at = Instant::now();
        // the duration is so short that exactly one report is sent
        let result = report.run(1, Duration::from_nanos(1)).await?;
        ensure!(
            result.refused == 0,
            "unexpected response to a report: {}",
            result.first_unexpected.unwrap_or_default()
        );
        let mut last_ms: f64 = 0.0;
        while let Some(changed) = waiting.join_next().await {
            let (page, changed_at) = changed??;
            pages.push(page);
            last_ms = last_ms.max(changed_at.duration_since(sent_at).as_secs_f64() * 1000.0);
        }
        delays.push(last_ms);
        // later events about this report must not count for the next one
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(delays)
}

/// Creates a session in the database, because password hashing is slow on purpose.
async fn sign_in(db: &mut PgConnection, number: usize, is_new: bool) -> anyhow::Result<String> {
    let id = Uuid::from_u128(number as u128 + 1);
    if is_new {
        sqlx::query("insert into staff (id, email, name, role, created_at) values ($1, $2, $3, 'agent', now())")
            .bind(id)
            .bind(format!("staff-{number}@example.org"))
            .bind(format!("Staff {number}"))
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

/// The event stream of one open page.
struct LivePage {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl LivePage {
    /// Opens the stream and waits for the first rows.
    async fn open(address: SocketAddr, query: &str, token: &str) -> anyhow::Result<LivePage> {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!(
            "GET /staff/live?{query}&fingerprint=none HTTP/1.1\r\nhost: localhost\r\ncookie: __Host-dzwoni={token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut page = LivePage { stream, buffer: Vec::new() };
        timeout(TIMEOUT, page.wait_for_change()).await.context("a page shows no rows")??;
        Ok(page)
    }

    /// Waits until the rows change. Returns when they did.
    async fn wait_for_change(&mut self) -> anyhow::Result<Instant> {
        loop {
            // an event ends with an empty line; HTTP chunk boundaries don't matter
            let end = self.buffer.windows(2).position(|bytes| bytes == b"\n\n");
            let Some(end) = end else {
                let mut chunk = [0; 16 * 1024];
                let count = self.stream.read(&mut chunk).await?;
                ensure!(count > 0, "the stream ended: {}", String::from_utf8_lossy(&self.buffer));
                self.buffer.extend_from_slice(&chunk[..count]);
                if self.buffer.starts_with(b"HTTP/1.1 ") && !self.buffer.starts_with(b"HTTP/1.1 200") {
                    bail!("{}", String::from_utf8_lossy(&self.buffer));
                }
                continue;
            };
            let event: Vec<_> = self.buffer.drain(..end + 2).collect();
            if String::from_utf8_lossy(&event).contains("event: rows") {
                return Ok(Instant::now());
            }
        }
    }
}
