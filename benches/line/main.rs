//! Two hundred line tests at once, against the program as it is shipped: do all of them measure, and what does it cost?
//!
//! `cargo bench --bench line` prints one table; a number at its end takes as many tests. The clients run on this machine,
//! too, and take more of it than the portal: where they are late, the figures say so and the portal is not to blame.

#[expect(dead_code, reason = "shared with the other load program")]
#[path = "../load/clients.rs"]
mod clients;
#[expect(dead_code, reason = "shared with the other load program")]
#[path = "../load/portal.rs"]
mod portal;
#[expect(dead_code, reason = "shared with the other load program")]
#[path = "../load/process.rs"]
mod process;

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
use process::{Peak, cpu};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

const TESTS: u32 = 200;
/// Handshakes are spread as visitors' would be.
const APART: Duration = Duration::from_millis(10);

fn main() -> anyhow::Result<()> {
    let count = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(TESTS);
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
    let at_rest = portal.process.memory()?;
    let (peak, busiest) = (Peak::watch(id), Busiest::watch(id));
    let (begun, before, ours) = (Instant::now(), cpu(id)?, cpu(std::process::id())?);
    let mut running = JoinSet::new();
    for number in 0..count {
        running.spawn(one(address, number));
        tokio::time::sleep(APART).await;
    }
    let results: Vec<anyhow::Result<(ClientRun, Value)>> = running.join_all().await;
    let (took, used, ours) = (begun.elapsed(), cpu(id)? - before, cpu(std::process::id())? - ours);
    let (most, busiest) = (peak.end(), busiest.end());
    portal.stop()?;

    let mut done = Vec::new();
    for result in results {
        match result {
            Ok(one) => done.push(one),
            Err(error) => eprintln!("a test broke off: {error:#}"),
        }
    }
    let echoes: usize = done.iter().map(|(walked, _)| walked.report.echoes.len()).sum();
    let sent: u32 = done.iter().map(|(walked, _)| walked.report.probes_sent).sum();
    let lags: Vec<f64> = done.iter().map(|(walked, _)| walked.report.timer_lag_p95_ms).collect();
    let said = done.iter().filter(|(_, said)| said["url"].is_string()).count();
    let marks: Vec<f64> =
        done.iter().filter_map(|(_, said)| said["mos"].as_str()?.replace(',', ".").parse().ok()).collect();
    let share = |of: Duration| of.as_secs_f64() / took.as_secs_f64() * 100.0;
    println!(
        "| {count} line tests at once, {} packets a second each way | |\n|---|---|",
        count * probe::MESSAGES_PER_SECOND
    );
    println!("| tests that measured and were kept | {said} of {count} |");
    println!("| packets that came back | {echoes} of {sent} |");
    println!("| the portal's processor time | {:.1} s, {:.0} % of one core |", used.as_secs_f64(), share(used));
    println!("| the same in the busiest second | {:.0} % of one core |", busiest * 100.0);
    println!("| the clients' processor time | {:.1} s, {:.0} % of one core |", ours.as_secs_f64(), share(ours));
    println!("| the portal's memory, at rest and at most | {} and {} MB |", at_rest / 1_000_000, most / 1_000_000);
    println!("| the clients' timers, late in one case of twenty | {:.1} ms |", quantile(&lags, 0.5));
    println!(
        "| MOS that they were told, median and lowest | {:.1} and {:.1} |",
        quantile(&marks, 0.5),
        quantile(&marks, 0.0)
    );
    ensure!(said == usize::try_from(count)?, "some tests failed");
    Ok(())
}

/// Looks at a process's processor time every second and keeps the largest share of a core.
struct Busiest {
    stop: Arc<AtomicBool>,
    watcher: JoinHandle<f64>,
}

impl Busiest {
    fn watch(id: u32) -> Busiest {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let watcher = thread::spawn(move || {
            let mut most = 0.0_f64;
            while !stopped.load(Ordering::Relaxed) {
                let (begun, before) = (Instant::now(), cpu(id).unwrap_or_default());
                thread::sleep(Duration::from_secs(1));
                let used = cpu(id).unwrap_or_default().saturating_sub(before);
                most = most.max(used.as_secs_f64() / begun.elapsed().as_secs_f64());
            }
            most
        });
        Busiest { stop, watcher }
    }

    fn end(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        self.watcher.join().unwrap_or_default()
    }
}

/// A whole test, as a browser runs it, from an address of its own.
async fn one(portal: SocketAddr, number: u32) -> anyhow::Result<(ClientRun, Value)> {
    let visitor = Ipv4Addr::from_bits(Ipv4Addr::new(198, 18, 0, 1).to_bits() + number);
    let (client, offer) = LineTestClient::new("127.0.0.1:0".parse()?, SessionKind::LineTest).await?;
    let place = post(portal, visitor, "/pl/check/link/tests", &json!({ "sdp": offer })).await?;
    let answer = place["sdp"].as_str().with_context(|| format!("no place: {place}"))?;
    let walked = client.run(answer, probe::MESSAGES_PER_SECOND * probe::TEST_SECONDS).await?;
    ensure!(walked.connected, "the connection did not open");
    let path = format!("/pl/check/link/tests/{}/result", place["id"].as_str().unwrap_or_default());
    let said = post(portal, visitor, &path, &json!({ "connection": null, "heard": walked.report })).await?;
    Ok((walked, said))
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
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    ensure!(head.starts_with("HTTP/1.1 20"), "{head}\n{body}");
    Ok(serde_json::from_str(body)?)
}
