//! A client, a server and the line between them in one loop, in simulated time.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use line_test::{
    client::{ClientRun, ClientSession},
    media_server::{MediaCounters, MediaSessions, SessionId, SessionKind},
    simulated_line::{LineConditions, SimulatedDirection},
    verdict::{LineTestOutcome, ServerReport},
};

const CLIENT: &str = "203.0.113.7:5000";
const SERVER: &str = "198.51.100.1:10000";

/// Where a datagram on the line goes.
enum Destination {
    Client,
    Server,
}

/// A client that is connected to a server over a line.
pub(crate) struct Simulation {
    pub(crate) counters: Arc<MediaCounters>,
    pub(crate) up: SimulatedDirection,
    pub(crate) down: SimulatedDirection,
    started_at: Instant,
    now: Instant,
    client: ClientSession,
    server: MediaSessions,
    session_id: SessionId,
    /// By the time of arrival and the order of departure.
    in_flight: BTreeMap<(Instant, u64), (Destination, Vec<u8>)>,
    departures: u64,
}

/// What both sides measured.
pub(crate) struct SimulatedRun {
    pub(crate) client: ClientRun,
    pub(crate) server: ServerReport,
    pub(crate) outcome: LineTestOutcome,
    pub(crate) up: SimulatedDirection,
    pub(crate) down: SimulatedDirection,
    pub(crate) duration: Duration,
}

impl Simulation {
    /// Negotiates a session for `packets` packets.
    pub(crate) fn new(kind: SessionKind, packets: u32, up: LineConditions, down: LineConditions) -> Simulation {
        let now = Instant::now();
        let counters = Arc::new(MediaCounters::default());
        let mut server = MediaSessions::new(vec![address(SERVER)], 4, counters.clone()).unwrap();
        let (mut client, offer) = ClientSession::new(address(CLIENT), kind, now).unwrap();
        let opened = server.open(kind, &offer, now).unwrap();
        client.connect(&opened.sdp_answer, packets, now).unwrap();
        Simulation {
            counters,
            up: SimulatedDirection::new(up, 11),
            down: SimulatedDirection::new(down, 12),
            started_at: now,
            now,
            client,
            server,
            session_id: opened.session_id,
            in_flight: BTreeMap::new(),
            departures: 0,
        }
    }

    /// Runs until the client has finished.
    pub(crate) fn run(mut self) -> SimulatedRun {
        while let Some(due) = self.client.next_deadline() {
            self.step(due);
        }
        let client = self.client.into_run();
        let server = self.server.finish(&self.session_id).unwrap();
        SimulatedRun {
            outcome: LineTestOutcome::from_reports(&server, &client.report.clone().clamped()),
            client,
            server,
            up: self.up,
            down: self.down,
            duration: self.now - self.started_at,
        }
    }

    /// Runs until so much time has passed since the start.
    pub(crate) fn run_for(&mut self, duration: Duration) {
        let end = self.started_at + duration;
        while self.now < end {
            self.step(self.client.next_deadline().unwrap_or(end).min(end));
        }
    }

    /// Moves the time to the next event, at most to `until`.
    fn step(&mut self, until: Instant) {
        self.send_datagrams();
        let server_deadline = self.server.next_deadline().unwrap_or(until);
        let arrival = self.in_flight.keys().next().map_or(until, |(at, _)| *at);
        // a timer may be due already
        self.now = self.now.max(until.min(server_deadline).min(arrival));
        while let Some(entry) = self.in_flight.first_entry()
            && entry.key().0 <= self.now
        {
            match entry.remove() {
                (Destination::Client, datagram) => {
                    self.client.handle_datagram(address(SERVER), &datagram, self.now).unwrap();
                }
                (Destination::Server, datagram) => {
                    self.server.handle_datagram(address(SERVER), address(CLIENT), &datagram, self.now);
                }
            }
        }
        self.server.handle_timeout(self.now);
        if self.client.next_deadline().is_some_and(|due| due <= self.now) {
            self.client.handle_timeout(self.now).unwrap();
        }
    }

    fn send_datagrams(&mut self) {
        for datagram in self.client.drain_outgoing() {
            assert_eq!(datagram.destination, address(SERVER));
            if let Some(delay) = self.up.draw_delay(&datagram.contents) {
                self.departures += 1;
                let key = (self.now + delay, self.departures);
                self.in_flight.insert(key, (Destination::Server, datagram.contents.to_vec()));
            }
        }
        for datagram in self.server.drain_outgoing() {
            assert_eq!((datagram.source, datagram.destination), (address(SERVER), address(CLIENT)));
            if let Some(delay) = self.down.draw_delay(&datagram.contents) {
                self.departures += 1;
                let key = (self.now + delay, self.departures);
                self.in_flight.insert(key, (Destination::Client, datagram.contents.to_vec()));
            }
        }
    }
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}
