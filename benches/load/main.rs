//! How fast the portal is, measured against what it stands on: a bare axum server that says hello, and PostgreSQL
//! committing single rows. Everything runs at once on this machine, in turns, so that a slow minute slows both sides.
//!
//! `cargo bench --bench load` prints one table. It judges nothing: the figures are for people, on a quiet machine.
//! `-- pages` or `-- reports` at its end measures only these.

mod clients;
mod folder;
mod hello;
mod portal;
mod process;
mod reports;
mod table;

use std::{env, fs, path::Path, time::Duration};

use anyhow::ensure;
use clients::Load;
use dzwoni::postgres::{Durability, PostgresServer};
use folder::Folder;
use hello::Hello;
use portal::Portal;
use process::Peak;
use reports::{Inserts, Rows};
use table::{Row, Table};

/// A page in the middle of a walk, such as most visitors see most often.
const STEP: &str = "/pl/guide/outgoing/yes";
/// What browsers say of themselves: the portal counts the pages that people open.
const BROWSER: &str = "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0\r\n\
                       accept-language: pl,en-US;q=0.7,en;q=0.3\r\n";
/// Connections that ask for pages.
const READERS: usize = 32;
/// Connections that insert rows: as many as the portal's pool has. More of them insert fewer.
const WRITERS: usize = 16;
/// Connections that send reports: few, and as many as it takes to keep the portal busy.
const SENDERS: [usize; 2] = [16, 64];

const ROUNDS: usize = 6;
const READING: Duration = Duration::from_millis(1500);
const WRITING: Duration = Duration::from_millis(2500);

fn main() -> anyhow::Result<()> {
    if env::args().nth(1).as_deref() == Some(hello::ARGUMENT) {
        return hello::serve();
    }
    let folder = Folder::new("load")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(folder.path()))?.print();
    Ok(())
}

async fn measure(folder: &Path) -> anyhow::Result<Table> {
    let mut table = Table::default();

    let first = Portal::start(folder)?;
    let cold = first.started_in;
    first.stop()?;
    let portal = Portal::start(folder)?;
    let warm = portal.started_in;

    std::thread::sleep(Duration::from_secs(1));
    let at_rest = portal.process.memory()?;
    let first_view = portal.first_view().await?;

    let peak = Peak::watch(portal.process.id);
    let only = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    if wanted("pages") {
        read(&portal, &mut table).await?;
    }
    if wanted("reports") {
        write(&portal, folder, &mut table).await?;
    }
    table.add(Row::at_most("memory at rest", at_rest as f64 / MB, "MB", 40.0));
    table.add(Row::at_most("memory under load", peak.end() as f64 / MB, "MB", 80.0));
    table.add(Row::at_most("start, empty folder", cold.as_secs_f64(), "s", 3.0));
    table.add(Row::at_most("start, second time", warm.as_secs_f64(), "s", 3.0));
    table.add(Row::at_most("first view of the home page", first_view as f64 / 1024.0, "KB", 14.0));

    portal.stop()?;
    Ok(table)
}

const MB: f64 = 1024.0 * 1024.0;

/// A page of the portal against hello: in rates, which the client shares the machine's cores with, and in the server's
/// own processor time.
async fn read(portal: &Portal, table: &mut Table) -> anyhow::Result<()> {
    let hello = Hello::start()?;
    let get =
        |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{BROWSER}{more}\r\n").into_bytes();
    let loads = [
        (Load::same(hello.address, get("/", "")), hello.process.id),
        (Load::same(portal.address, get(STEP, "")), portal.process.id),
        (Load::same(portal.address, get(STEP, "accept-encoding: gzip, br\r\n")), portal.process.id),
    ];
    for (load, _) in &loads {
        load.run(READERS, READING / 3).await?;
    }
    let mut rates = [const { Vec::new() }; 3];
    let mut costs = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        let mut turns = [0, 1, 2];
        turns.rotate_left(round % 3);
        for turn in turns {
            let (load, server) = &loads[turn];
            let before = process::cpu(*server)?;
            let done = load.run(READERS, READING).await?;
            ensure!(done.refused == 0, "a page was answered with {}", done.odd.unwrap_or_default());
            costs[turn].push((process::cpu(*server)? - before).as_secs_f64() * 1e6 / done.accepted as f64);
            rates[turn].push(done.rate());
        }
    }
    let names = ["guide step", "guide step, Brotli"];
    for (name, rate) in names.into_iter().zip(&rates[1..]) {
        table.add(Row::against(&format!("{name}, requests/s"), rate, "hello", &rates[0], Some(0.7)));
    }
    for (name, cost) in names.into_iter().zip(&costs[1..]) {
        table.add(Row::against(&format!("{name}, server's µs/request"), cost, "hello", &costs[0], None));
    }
    hello.stop();
    Ok(())
}

/// Reports against single rows, in the same PostgreSQL.
async fn write(portal: &Portal, folder: &Path, table: &mut Table) -> anyhow::Result<()> {
    // the portal's own server, which runs already
    let server = PostgresServer::start(&folder.join("postgres"), Durability::Safe)?;
    let mut inserts = Vec::new();
    for (rows, database) in [(Rows::Tickets, "tickets"), (Rows::Bare, "rows")] {
        server.ensure_database(database)?;
        inserts.push(Inserts::open(rows, &server.url(database), WRITERS).await?);
    }
    let reports = Load::new(portal.address, reports::report);
    let postmaster = fs::read_to_string(server.home().join("data/postmaster.pid"))?;
    let postmaster = postmaster.lines().next().unwrap_or_default().trim().parse()?;
    let all = [portal.process.id, std::process::id()];
    let cpu = || process::cpu_of_family(postmaster, &all);

    // both kinds of rows, then the reports of few and of many senders; the first round only warms up
    const TURNS: usize = 2 + SENDERS.len();
    let [mut rates, mut costs] = [const { [const { Vec::new() }; TURNS] }; 2];
    for round in 0..=ROUNDS {
        for turn in 0..TURNS {
            let turn = (turn + round) % TURNS;
            let before = cpu()?;
            let (rate, count) = match turn.checked_sub(inserts.len()) {
                None => inserts[turn].run(WRITING).await?,
                Some(reporting) => {
                    let done = reports.run(SENDERS[reporting], WRITING).await?;
                    ensure!(done.refused == 0, "a report was answered with {}", done.odd.unwrap_or_default());
                    (done.rate(), done.accepted)
                }
            };
            if round > 0 {
                rates[turn].push(rate);
                costs[turn].push((cpu()? - before).as_secs_f64() * 1e6 / count as f64);
            }
        }
    }
    for (turn, senders) in (inserts.len()..).zip(SENDERS) {
        let name = format!("reports of {senders} senders/s");
        table.add(Row::against(&name, &rates[turn], "their rows inserted", &rates[0], Some(0.6)));
        table.add(Row::against(&name, &rates[turn], "bare rows inserted", &rates[1], None));
        let name = format!("report of {senders} senders, everybody's µs");
        table.add(Row::against(&name, &costs[turn], "its row inserted", &costs[0], None));
        table.add(Row::against(&name, &costs[turn], "bare row inserted", &costs[1], None));
    }
    for inserts in inserts {
        inserts.close().await?;
    }
    server.stop()?;
    Ok(())
}
