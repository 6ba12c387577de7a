//! Measures the staff pages with ten thousand and with a million tickets, alternating, over HTTP, with one client that waits
//! for each response.
//!
//! `cargo bench --bench scale` prints one table. A missed target is no failure. The machine should be idle otherwise. It
//! needs five gigabytes and five minutes. `-- 100000` changes the larger number of tickets. `-- addresses` measures only
//! the lookup of a blocked address among a million; `-- incidents` only how an incident with ten thousand tickets is
//! resolved.

#[path = "../load/portal.rs"]
#[allow(dead_code, reason = "shared with the benchmark `load`")]
mod portal;
#[path = "../load/process.rs"]
#[allow(dead_code, reason = "shared with the benchmark `load`")]
mod process;
#[path = "../load/table.rs"]
#[allow(dead_code, reason = "shared with the benchmark `load`")]
mod table;
#[path = "../load/clients.rs"]
#[allow(dead_code, reason = "shared with the benchmark `load`")]
mod clients;
#[path = "../load/reports.rs"]
#[allow(dead_code, reason = "shared with the benchmark `load`")]
mod reports;
#[path = "../load/data_dir.rs"]
mod data_dir;
mod blocklist;
mod staff_queue;
mod incidents;
mod live_queue;

use std::{env, time::Instant};

use anyhow::ensure;
use data_dir::DataDir;
use private_postgres::{Durability, PostgresServer};
use process::MemoryPeak;
use sqlx::{Connection, PgConnection};
use staff_queue::StaffQueue;
use table::{Row, Table, median};

const SMALL: u32 = 10_000;
const LARGE: u32 = 1_000_000;

/// Requests to a page in one round.
const REQUESTS_PER_ROUND: usize = 9;
const ROUNDS: usize = 7;

const MB: f64 = 1024.0 * 1024.0;

fn main() -> anyhow::Result<()> {
    let ticket_count = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(LARGE);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if env::args().any(|argument| argument == "addresses") {
        runtime.block_on(blocklist::measure())?.print();
        return Ok(());
    }
    if env::args().any(|argument| argument == "incidents") {
        runtime.block_on(incidents::measure())?.print();
        return Ok(());
    }
    runtime.block_on(measure(ticket_count))?.print();
    Ok(())
}

async fn measure(ticket_count: u32) -> anyhow::Result<Table> {
    let mut table = Table::default();
    let data_dirs = [DataDir::new("small")?, DataDir::new("large")?];
    staff_queue::fill(data_dirs[0].path(), SMALL)?;
    let rate = staff_queue::fill(data_dirs[1].path(), ticket_count)?;
    table.add(Row::at_least(&format!("demo tickets created, {ticket_count}"), rate, "/s", 5000.0));

    let small = StaffQueue::open(data_dirs[0].path()).await?;
    let large = StaffQueue::open(data_dirs[1].path()).await?;
    let names: Vec<_> = small.pages.iter().map(|page| page.name).collect();
    for (page, name) in names.into_iter().enumerate() {
        let [mut baseline, mut values] = [const { Vec::new() }; 2];
        for round in 0..ROUNDS {
            for turn in [round % 2, (round + 1) % 2] {
                let (queue, times) = if turn == 0 { (&small, &mut baseline) } else { (&large, &mut values) };
                times.push(queue.measure(page, REQUESTS_PER_ROUND).await?);
            }
        }
        let name = format!("{name}, ms");
        // statistics read all tickets of their days, and a ticket has more related tickets among more tickets
        table.add(match name.starts_with("statistics") || name.starts_with("a ticket") {
            true => Row::against(&name, &values, "10,000 tickets", &baseline, None),
            false => Row::no_slower(&name, &values, "10,000 tickets", &baseline, 1.5, 25.0),
        });
    }

    let idle_memory = large.portal.process.memory()?;
    let peak = MemoryPeak::watch(large.portal.process.id);
    let started_at = Instant::now();
    let rows = large.export().await?;
    ensure!(rows > 0, "the export is empty");
    table.add(Row::alone("rows exported", rows as f64 / started_at.elapsed().as_secs_f64(), "/s"));
    table.add(Row::alone("memory before", idle_memory as f64 / MB, "MB"));
    table.add(Row::at_most("memory while exporting", peak.end() as f64 / MB, "MB", 150.0));

    let server = PostgresServer::start(&data_dirs[1].path().join("postgres"), Durability::Safe)?;
    let mut db = PgConnection::connect(&server.url("dzwoni")).await?;
    let mut delays = live_queue::measure(large.portal.address, &mut db).await?;
    delays.sort_by(f64::total_cmp);
    let name = format!("the last of {} queue pages shows a report after", live_queue::PAGE_COUNT);
    table.add(Row::alone(&name, median(&delays), "ms"));
    table.add(Row::at_most("the same, worst case", delays[delays.len() - 1], "ms", 1000.0));
    table.add(Row::alone("memory with these pages", large.portal.process.memory()? as f64 / MB, "MB"));
    db.close().await?;
    server.stop()?;
    small.close()?;
    large.close()?;
    Ok(table)
}
