//! The engine with a real WebRTC client, over a line that is bad in a known way; and what strangers can do to it.
//!
//! Nothing here asserts a time closely: the machine that runs the tests may be busy.

mod relay;

use std::{net::SocketAddr, sync::atomic::Ordering::Relaxed, time::Duration};

use linktest::{
    client::{Client, Walked},
    engine::{Engine, Kind, LARGEST_OFFER, Port, Refused},
    verdict::{Cause, Nat, Outcome, Verdict},
};
use relay::{Relay, Rule};
use tokio::net::UdpSocket;

const HERE: &str = "127.0.0.1:0";
const TEN_SECONDS: u32 = 500;

fn here() -> SocketAddr {
    HERE.parse().unwrap()
}

fn engine(ports: usize, most: usize) -> Engine {
    Engine::start(&vec![Port { listen: here(), public: here() }; ports], most).unwrap()
}

/// An engine that is reached through a relay only.
async fn behind(up: Rule, down: Rule, seed: u64) -> (Engine, Relay) {
    // the relay must know the engine's port, and the engine the relay's
    let free = std::net::UdpSocket::bind(HERE).unwrap().local_addr().unwrap();
    let relay = Relay::new(free, up, down, seed).await;
    let engine = Engine::start(&[Port { listen: free, public: relay.address }], 4).unwrap();
    (engine, relay)
}

/// A whole test: what came out, and what the client saw.
async fn walk(engine: &Engine, packets: u32) -> (Outcome, Walked) {
    let (client, offer) = Client::new(here(), Kind::Test).await.unwrap();
    let opened = engine.open(Kind::Test, offer).await.unwrap();
    let walked = client.walk(&opened.answer, packets).await.unwrap();
    let ours = engine.finish(&opened.name).await.unwrap();
    (Outcome::of(&ours, &walked.theirs.clone().sane()), walked)
}

#[tokio::test]
async fn who_has_the_other_kind_of_address_is_measured_at_the_other_port() {
    let six: SocketAddr = "[::1]:0".parse().unwrap();
    if std::net::UdpSocket::bind(six).is_err() {
        eprintln!("this machine has no IPv6");
        return;
    }
    let ports = [Port { listen: here(), public: here() }, Port { listen: six, public: six }];
    let engine = Engine::start(&ports, 4).unwrap();
    assert!(engine.ports()[0].is_ipv4() && engine.ports()[1].is_ipv6());
    for from in [six, here()] {
        for kind in [Kind::Test, Kind::Call] {
            let (client, offer) = Client::new(from, kind).await.unwrap();
            let opened = engine.open(kind, offer).await.unwrap();
            let walked = client.walk(&opened.answer, 60).await.unwrap();
            assert!(walked.opened, "{from} {kind:?}");
            let ours = engine.finish(&opened.name).await.unwrap();
            assert_eq!(ours.nat, Nat::Unknown, "another kind of address is no second port");
            match kind {
                Kind::Test => assert_eq!(walked.theirs.echoes.len(), 60, "{from}"),
                Kind::Call => assert!(walked.heard.len() > 10, "{from}: {:?}", walked.heard),
            }
        }
    }
}

#[tokio::test]
async fn a_clean_line_is_good_and_nothing_is_lost() {
    let engine = engine(1, 4);
    let (outcome, walked) = walk(&engine, TEN_SECONDS).await;
    assert!(walked.opened);
    let (up, down) = (outcome.up.clone().unwrap(), outcome.down.clone().unwrap());
    assert_eq!((up.sent, up.received, up.lost_percent), (500, 500, 0.0), "{outcome:#?}");
    assert_eq!((down.sent, down.received, down.lost_percent), (500, 500, 0.0), "{outcome:#?}");
    assert!(outcome.trip.unwrap().min_ms < 20.0);
    assert_eq!(outcome.seconds.len(), 10);
    // the last acknowledgements may still be on their way
    let (came, went) = (engine.counters().bytes_in.load(Relaxed), engine.counters().bytes_out.load(Relaxed));
    assert!(went < came + 2_000, "{came} bytes came and {went} went");
}

const BAD: Rule = Rule { loss_percent: 8, delay_ms: 30.0, jitter_ms: 0.0 };
const FINE: Rule = Rule { loss_percent: 0, delay_ms: 30.0, jitter_ms: 0.0 };

#[tokio::test]
async fn what_is_lost_on_the_way_up_is_found_there() {
    lost_one_way(BAD, FINE, Cause::LossUp).await;
}

#[tokio::test]
async fn what_is_lost_on_the_way_down_is_found_there() {
    lost_one_way(FINE, BAD, Cause::LossDown).await;
}

async fn lost_one_way(up: Rule, down: Rule, cause: Cause) {
    let (engine, relay) = behind(up, down, 11).await;
    let (outcome, _) = walk(&engine, TEN_SECONDS).await;
    assert_agrees(&outcome, &relay);
    if is_quiet(&outcome) {
        assert_eq!((outcome.verdict, outcome.cause), (Verdict::BreaksUp, Some(cause)), "{outcome:#?}");
    }
    assert!(outcome.trip.unwrap().min_ms >= 60.0);
}

#[tokio::test]
async fn a_far_line_with_a_little_loss_still_carries_a_call() {
    let rule = Rule { loss_percent: 2, delay_ms: 80.0, jitter_ms: 20.0 };
    let (engine, relay) = behind(rule, rule, 5).await;
    let (outcome, _) = walk(&engine, TEN_SECONDS).await;
    assert_agrees(&outcome, &relay);
    if is_quiet(&outcome) {
        assert!(matches!(outcome.verdict, Verdict::Good | Verdict::Heard), "{outcome:#?}");
    }
    let up = outcome.up.unwrap();
    assert!(up.reordered > 20 && up.jitter_ms > 8.0, "{up:#?}");
    assert!(outcome.trip.unwrap().p50_ms >= 150.0);
}

#[tokio::test]
async fn a_fifth_of_all_packets_lost_is_no_call() {
    let rule = Rule { loss_percent: 20, delay_ms: 40.0, jitter_ms: 0.0 };
    let (engine, relay) = behind(rule, rule, 3).await;
    let (outcome, _) = walk(&engine, TEN_SECONDS).await;
    assert_agrees(&outcome, &relay);
    assert_eq!(outcome.verdict, Verdict::Impossible, "{outcome:#?}");
}

#[tokio::test]
async fn a_wall_is_not_a_bad_line() {
    let wall = Rule { loss_percent: 100, ..Rule::default() };
    let (engine, _relay) = behind(wall, wall, 1).await;
    let (client, offer) = Client::new(here(), Kind::Test).await.unwrap();
    let opened = engine.open(Kind::Test, offer).await.unwrap();
    let walking = tokio::time::timeout(Duration::from_secs(3), client.walk(&opened.answer, 50)).await;
    assert!(walking.map_or(true, |walked| !walked.unwrap().opened));
    let ours = engine.finish(&opened.name).await.unwrap();
    assert!(ours.had_place && !ours.connected);
}

/// None of these lines delays a packet so much that it is late: packets that were are this machine's, which was busy.
fn is_quiet(outcome: &Outcome) -> bool {
    [&outcome.up, &outcome.down].into_iter().flatten().map(|direction| direction.late_percent).sum::<f64>() < 1.0
}

/// What was measured is what the line did, but for the packet or two that carried something else.
fn assert_agrees(outcome: &Outcome, relay: &Relay) {
    for (direction, way) in [(&outcome.up, &relay.up), (&outcome.down, &relay.down)] {
        let direction = direction.as_ref().unwrap();
        let (lost, voice) = (way.voice_lost.load(Relaxed), way.voice.load(Relaxed));
        let share = 100.0 * f64::from(lost) / f64::from(voice);
        // what else is in the datagrams grows with the loss
        let tolerance = if share > 10.0 { 4.0 } else { 1.2 };
        assert!((direction.lost_percent - share).abs() <= tolerance, "the line lost {share} %: {direction:#?}");
    }
}

#[tokio::test]
async fn an_echo_call_says_back_what_it_hears() {
    let engine = engine(1, 4);
    let (client, offer) = Client::new(here(), Kind::Call).await.unwrap();
    let opened = engine.open(Kind::Call, offer).await.unwrap();
    assert!(opened.answer.contains("PCMU/8000"), "{}", opened.answer);
    let walked = client.walk(&opened.answer, 100).await.unwrap();
    assert!(walked.opened);
    assert_eq!(walked.heard, (0..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_ports_see_the_same_house() {
    let engine = engine(2, 4);
    let (outcome, _) = walk(&engine, 100).await;
    // this machine has no router between: the mapping is kept, or only one port was tried
    assert_ne!(outcome.nat, Nat::Changes);
}

#[tokio::test]
async fn offers_that_are_not_ours_are_refused() {
    let engine = engine(1, 4);
    let (_, good) = Client::new(here(), Kind::Test).await.unwrap();
    let (_, voice) = Client::new(here(), Kind::Call).await.unwrap();
    let long = format!("{good}a=x:{}\r\n", "y".repeat(LARGEST_OFFER));
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
        assert_eq!(engine.open(Kind::Test, offer.clone()).await.unwrap_err(), Refused::Offer, "{offer}");
    }
    assert_eq!(engine.open(Kind::Call, good.clone()).await.unwrap_err(), Refused::Offer);
    assert_eq!(engine.counters().remembered.load(Relaxed), 0);
    engine.open(Kind::Test, good).await.unwrap();
}

#[tokio::test]
async fn there_are_only_so_many_places() {
    let engine = engine(1, 2);
    let mut opened = Vec::new();
    for _ in 0..2 {
        let (_, offer) = Client::new(here(), Kind::Test).await.unwrap();
        opened.push(engine.open(Kind::Test, offer).await.unwrap());
    }
    let (_, offer) = Client::new(here(), Kind::Test).await.unwrap();
    assert_eq!(engine.open(Kind::Test, offer.clone()).await.unwrap_err(), Refused::Full);
    assert!(engine.finish(&opened[0].name).await.is_some());
    assert!(engine.finish(&opened[0].name).await.is_none(), "a result is handed out once");
    engine.open(Kind::Test, offer).await.unwrap();
}

#[tokio::test]
async fn strangers_get_no_answer_and_leave_nothing_behind() {
    let engine = engine(1, 4);
    let (client, offer) = Client::new(here(), Kind::Test).await.unwrap();
    let opened = engine.open(Kind::Test, offer).await.unwrap();
    let ufrag = opened.answer.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).unwrap();
    let port = engine.ports()[0];
    let stranger = UdpSocket::bind(HERE).await.unwrap();
    let counters = engine.counters();
    let sent_before = counters.sent.load(Relaxed);
    let mut sent = 0_u64;
    for round in 0..40_u8 {
        for datagram in garbage(round, ufrag) {
            stranger.send_to(&datagram, port).await.unwrap();
            sent += 1;
        }
        // no faster than they are read, so that each of them is
        while counters.datagrams.load(Relaxed) < sent {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(counters.strangers.load(Relaxed), sent);
    assert_eq!(counters.sent.load(Relaxed), sent_before, "nobody was answered");
    assert_eq!(stranger.try_recv_from(&mut [0; 64]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(counters.remembered.load(Relaxed), 1);
    // and the one who was invited is served as if nothing had been
    let walked = client.walk(&opened.answer, 50).await.unwrap();
    assert_eq!(walked.theirs.echoes.len(), 50);
}

/// What a flood may bring: noise, STUN for nobody, STUN with the wrong key, DTLS, RTP, nothing at all.
fn garbage(round: u8, ufrag: &str) -> Vec<Vec<u8>> {
    let noise: Vec<u8> = (0..=255_u8).map(|byte| byte.wrapping_mul(round).wrapping_add(round)).collect();
    let mut dtls = vec![22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40];
    dtls.extend([round; 40]);
    let rtp: Vec<u8> = [128, 0, 0, round].into_iter().chain([7; 168]).collect();
    vec![noise, stun("nobody:here"), stun(&format!("{ufrag}:xyzw")), dtls, rtp, vec![round], Vec::new(), vec![0; 1500]]
}

/// A binding request as a browser would send it, but with a key that nobody gave out.
fn stun(username: &str) -> Vec<u8> {
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
