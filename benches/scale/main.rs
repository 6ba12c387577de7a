//! Whether the desk stays fast when there are many tickets: the same pages with ten thousand and with a million, in
//! turns, through HTTP, asked by one client that waits for each answer.
//!
//! `cargo bench --bench scale` prints one table. It judges nothing: the figures are for people, on a quiet machine. It
//! needs five gigabytes and five minutes. `-- 100000` at its end makes the many fewer; `-- addresses`
//! measures how one blocked address is found among a million, and nothing else; `-- incidents` how an incident with ten
//! thousand tickets ends.

#[path = "../load/portal.rs"]
#[allow(dead_code, reason = "shared with the other program")]
mod portal;
#[path = "../load/process.rs"]
#[allow(dead_code, reason = "shared with the other program")]
mod process;
#[path = "../load/table.rs"]
#[allow(dead_code, reason = "shared with the other program")]
mod table;
#[path = "../load/clients.rs"]
#[allow(dead_code, reason = "shared with the other program")]
mod clients;
#[path = "../load/reports.rs"]
#[allow(dead_code, reason = "shared with the other program")]
mod reports;
#[path = "../load/folder.rs"]
mod folder;
mod addresses;
mod desk;
mod incidents;
mod room;

use std::{env, time::Instant};

use anyhow::ensure;
use desk::Desk;
use dzwoni::postgres::{Durability, PostgresServer};
use folder::Folder;
use process::Peak;
use sqlx::{Connection, PgConnection};
use table::{Row, Table, median};

const FEW: u32 = 10_000;
const MANY: u32 = 1_000_000;

/// Each page is asked for so often in a row, so many times.
const IN_A_ROW: usize = 9;
const ROUNDS: usize = 7;

const MB: f64 = 1024.0 * 1024.0;

fn main() -> anyhow::Result<()> {
    let many = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(MANY);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if env::args().any(|argument| argument == "addresses") {
        runtime.block_on(addresses::measure())?.print();
        return Ok(());
    }
    if env::args().any(|argument| argument == "incidents") {
        runtime.block_on(incidents::measure())?.print();
        return Ok(());
    }
    runtime.block_on(measure(many))?.print();
    Ok(())
}

async fn measure(many: u32) -> anyhow::Result<Table> {
    let mut table = Table::default();
    let folders = [Folder::new("few")?, Folder::new("many")?];
    desk::fill(folders[0].path(), FEW)?;
    let rate = desk::fill(folders[1].path(), many)?;
    table.add(Row::at_least(&format!("tickets made up, {many}"), rate, "/s", 5000.0));

    let few = Desk::open(folders[0].path()).await?;
    let many = Desk::open(folders[1].path()).await?;
    let names: Vec<_> = few.pages.iter().map(|page| page.name).collect();
    for (at, name) in names.into_iter().enumerate() {
        let [mut base, mut all] = [const { Vec::new() }; 2];
        for round in 0..ROUNDS {
            for turn in [round % 2, (round + 1) % 2] {
                let (desk, times) = if turn == 0 { (&few, &mut base) } else { (&many, &mut all) };
                times.push(desk.time(at, IN_A_ROW).await?);
            }
        }
        let name = format!("{name}, ms");
        // figures over days read the tickets of these days, and a ticket has more relatives among more
        table.add(match name.starts_with("figures") || name.starts_with("a ticket") {
            true => Row::against(&name, &all, "10,000 tickets", &base, None),
            false => Row::no_slower(&name, &all, "10,000 tickets", &base, 1.5, 25.0),
        });
    }

    let at_rest = many.portal.process.memory()?;
    let peak = Peak::watch(many.portal.process.id);
    let begun = Instant::now();
    let rows = many.export().await?;
    ensure!(rows > 0, "the file is empty");
    table.add(Row::alone("rows exported", rows as f64 / begun.elapsed().as_secs_f64(), "/s"));
    table.add(Row::alone("memory before", at_rest as f64 / MB, "MB"));
    table.add(Row::at_most("memory while exporting", peak.end() as f64 / MB, "MB", 150.0));

    let server = PostgresServer::start(&folders[1].path().join("postgres"), Durability::Safe)?;
    let mut db = PgConnection::connect(&server.url("dzwoni")).await?;
    let mut last = room::watch(many.portal.address, &mut db).await?;
    last.sort_by(f64::total_cmp);
    let name = format!("a report shows on the last of {} desks after", room::DESKS);
    table.add(Row::alone(&name, median(&last), "ms"));
    table.add(Row::at_most("at worst, of twenty", last[last.len() - 1], "ms", 1000.0));
    table.add(Row::alone("memory with these desks", many.portal.process.memory()? as f64 / MB, "MB"));
    db.close().await?;
    server.stop()?;
    few.close()?;
    many.close()?;
    Ok(table)
}
