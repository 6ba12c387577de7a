//! What a test of ten seconds measures on lines of known quality, in real time.

use std::net::UdpSocket;

use anyhow::Context;
use line_test::{
    client::LineTestClient,
    media_server::{MediaPort, MediaServer, SessionKind},
    probe,
    simulated_line::LineConditions,
    verdict::LineTestOutcome,
};

use crate::relay::Relay;

const LINES: [LineConditions; 4] = [
    LineConditions { loss_percent: 0, delay_ms: 10.0, jitter_ms: 0.0 },
    LineConditions { loss_percent: 8, delay_ms: 30.0, jitter_ms: 0.0 },
    LineConditions { loss_percent: 2, delay_ms: 80.0, jitter_ms: 20.0 },
    LineConditions { loss_percent: 20, delay_ms: 40.0, jitter_ms: 0.0 },
];

/// Prints a table with a row for each line.
pub(crate) async fn measure() -> anyhow::Result<()> {
    println!("| Line, each way | lost up | lost down | round trip, median | jitter up | late up | verdict |");
    println!("|---|---:|---:|---:|---:|---:|---|");
    for conditions in LINES {
        let (outcome, lost_up, lost_down) = run_test(conditions).await?;
        let (up, down) = (outcome.up.context("not measured")?, outcome.down.context("not measured")?);
        println!(
            "| {} % loss, {} ± {} ms | {:.1} of {lost_up:.1} % | {:.1} of {lost_down:.1} % | {:.0} ms | {:.1} ms | {:.1} % | {:?} |",
            conditions.loss_percent,
            conditions.delay_ms,
            conditions.jitter_ms,
            up.lost_percent,
            down.lost_percent,
            outcome.round_trip.context("no echoes")?.p50_ms,
            up.jitter_ms,
            up.late_percent,
            outcome.verdict,
        );
    }
    Ok(())
}

/// Runs a test. Returns what was measured, and the loss of the line in percent.
async fn run_test(conditions: LineConditions) -> anyhow::Result<(LineTestOutcome, f64, f64)> {
    // server and relay must know each other's port
    let free_address = UdpSocket::bind("127.0.0.1:0")?.local_addr()?;
    let relay = Relay::start(free_address, conditions).await?;
    let server = MediaServer::start(&[MediaPort { listen: free_address, advertised: relay.address }], 1)?;
    let (client, offer) = LineTestClient::new("127.0.0.1:0".parse()?, SessionKind::LineTest).await?;
    let session = server.open_session(SessionKind::LineTest, offer).await?;
    let run = client.run(&session.sdp_answer, probe::MESSAGES_PER_SECOND * probe::TEST_SECONDS).await?;
    let report = server.finish_session(&session.session_id).await.context("the session is gone")?;
    let outcome = LineTestOutcome::from_reports(&report, &run.report.clamped());
    Ok((outcome, relay.up.lost_percent(), relay.down.lost_percent()))
}
