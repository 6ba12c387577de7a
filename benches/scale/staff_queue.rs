//! A portal with demo tickets, and a staff member who is signed in.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use dzwoni::{
    demo::{DEMO_EMAIL, DEMO_PASSWORD},
    tickets::TicketReference,
};
use private_postgres::{Durability, PostgresServer};
use sqlx::{Connection, PgConnection};
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

use crate::{
    clients::{Connection as Client, fetch},
    portal::{Portal, remove_settings},
    table::median,
};

/// A page that is measured.
pub(crate) struct Page {
    pub(crate) name: &'static str,
    path: String,
}

pub(crate) struct StaffQueue {
    pub(crate) portal: Portal,
    pub(crate) pages: Vec<Page>,
    cookie: String,
}

/// Generates demo tickets. Returns how many per second.
pub(crate) fn fill(folder: &Path, tickets: u32) -> anyhow::Result<f64> {
    let started_at = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dzwoni"));
    remove_settings(&mut command);
    command.args(["demo", "--tickets", &tickets.to_string(), "--data"]).arg(folder).stdout(Stdio::null());
    ensure!(command.status()?.success(), "`dzwoni demo` failed");
    Ok(f64::from(tickets) / started_at.elapsed().as_secs_f64())
}

impl StaffQueue {
    pub(crate) async fn open(folder: &Path) -> anyhow::Result<StaffQueue> {
        let portal = Portal::start_with(folder, &["--demo"])?;
        let form = format!("email={DEMO_EMAIL}&password={}", DEMO_PASSWORD.replace(' ', "+"));
        let head = format!(
            "POST /staff/login HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{form}",
            form.len()
        );
        let mut stream = TcpStream::connect(portal.address).await?;
        stream.write_all(head.as_bytes()).await?;
        let mut response = String::new();
        stream.read_to_string(&mut response).await?;
        let cookie = response
            .lines()
            .filter_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next())
            .find(|cookie| cookie.starts_with("__Host-dzwoni="));
        let cookie = format!("cookie: {}\r\n", cookie.context("could not sign in")?);
        let pages = find_pages(folder).await?;
        let queue = StaffQueue { portal, pages, cookie };
        for page in &queue.pages {
            let response = fetch(queue.portal.address, &page.path, &queue.cookie).await?;
            let head = String::from_utf8_lossy(&response[..response.len().min(200)]).into_owned();
            ensure!(head.starts_with("HTTP/1.1 200"), "unexpected response to {}: {head}", page.path);
        }
        Ok(queue)
    }

    /// The median response time of a page, in milliseconds.
    pub(crate) async fn measure(&self, page: usize, request_count: usize) -> anyhow::Result<f64> {
        let request = format!("GET {} HTTP/1.1\r\nhost: localhost\r\n{}\r\n", self.pages[page].path, self.cookie);
        let mut client = Client::open(self.portal.address).await?;
        let mut times = Vec::new();
        for _ in 0..request_count {
            let started_at = Instant::now();
            client.send(request.as_bytes()).await?;
            times.push(started_at.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(median(&times))
    }

    /// Exports all tickets as CSV. Returns the number of rows.
    pub(crate) async fn export(&self) -> anyhow::Result<usize> {
        let mut stream = TcpStream::connect(self.portal.address).await?;
        let request = "GET /staff.csv?view=all HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
        stream.write_all(format!("{request}{}\r\n", self.cookie).as_bytes()).await?;
        let (mut buffer, mut rows, mut end) = (vec![0; 256 * 1024], 0, Vec::new());
        loop {
            let read = tokio::time::timeout(Duration::from_secs(60), stream.read(&mut buffer)).await??;
            if read == 0 {
                break;
            }
            rows += buffer[..read].iter().filter(|byte| **byte == b'\n').count();
            end.extend_from_slice(&buffer[read.saturating_sub(8)..read]);
            end.drain(..end.len().saturating_sub(8));
        }
        ensure!(end.ends_with(b"0\r\n\r\n"), "the export is incomplete");
        Ok(rows)
    }

    pub(crate) fn close(self) -> anyhow::Result<()> {
        self.portal.stop()
    }
}

/// The pages to measure, with numbers and tickets from the database.
async fn find_pages(folder: &Path) -> anyhow::Result<Vec<Page>> {
    let server = PostgresServer::start(&folder.join("postgres"), Durability::Safe)?;
    let mut db = PgConnection::connect(&server.url("dzwoni")).await?;
    let frequent_number: String = sqlx::query_scalar(
        "select callee_digits from ticket tablesample system (10) where callee_kind = 'number'
        group by 1 order by count(*) desc limit 1",
    )
    .fetch_one(&mut db)
    .await?;
    // the number of rows affects the time, so the number has the same number of calls in both databases
    let (reference, number): (String, String) = sqlx::query_as(
        "select max(reference), callee_digits from ticket where callee_kind = 'number'
        group by callee_digits having count(*) = 3 limit 1",
    )
    .fetch_one(&mut db)
    .await?;
    let (old_id, old_created_at): (Uuid, OffsetDateTime) = sqlx::query_as(
        "select id, created_at from ticket where created_at < now() - interval '180 days' order by created_at desc limit 1",
    )
    .fetch_one(&mut db)
    .await?;
    db.close().await?;
    server.stop()?;
    let reference: TicketReference = reference.parse().map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let cursor = format!("{}.{}", old_created_at.unix_timestamp_nanos() / 1000, old_id.simple());
    let last_digits = &number[number.len() - 7..];
    let page = |name, path: String| Page { name, path };
    Ok(vec![
        page("the queue", "/staff".into()),
        page("all tickets", "/staff?view=all".into()),
        page("all tickets, page half a year back", format!("/staff?view=all&after={cursor}")),
        page("resolved, one category", "/staff?view=resolved&category=audio".into()),
        page("resolved, mine", "/staff?view=resolved&assignee=me".into()),
        page("search: a number with three calls", format!("/staff?view=all&q=%2B{number}")),
        page("search: a number that many call", format!("/staff?view=all&q=%2B{frequent_number}")),
        page("search: seven digits", format!("/staff?view=all&q={last_digits}")),
        page("search: the beginning of a number", "/staff?view=all&q=22%20555".into()),
        page("search: yesterday from 14:00 to 14:30", "/staff?view=all&q=wczoraj%2014:00-14:30".into()),
        page("search: words", "/staff?view=all&q=%22router%20dzia%C5%82a%22".into()),
        page("a ticket with related tickets", format!("/staff/tickets/{reference}")),
        page("statistics of today", "/staff/stats".into()),
        page("statistics of 30 days", "/staff/stats?days=30".into()),
    ])
}
