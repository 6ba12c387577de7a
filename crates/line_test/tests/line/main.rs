//! The media server with a real WebRTC client, and what untrusted peers can do to it.
//!
//! `simulated` measures in simulated time and asserts exact figures. The other tests use real sockets. They assert only what
//! a busy machine does not change.

#![allow(clippy::panic, clippy::unwrap_used)]

mod simulated;
mod simulation;

use std::{net::SocketAddr, sync::atomic::Ordering::Relaxed};

use line_test::{
    client::{ClientRun, LineTestClient},
    media_server::{MAX_OFFER_LEN, MediaPort, MediaServer, OpenSessionError, SessionKind},
    verdict::{LineTestOutcome, NatMapping},
};
use tokio::net::UdpSocket;

const LOCALHOST: &str = "127.0.0.1:0";

fn localhost() -> SocketAddr {
    LOCALHOST.parse().unwrap()
}

fn start_server(port_count: usize, max_sessions: usize) -> MediaServer {
    MediaServer::start(&vec![MediaPort { listen: localhost(), advertised: localhost() }; port_count], max_sessions)
        .unwrap()
}

/// Runs a complete test. Returns the outcome and the client's measurements.
async fn run_test(server: &MediaServer, packets: u32) -> (LineTestOutcome, ClientRun) {
    let (client, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    let opened = server.open_session(SessionKind::LineTest, offer).await.unwrap();
    let run = client.run(&opened.sdp_answer, packets).await.unwrap();
    let report = server.finish_session(&opened.session_id).await.unwrap();
    (LineTestOutcome::from_reports(&report, &run.report.clone().clamped()), run)
}

#[tokio::test]
async fn ipv6_clients_are_measured_at_the_ipv6_port() {
    let localhost_v6: SocketAddr = "[::1]:0".parse().unwrap();
    if std::net::UdpSocket::bind(localhost_v6).is_err() {
        eprintln!("skipped: this machine has no IPv6");
        return;
    }
    let ports = [
        MediaPort { listen: localhost(), advertised: localhost() },
        MediaPort { listen: localhost_v6, advertised: localhost_v6 },
    ];
    let server = &MediaServer::start(&ports, 4).unwrap();
    assert!(server.public_addresses()[0].is_ipv4() && server.public_addresses()[1].is_ipv6());
    let runs = [localhost_v6, localhost()].map(|client_address| async move {
        tokio::join!(
            run_session(server, client_address, SessionKind::LineTest),
            run_session(server, client_address, SessionKind::EchoCall)
        )
    });
    let [v6, v4] = runs;
    let (v6, v4) = tokio::join!(v6, v4);
    for (line_test, echo_call) in [v6, v4] {
        assert_eq!(line_test.report.echoes.len(), 20);
        assert_eq!(echo_call.echoed_packets.len(), 20);
    }
}

/// Runs a session of twenty packets from an address of one family to a server at both.
async fn run_session(server: &MediaServer, client_address: SocketAddr, kind: SessionKind) -> ClientRun {
    let (client, offer) = LineTestClient::new(client_address, kind).await.unwrap();
    let opened = server.open_session(kind, offer).await.unwrap();
    let run = client.run(&opened.sdp_answer, 20).await.unwrap();
    assert!(run.connected, "{client_address} {kind:?}");
    let report = server.finish_session(&opened.session_id).await.unwrap();
    assert_eq!(report.nat_mapping, NatMapping::Unknown, "a port of the other family says nothing about the mapping");
    run
}

#[tokio::test]
async fn the_server_sends_hardly_more_than_it_receives() {
    let server = start_server(1, 4);
    let run = run_test(&server, 60).await.1;
    assert_eq!((run.report.probes_sent, run.report.echoes.len()), (60, 60));
    // the last acknowledgements may still be in transit
    let (bytes_in, bytes_out) = (server.counters().bytes_in.load(Relaxed), server.counters().bytes_out.load(Relaxed));
    assert!(bytes_out < bytes_in + 2_000, "{bytes_in} bytes in, {bytes_out} bytes out");
}

#[tokio::test]
async fn two_ports_see_the_same_client_address() {
    let server = start_server(2, 4);
    let (outcome, _) = run_test(&server, 50).await;
    // there is no NAT in between; the client may have used only one of the ports
    assert_ne!(outcome.nat_mapping, NatMapping::AddressAndPortDependent);
}

#[tokio::test]
async fn invalid_offers_are_rejected() {
    let server = start_server(1, 4);
    let (_, valid) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    let (_, audio) = LineTestClient::new(localhost(), SessionKind::EchoCall).await.unwrap();
    let too_long = format!("{valid}a=x:{}\r\n", "y".repeat(MAX_OFFER_LEN));
    let two_sections = valid.clone() + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n";
    let invalid = [
        String::new(),
        "v=0".to_owned(),
        "\u{1F525}".repeat(100),
        valid[..valid.len() / 2].to_owned(),
        audio,
        too_long,
        two_sections,
    ];
    for offer in invalid {
        assert_eq!(
            server.open_session(SessionKind::LineTest, offer.clone()).await.unwrap_err(),
            OpenSessionError::InvalidOffer,
            "{offer}"
        );
    }
    assert_eq!(
        server.open_session(SessionKind::EchoCall, valid.clone()).await.unwrap_err(),
        OpenSessionError::InvalidOffer
    );
    assert_eq!(server.counters().sessions_retained.load(Relaxed), 0);
    server.open_session(SessionKind::LineTest, valid).await.unwrap();
}

#[tokio::test]
async fn the_number_of_live_sessions_is_limited() {
    let server = start_server(1, 2);
    let mut opened = Vec::new();
    for _ in 0..2 {
        let (_, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
        opened.push(server.open_session(SessionKind::LineTest, offer).await.unwrap());
    }
    let (_, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    assert_eq!(
        server.open_session(SessionKind::LineTest, offer.clone()).await.unwrap_err(),
        OpenSessionError::AtCapacity
    );
    assert!(server.finish_session(&opened[0].session_id).await.is_some());
    assert!(server.finish_session(&opened[0].session_id).await.is_none(), "a report is returned only once");
    server.open_session(SessionKind::LineTest, offer).await.unwrap();
}

#[tokio::test]
async fn datagrams_without_a_session_get_no_response_and_leave_no_state() {
    let server = start_server(1, 4);
    let (client, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    let opened = server.open_session(SessionKind::LineTest, offer).await.unwrap();
    let ufrag = opened.sdp_answer.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).unwrap();
    let port = server.public_addresses()[0];
    let attacker = UdpSocket::bind(LOCALHOST).await.unwrap();
    let counters = server.counters();
    let sent_before = counters.datagrams_sent.load(Relaxed);
    let mut sent = 0_u64;
    for round in 0..40_u8 {
        for datagram in garbage_datagrams(round, ufrag) {
            attacker.send_to(&datagram, port).await.unwrap();
            sent += 1;
        }
        // waits until all are read, so that none is lost in the socket buffer
        while counters.datagrams_received.load(Relaxed) < sent {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(counters.dropped_unknown.load(Relaxed), sent);
    assert_eq!(counters.datagrams_sent.load(Relaxed), sent_before, "no response was sent");
    assert_eq!(attacker.try_recv_from(&mut [0; 64]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(counters.sessions_retained.load(Relaxed), 1);
    // the session's own client is not affected
    let run = client.run(&opened.sdp_answer, 50).await.unwrap();
    assert_eq!(run.report.echoes.len(), 50);
}

/// Datagrams of an attack: noise, STUN for an unknown session, STUN with a wrong key, DTLS, RTP, and empty ones.
fn garbage_datagrams(round: u8, ufrag: &str) -> Vec<Vec<u8>> {
    let noise: Vec<u8> = (0..=255_u8).map(|byte| byte.wrapping_mul(round).wrapping_add(round)).collect();
    let mut dtls = vec![22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40];
    dtls.extend([round; 40]);
    let rtp: Vec<u8> = [128, 0, 0, round].into_iter().chain([7; 168]).collect();
    vec![
        noise,
        stun_binding_request("unknown:peer"),
        stun_binding_request(&format!("{ufrag}:xyzw")),
        dtls,
        rtp,
        vec![round],
        Vec::new(),
        vec![0; 1500],
    ]
}

/// A binding request as a browser sends it, but with a wrong message integrity.
fn stun_binding_request(username: &str) -> Vec<u8> {
    let username = username.as_bytes();
    let mut body = vec![0, 6];
    body.extend(u16::try_from(username.len()).unwrap().to_be_bytes());
    body.extend(username);
    body.resize(body.len().next_multiple_of(4), 0);
    // PRIORITY, ICE-CONTROLLING, MESSAGE-INTEGRITY, FINGERPRINT
    body.extend([0, 0x24, 0, 4, 1, 2, 3, 4, 0x80, 0x2a, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 8, 0, 20]);
    body.extend([9; 20]);
    body.extend([0x80, 0x28, 0, 4, 1, 2, 3, 4]);
    let mut datagram = vec![0, 1];
    datagram.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    datagram.extend([0x21, 0x12, 0xa4, 0x42]);
    datagram.extend([5; 12]);
    datagram.extend(body);
    datagram
}
