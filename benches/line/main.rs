//! Runs two hundred line tests at the same time against the release binary: do all of them measure, and what do they cost?
//!
//! `cargo bench --bench line` prints one table. A number at the end changes the number of tests. The clients run on the
//! same machine and need more CPU than the portal; the table shows how late their timers were.
//! `cargo bench --bench line -- bad-lines` runs one test after the other over lines with known loss and delay.

mod bad_lines;
#[expect(dead_code, reason = "shared with the benchmark `load`")]
#[path = "../load/clients.rs"]
mod clients;
#[expect(dead_code, reason = "shared with the benchmark `load`")]
#[path = "../load/portal.rs"]
mod portal;
#[expect(dead_code, reason = "shared with the benchmark `load`")]
#[path = "../load/process.rs"]
mod process;
mod relay;

use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use line_test::{
    client::{ClientRun, LineTestClient},
    media_server::SessionKind,
    metrics::quantile,
    probe,
};
use portal::Portal;
use process::{MemoryPeak, cpu};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

const TEST_COUNT: u32 = 200;
/// Interval between the starts of two tests, so that the handshakes are spread.
const START_INTERVAL: Duration = Duration::from_millis(10);

fn main() -> anyhow::Result<()> {
    if env::args().any(|argument| argument == "bad-lines") {
        return tokio::runtime::Runtime::new()?.block_on(bad_lines::measure());
    }
    let count = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(TEST_COUNT);
    let folder = env::temp_dir().join(format!("dzwoni-lines-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let result = tokio::runtime::Runtime::new()?.block_on(measure(folder.clone(), count));
    let _ = fs::remove_dir_all(&folder);
    result
}

async fn measure(folder: PathBuf, count: u32) -> anyhow::Result<()> {
    let portal = Portal::start(&folder)?;
    let (address, id) = (portal.address, portal.process.id);
    thread::sleep(Duration::from_secs(1));
    let idle_memory = portal.process.memory()?;
    let (memory_peak, cpu_peak) = (MemoryPeak::watch(id), CpuPeak::watch(id));
    let (started_at, portal_cpu, client_cpu) = (Instant::now(), cpu(id)?, cpu(std::process::id())?);
    let mut running = JoinSet::new();
    for number in 0..count {
        running.spawn(run_test(address, number));
        tokio::time::sleep(START_INTERVAL).await;
    }
    let results: Vec<anyhow::Result<(ClientRun, Value)>> = running.join_all().await;
    let elapsed = started_at.elapsed();
    let (portal_cpu, client_cpu) = (cpu(id)? - portal_cpu, cpu(std::process::id())? - client_cpu);
    let (max_memory, max_cpu) = (memory_peak.end(), cpu_peak.end());
    portal.stop()?;

    let mut finished = Vec::new();
    for result in results {
        match result {
            Ok(test) => finished.push(test),
            Err(error) => eprintln!("a test failed: {error:#}"),
        }
    }
    let echoes: usize = finished.iter().map(|(run, _)| run.report.echoes.len()).sum();
    let sent: u32 = finished.iter().map(|(run, _)| run.report.probes_sent).sum();
    let lags: Vec<f64> = finished.iter().map(|(run, _)| run.report.timer_lag_p95_ms).collect();
    let stored = finished.iter().filter(|(_, result)| result["url"].is_string()).count();
    let mos: Vec<f64> =
        finished.iter().filter_map(|(_, result)| result["rows"]["en"]["mos"].as_str()?.parse().ok()).collect();
    let percent_of_core = |cpu: Duration| cpu.as_secs_f64() / elapsed.as_secs_f64() * 100.0;
    println!(
        "| {count} concurrent line tests, {} packets a second each way | |\n|---|---|",
        count * probe::MESSAGES_PER_SECOND
    );
    println!("| tests measured and stored | {stored} of {count} |");
    println!("| packets back | {echoes} of {sent} |");
    println!(
        "| CPU of the portal | {:.1} s, {:.0} % of one core |",
        portal_cpu.as_secs_f64(),
        percent_of_core(portal_cpu)
    );
    println!("| the same in the busiest second | {:.0} % of one core |", max_cpu * 100.0);
    println!(
        "| CPU of the clients | {:.1} s, {:.0} % of one core |",
        client_cpu.as_secs_f64(),
        percent_of_core(client_cpu)
    );
    println!("| memory of the portal, idle and peak | {} and {} MB |", idle_memory / 1_000_000, max_memory / 1_000_000);
    println!("| timer lag of the clients (95th percentile), median | {:.1} ms |", quantile(&lags, 0.5));
    println!(
        "| MOS reported to the clients, median and lowest | {:.1} and {:.1} |",
        quantile(&mos, 0.5),
        quantile(&mos, 0.0)
    );
    ensure!(stored == usize::try_from(count)?, "some tests failed");
    Ok(())
}

/// Samples a process's CPU time every second and keeps the largest share of a core.
struct CpuPeak {
    stop: Arc<AtomicBool>,
    watcher: JoinHandle<f64>,
}

impl CpuPeak {
    fn watch(id: u32) -> CpuPeak {
        let stop = Arc::new(AtomicBool::new(false));
        let should_stop = stop.clone();
        let watcher = thread::spawn(move || {
            let mut max = 0.0_f64;
            while !should_stop.load(Ordering::Relaxed) {
                let (started_at, before) = (Instant::now(), cpu(id).unwrap_or_default());
                thread::sleep(Duration::from_secs(1));
                let used = cpu(id).unwrap_or_default().saturating_sub(before);
                max = max.max(used.as_secs_f64() / started_at.elapsed().as_secs_f64());
            }
            max
        });
        CpuPeak { stop, watcher }
    }

    fn end(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        self.watcher.join().unwrap_or_default()
    }
}

/// Runs a complete test as a browser does, from its own address. Returns the client's measurements and the response to
/// the result.
async fn run_test(portal: SocketAddr, number: u32) -> anyhow::Result<(ClientRun, Value)> {
    let visitor = Ipv4Addr::from_bits(Ipv4Addr::new(198, 18, 0, 1).to_bits() + number);
    let (client, offer) = LineTestClient::new("127.0.0.1:0".parse()?, SessionKind::LineTest).await?;
    let session = post(portal, visitor, "/pl/check/link/tests", &json!({ "sdp": offer })).await?;
    let answer = session["sdp"].as_str().with_context(|| format!("no session: {session}"))?;
    let run = client.run(answer, probe::MESSAGES_PER_SECOND * probe::TEST_SECONDS).await?;
    ensure!(run.connected, "the connection did not open");
    let path = format!("/pl/check/link/tests/{}/result", session["id"].as_str().unwrap_or_default());
    let result = post(portal, visitor, &path, &json!({ "connection": null, "report": run.report })).await?;
    Ok((run, result))
}

async fn post(portal: SocketAddr, visitor: Ipv4Addr, path: &str, body: &Value) -> anyhow::Result<Value> {
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {portal}\r\nx-forwarded-for: {visitor}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(portal).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    let (head, body) = response.split_once("\r\n\r\n").context("incomplete response")?;
    ensure!(head.starts_with("HTTP/1.1 20"), "{head}\n{body}");
    Ok(serde_json::from_str(body)?)
}
