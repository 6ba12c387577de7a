//! Measures pages and reports against baselines: a minimal axum server, and PostgreSQL committing single rows. Portal and
//! baseline alternate on the same machine, so that a slow minute affects both.
//!
//! `cargo bench --bench load` prints one table. A missed target is no failure. The machine should be idle otherwise.
//! `-- pages` or `-- reports` measures only these.

mod clients;
mod data_dir;
mod hello;
mod portal;
mod process;
mod reports;
mod table;

use std::{env, fs, path::Path, time::Duration};

use anyhow::ensure;
use clients::Load;
use data_dir::DataDir;
use hello::Hello;
use portal::Portal;
use private_postgres::{Durability, PostgresServer};
use process::MemoryPeak;
use reports::{RowInserter, Rows};
use table::{Row, Table};

/// A step in the middle of a guide: the kind of page that visitors see most often.
const GUIDE_STEP: &str = "/pl/guide/outgoing/yes";
/// Headers of a browser. The portal counts the page views of browsers.
const BROWSER_HEADERS: &str = "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0\r\n\
                       accept-language: pl,en-US;q=0.7,en;q=0.3\r\n";
/// Connections that request pages.
const PAGE_CONNECTIONS: usize = 32;
/// Connections that insert rows: as many as in the portal's pool. More connections insert fewer rows.
const INSERT_CONNECTIONS: usize = 16;
/// Connections that send reports: a few, and enough to saturate the portal.
const REPORT_CONNECTIONS: [usize; 2] = [16, 64];

const ROUNDS: usize = 6;
const PAGE_ROUND: Duration = Duration::from_millis(1500);
const REPORT_ROUND: Duration = Duration::from_millis(2500);

fn main() -> anyhow::Result<()> {
    if env::args().nth(1).as_deref() == Some(hello::ARGUMENT) {
        return hello::serve();
    }
    let data_dir = DataDir::new("load")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(data_dir.path()))?.print();
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
    let idle_memory = portal.process.memory()?;
    let first_view = portal.first_view().await?;

    let peak = MemoryPeak::watch(portal.process.id);
    let selected = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let is_selected = |part: &str| selected.as_deref().is_none_or(|selected| selected == part);
    if is_selected("pages") {
        measure_pages(&portal, &mut table).await?;
    }
    if is_selected("reports") {
        measure_reports(&portal, folder, &mut table).await?;
    }
    table.add(Row::at_most("memory, idle", idle_memory as f64 / MB, "MB", 40.0));
    table.add(Row::at_most("memory under load", peak.end() as f64 / MB, "MB", 80.0));
    table.add(Row::at_most("start, empty directory", cold.as_secs_f64(), "s", 3.0));
    table.add(Row::at_most("start, existing data", warm.as_secs_f64(), "s", 3.0));
    table.add(Row::at_most("transfer of the first view of the home page", first_view as f64 / 1024.0, "KB", 14.0));

    portal.stop()?;
    Ok(table)
}

const MB: f64 = 1024.0 * 1024.0;

/// Measures a page against the minimal server: requests per second (the client shares the cores), and CPU time of the
/// server alone.
async fn measure_pages(portal: &Portal, table: &mut Table) -> anyhow::Result<()> {
    let hello = Hello::start()?;
    let get = |path: &str, headers: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{BROWSER_HEADERS}{headers}\r\n").into_bytes()
    };
    let loads = [
        (Load::repeated(hello.address, get("/", "")), hello.process.id),
        (Load::repeated(portal.address, get(GUIDE_STEP, "")), portal.process.id),
        (Load::repeated(portal.address, get(GUIDE_STEP, "accept-encoding: gzip, br\r\n")), portal.process.id),
    ];
    for (load, _) in &loads {
        load.run(PAGE_CONNECTIONS, PAGE_ROUND / 3).await?;
    }
    let mut rates = [const { Vec::new() }; 3];
    let mut costs = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        let mut turns = [0, 1, 2];
        turns.rotate_left(round % 3);
        for turn in turns {
            let (load, server) = &loads[turn];
            let before = process::cpu(*server)?;
            let result = load.run(PAGE_CONNECTIONS, PAGE_ROUND).await?;
            ensure!(
                result.refused == 0,
                "unexpected response to a page: {}",
                result.first_unexpected.unwrap_or_default()
            );
            costs[turn].push((process::cpu(*server)? - before).as_secs_f64() * 1e6 / result.accepted as f64);
            rates[turn].push(result.rate());
        }
    }
    let names = ["guide step", "guide step, Brotli"];
    for (name, rate) in names.into_iter().zip(&rates[1..]) {
        table.add(Row::against(&format!("{name}, requests/s"), rate, "hello", &rates[0], Some(0.7)));
    }
    for (name, cost) in names.into_iter().zip(&costs[1..]) {
        table.add(Row::against(&format!("{name}, server's CPU, µs/request"), cost, "hello", &costs[0], None));
    }
    hello.stop();
    Ok(())
}

/// Measures reports against single rows in the same PostgreSQL.
async fn measure_reports(portal: &Portal, folder: &Path, table: &mut Table) -> anyhow::Result<()> {
    // the portal's private server, which is running already
    let server = PostgresServer::start(&folder.join("postgres"), Durability::Safe)?;
    let mut inserters = Vec::new();
    for (rows, database) in [(Rows::Tickets, "tickets"), (Rows::Bare, "rows")] {
        server.ensure_database(database)?;
        inserters.push(RowInserter::open(rows, &server.url(database), INSERT_CONNECTIONS).await?);
    }
    let reports = Load::new(portal.address, reports::write_report);
    let postmaster = fs::read_to_string(server.home().join("data/postmaster.pid"))?;
    let postmaster = postmaster.lines().next().unwrap_or_default().trim().parse()?;
    let others = [portal.process.id, std::process::id()];
    let cpu = || process::cpu_of_family(postmaster, &others);

    // both kinds of rows, then reports with few and with many connections; the first round is a warm-up
    const TURNS: usize = 2 + REPORT_CONNECTIONS.len();
    let [mut rates, mut costs] = [const { [const { Vec::new() }; TURNS] }; 2];
    for round in 0..=ROUNDS {
        for turn in 0..TURNS {
            let turn = (turn + round) % TURNS;
            let before = cpu()?;
            let (rate, count) = match turn.checked_sub(inserters.len()) {
                None => inserters[turn].run(REPORT_ROUND).await?,
                Some(index) => {
                    let result = reports.run(REPORT_CONNECTIONS[index], REPORT_ROUND).await?;
                    ensure!(
                        result.refused == 0,
                        "unexpected response to a report: {}",
                        result.first_unexpected.unwrap_or_default()
                    );
                    (result.rate(), result.accepted)
                }
            };
            if round > 0 {
                rates[turn].push(rate);
                costs[turn].push((cpu()? - before).as_secs_f64() * 1e6 / count as f64);
            }
        }
    }
    for (turn, senders) in (inserters.len()..).zip(REPORT_CONNECTIONS) {
        let name = format!("reports/s, {senders} senders");
        table.add(Row::against(&name, &rates[turn], "same rows", &rates[0], Some(0.6)));
        table.add(Row::against(&name, &rates[turn], "bare rows", &rates[1], None));
        let name = format!("one report, {senders} senders, total CPU, µs");
        table.add(Row::against(&name, &costs[turn], "same row", &costs[0], None));
        table.add(Row::against(&name, &costs[turn], "bare row", &costs[1], None));
    }
    for inserter in inserters {
        inserter.close().await?;
    }
    server.stop()?;
    Ok(())
}
