//! The engine with a real WebRTC client, over a line that is bad in a known way; and what strangers can do to it.
//!
//! Nothing here asserts a time closely: the machine that runs the tests may be busy.

mod relay;

use std::{net::SocketAddr, sync::atomic::Ordering::Relaxed, time::Duration};

use line_test::{
    client::{ClientRun, LineTestClient},
    media_server::{MAX_OFFER_LEN, MediaPort, MediaServer, OpenSessionError, SessionKind},
    verdict::{ImpairmentCause, LineTestOutcome, LineVerdict, NatMapping},
};
use relay::{LineConditions, Relay};
use tokio::net::UdpSocket;

const LOCALHOST: &str = "127.0.0.1:0";
const PACKETS_IN_TEN_SECONDS: u32 = 500;

fn localhost() -> SocketAddr {
    LOCALHOST.parse().unwrap()
}

fn start_server(ports: usize, most: usize) -> MediaServer {
    MediaServer::start(&vec![MediaPort { listen: localhost(), advertised: localhost() }; ports], most).unwrap()
}

/// An engine that is reached through a relay only.
async fn start_behind_relay(up: LineConditions, down: LineConditions, seed: u64) -> (MediaServer, Relay) {
    // the relay must know the engine's port, and the engine the relay's
    let free = std::net::UdpSocket::bind(LOCALHOST).unwrap().local_addr().unwrap();
    let relay = Relay::new(free, up, down, seed).await;
    let engine = MediaServer::start(&[MediaPort { listen: free, advertised: relay.address }], 4).unwrap();
    (engine, relay)
}

/// A whole test: what came out, and what the client saw.
async fn run_test(engine: &MediaServer, packets: u32) -> (LineTestOutcome, ClientRun) {
    let (client, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    let opened = engine.open_session(SessionKind::LineTest, offer).await.unwrap();
    let walked = client.run(&opened.sdp_answer, packets).await.unwrap();
    let ours = engine.finish_session(&opened.session_id).await.unwrap();
    (LineTestOutcome::from_reports(&ours, &walked.report.clone().clamped()), walked)
}

#[tokio::test]
async fn who_has_the_other_kind_of_address_is_measured_at_the_other_port() {
    let six: SocketAddr = "[::1]:0".parse().unwrap();
    if std::net::UdpSocket::bind(six).is_err() {
        eprintln!("this machine has no IPv6");
        return;
    }
    let ports =
        [MediaPort { listen: localhost(), advertised: localhost() }, MediaPort { listen: six, advertised: six }];
    let engine = MediaServer::start(&ports, 4).unwrap();
    assert!(engine.public_addresses()[0].is_ipv4() && engine.public_addresses()[1].is_ipv6());
    for from in [six, localhost()] {
        for kind in [SessionKind::LineTest, SessionKind::EchoCall] {
            let (client, offer) = LineTestClient::new(from, kind).await.unwrap();
            let opened = engine.open_session(kind, offer).await.unwrap();
            let walked = client.run(&opened.sdp_answer, 60).await.unwrap();
            assert!(walked.connected, "{from} {kind:?}");
            let ours = engine.finish_session(&opened.session_id).await.unwrap();
            assert_eq!(ours.nat_mapping, NatMapping::Unknown, "another kind of address is no second port");
            match kind {
                SessionKind::LineTest => assert_eq!(walked.report.echoes.len(), 60, "{from}"),
                SessionKind::EchoCall => {
                    assert!(walked.echoed_packets.len() > 10, "{from}: {:?}", walked.echoed_packets)
                }
            }
        }
    }
}

#[tokio::test]
async fn a_clean_line_is_good_and_nothing_is_lost() {
    let engine = start_server(1, 4);
    let (outcome, walked) = run_test(&engine, PACKETS_IN_TEN_SECONDS).await;
    assert!(walked.connected);
    let (up, down) = (outcome.up.clone().unwrap(), outcome.down.clone().unwrap());
    assert_eq!((up.sent, up.received, up.lost_percent), (500, 500, 0.0), "{outcome:#?}");
    assert_eq!((down.sent, down.received, down.lost_percent), (500, 500, 0.0), "{outcome:#?}");
    assert!(outcome.round_trip.unwrap().min_ms < 20.0);
    assert_eq!(outcome.per_second.len(), 10);
    // the last acknowledgements may still be on their way
    let (came, went) = (engine.counters().bytes_in.load(Relaxed), engine.counters().bytes_out.load(Relaxed));
    assert!(went < came + 2_000, "{came} bytes came and {went} went");
}

const LOSSY: LineConditions = LineConditions { loss_percent: 8, delay_ms: 30.0, jitter_ms: 0.0 };
const LOSSLESS: LineConditions = LineConditions { loss_percent: 0, delay_ms: 30.0, jitter_ms: 0.0 };

#[tokio::test]
async fn what_is_lost_on_the_way_up_is_found_there() {
    assert_loss_direction(LOSSY, LOSSLESS, ImpairmentCause::LossUp).await;
}

#[tokio::test]
async fn what_is_lost_on_the_way_down_is_found_there() {
    assert_loss_direction(LOSSLESS, LOSSY, ImpairmentCause::LossDown).await;
}

async fn assert_loss_direction(up: LineConditions, down: LineConditions, cause: ImpairmentCause) {
    let (engine, relay) = start_behind_relay(up, down, 11).await;
    let (outcome, _) = run_test(&engine, PACKETS_IN_TEN_SECONDS).await;
    assert_matches_relay(&outcome, &relay);
    if is_machine_idle(&outcome) {
        assert_eq!((outcome.verdict, outcome.cause), (LineVerdict::BreaksUp, Some(cause)), "{outcome:#?}");
    }
    assert!(outcome.round_trip.unwrap().min_ms >= 60.0);
}

#[tokio::test]
async fn a_far_line_with_a_little_loss_still_carries_a_call() {
    let rule = LineConditions { loss_percent: 2, delay_ms: 80.0, jitter_ms: 20.0 };
    let (engine, relay) = start_behind_relay(rule, rule, 5).await;
    let (outcome, _) = run_test(&engine, PACKETS_IN_TEN_SECONDS).await;
    assert_matches_relay(&outcome, &relay);
    if is_machine_idle(&outcome) {
        assert!(matches!(outcome.verdict, LineVerdict::Good | LineVerdict::Impaired), "{outcome:#?}");
    }
    let up = outcome.up.unwrap();
    assert!(up.reordered > 20 && up.jitter_ms > 8.0, "{up:#?}");
    assert!(outcome.round_trip.unwrap().p50_ms >= 150.0);
}

#[tokio::test]
async fn a_fifth_of_all_packets_lost_is_no_call() {
    let rule = LineConditions { loss_percent: 20, delay_ms: 40.0, jitter_ms: 0.0 };
    let (engine, relay) = start_behind_relay(rule, rule, 3).await;
    let (outcome, _) = run_test(&engine, PACKETS_IN_TEN_SECONDS).await;
    assert_matches_relay(&outcome, &relay);
    assert_eq!(outcome.verdict, LineVerdict::Impossible, "{outcome:#?}");
}

#[tokio::test]
async fn a_wall_is_not_a_bad_line() {
    let wall = LineConditions { loss_percent: 100, ..LineConditions::default() };
    let (engine, _relay) = start_behind_relay(wall, wall, 1).await;
    let (client, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    let opened = engine.open_session(SessionKind::LineTest, offer).await.unwrap();
    let walking = tokio::time::timeout(Duration::from_secs(3), client.run(&opened.sdp_answer, 50)).await;
    assert!(walking.map_or(true, |walked| !walked.unwrap().connected));
    let ours = engine.finish_session(&opened.session_id).await.unwrap();
    assert!(ours.had_session && !ours.connected);
}

/// None of these lines delays a packet so much that it is late: packets that were are this machine's, which was busy.
fn is_machine_idle(outcome: &LineTestOutcome) -> bool {
    [&outcome.up, &outcome.down].into_iter().flatten().map(|direction| direction.late_percent).sum::<f64>() < 1.0
}

/// What was measured is what the line did, but for the packet or two that carried something else.
fn assert_matches_relay(outcome: &LineTestOutcome, relay: &Relay) {
    for (direction, way) in [(&outcome.up, &relay.up), (&outcome.down, &relay.down)] {
        let direction = direction.as_ref().unwrap();
        let (lost, voice) = (way.messages_lost.load(Relaxed), way.messages.load(Relaxed));
        let share = 100.0 * f64::from(lost) / f64::from(voice);
        // what else is in the datagrams grows with the loss
        let tolerance = if share > 10.0 { 4.0 } else { 1.2 };
        assert!((direction.lost_percent - share).abs() <= tolerance, "the line lost {share} %: {direction:#?}");
    }
}

#[tokio::test]
async fn an_echo_call_says_back_what_it_hears() {
    let engine = start_server(1, 4);
    let (client, offer) = LineTestClient::new(localhost(), SessionKind::EchoCall).await.unwrap();
    let opened = engine.open_session(SessionKind::EchoCall, offer).await.unwrap();
    assert!(opened.sdp_answer.contains("PCMU/8000"), "{}", opened.sdp_answer);
    let walked = client.run(&opened.sdp_answer, 100).await.unwrap();
    assert!(walked.connected);
    assert_eq!(walked.echoed_packets, (0..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_ports_see_the_same_house() {
    let engine = start_server(2, 4);
    let (outcome, _) = run_test(&engine, 100).await;
    // this machine has no router between: the mapping is kept, or only one port was tried
    assert_ne!(outcome.nat_mapping, NatMapping::AddressAndPortDependent);
}

#[tokio::test]
async fn offers_that_are_not_ours_are_refused() {
    let engine = start_server(1, 4);
    let (_, good) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    let (_, voice) = LineTestClient::new(localhost(), SessionKind::EchoCall).await.unwrap();
    let long = format!("{good}a=x:{}\r\n", "y".repeat(MAX_OFFER_LEN));
    let twice = good.clone() + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n";
    let bad = [
        String::new(),
        "v=0".to_owned(),
        "\u{1F525}".repeat(100),
        good[..good.len() / 2].to_owned(),
        voice,
        long,
        twice,
    ];
    for offer in bad {
        assert_eq!(
            engine.open_session(SessionKind::LineTest, offer.clone()).await.unwrap_err(),
            OpenSessionError::InvalidOffer,
            "{offer}"
        );
    }
    assert_eq!(
        engine.open_session(SessionKind::EchoCall, good.clone()).await.unwrap_err(),
        OpenSessionError::InvalidOffer
    );
    assert_eq!(engine.counters().sessions_retained.load(Relaxed), 0);
    engine.open_session(SessionKind::LineTest, good).await.unwrap();
}

#[tokio::test]
async fn there_are_only_so_many_places() {
    let engine = start_server(1, 2);
    let mut opened = Vec::new();
    for _ in 0..2 {
        let (_, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
        opened.push(engine.open_session(SessionKind::LineTest, offer).await.unwrap());
    }
    let (_, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    assert_eq!(
        engine.open_session(SessionKind::LineTest, offer.clone()).await.unwrap_err(),
        OpenSessionError::AtCapacity
    );
    assert!(engine.finish_session(&opened[0].session_id).await.is_some());
    assert!(engine.finish_session(&opened[0].session_id).await.is_none(), "a result is handed out once");
    engine.open_session(SessionKind::LineTest, offer).await.unwrap();
}

#[tokio::test]
async fn strangers_get_no_answer_and_leave_nothing_behind() {
    let engine = start_server(1, 4);
    let (client, offer) = LineTestClient::new(localhost(), SessionKind::LineTest).await.unwrap();
    let opened = engine.open_session(SessionKind::LineTest, offer).await.unwrap();
    let ufrag = opened.sdp_answer.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).unwrap();
    let port = engine.public_addresses()[0];
    let stranger = UdpSocket::bind(LOCALHOST).await.unwrap();
    let counters = engine.counters();
    let sent_before = counters.datagrams_sent.load(Relaxed);
    let mut sent = 0_u64;
    for round in 0..40_u8 {
        for datagram in garbage_datagrams(round, ufrag) {
            stranger.send_to(&datagram, port).await.unwrap();
            sent += 1;
        }
        // no faster than they are read, so that each of them is
        while counters.datagrams_received.load(Relaxed) < sent {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(counters.dropped_unknown.load(Relaxed), sent);
    assert_eq!(counters.datagrams_sent.load(Relaxed), sent_before, "nobody was answered");
    assert_eq!(stranger.try_recv_from(&mut [0; 64]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(counters.sessions_retained.load(Relaxed), 1);
    // and the one who was invited is served as if nothing had been
    let walked = client.run(&opened.sdp_answer, 50).await.unwrap();
    assert_eq!(walked.report.echoes.len(), 50);
}

/// What a flood may bring: noise, STUN for nobody, STUN with the wrong key, DTLS, RTP, nothing at all.
fn garbage_datagrams(round: u8, ufrag: &str) -> Vec<Vec<u8>> {
    let noise: Vec<u8> = (0..=255_u8).map(|byte| byte.wrapping_mul(round).wrapping_add(round)).collect();
    let mut dtls = vec![22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40];
    dtls.extend([round; 40]);
    let rtp: Vec<u8> = [128, 0, 0, round].into_iter().chain([7; 168]).collect();
    vec![
        noise,
        stun_binding_request("nobody:here"),
        stun_binding_request(&format!("{ufrag}:xyzw")),
        dtls,
        rtp,
        vec![round],
        Vec::new(),
        vec![0; 1500],
    ]
}

/// A binding request as a browser would send it, but with a key that nobody gave out.
fn stun_binding_request(username: &str) -> Vec<u8> {
    let name = username.as_bytes();
    let mut body = vec![0, 6];
    body.extend(u16::try_from(name.len()).unwrap().to_be_bytes());
    body.extend(name);
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
