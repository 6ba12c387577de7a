//! Who is in the middle of a line test. Nothing here outlives a test by more than a minute.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use ipnet::IpNet;
use line_test::media_server::SessionId;

use crate::{checks::LineTestResult, web::rate_limit::client_network};

/// A test is over by then, whatever became of it.
const MAX_TEST_DURATION: Duration = Duration::from_secs(35);
/// How long its result may still be asked for.
const SESSION_RETENTION: Duration = Duration::from_secs(90);
/// Tests that one household runs at once.
const MAX_CONCURRENT_PER_NETWORK: usize = 10;
/// Tests that are remembered.
const MAX_SESSIONS: usize = 2_000;

/// One test.
#[derive(Default)]
pub struct LineTestSession {
    media_session_id: Mutex<Option<SessionId>>,
    /// What came out, and under which id it is kept.
    pub result: tokio::sync::Mutex<Option<(Option<String>, LineTestResult)>>,
}

impl LineTestSession {
    pub fn media_session_id(&self) -> Option<SessionId> {
        self.media_session_id.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct LineTestSessionEntry {
    client_network: IpNet,
    started_at: Instant,
    echo_connections: u32,
    session: Arc<LineTestSession>,
}

/// All tests of now.
#[derive(Default)]
pub struct LineTestSessions(Mutex<HashMap<String, LineTestSessionEntry>>);

/// Whether there was a place.
pub enum LineTestAdmission {
    /// Under this id, which nobody can guess.
    Admitted(String),
    /// This household has enough.
    TooManyForNetwork,
    AtCapacity,
}

impl LineTestSessions {
    pub fn admit(&self, ip: IpAddr) -> LineTestAdmission {
        self.admit_at(ip, Instant::now())
    }

    fn admit_at(&self, ip: IpAddr, now: Instant) -> LineTestAdmission {
        let household = client_network(ip);
        self.with_entries(|entries| {
            entries.retain(|_, entry| now.saturating_duration_since(entry.started_at) < SESSION_RETENTION);
            let is_running = |entry: &&LineTestSessionEntry| {
                let over = entry.session.result.try_lock().is_ok_and(|done| done.is_some());
                entry.client_network == household
                    && !over
                    && now.saturating_duration_since(entry.started_at) < MAX_TEST_DURATION
            };
            if entries.values().filter(is_running).count() >= MAX_CONCURRENT_PER_NETWORK {
                return LineTestAdmission::TooManyForNetwork;
            }
            if entries.len() >= MAX_SESSIONS {
                return LineTestAdmission::AtCapacity;
            }
            let id = crate::token::encode_crockford32(&rand::random::<[u8; 16]>());
            entries.insert(
                id.clone(),
                LineTestSessionEntry {
                    client_network: household,
                    started_at: now,
                    echo_connections: 0,
                    session: Arc::default(),
                },
            );
            LineTestAdmission::Admitted(id)
        })
    }

    pub fn remove(&self, id: &str) {
        self.with_entries(|entries| entries.remove(id));
    }

    /// Remembers the session that belongs to a test.
    pub fn set_media_session(&self, id: &str, name: SessionId) {
        if let Some(place) = self.find(id) {
            *place.media_session_id.lock().unwrap_or_else(PoisonError::into_inner) = Some(name);
        }
    }

    pub fn find(&self, id: &str) -> Option<Arc<LineTestSession>> {
        self.with_entries(|entries| {
            entries
                .get(id)
                .filter(|entry| entry.started_at.elapsed() < SESSION_RETENTION)
                .map(|entry| entry.session.clone())
        })
    }

    /// Whether a test may open an echo: while it runs, and twice at most.
    pub fn try_register_echo(&self, id: &str) -> bool {
        self.with_entries(|entries| {
            let entry = entries.get_mut(id).filter(|entry| entry.started_at.elapsed() < MAX_TEST_DURATION);
            entry.is_some_and(|entry| {
                entry.echo_connections += 1;
                entry.echo_connections <= 2
            })
        })
    }

    fn with_entries<T>(&self, act: impl FnOnce(&mut HashMap<String, LineTestSessionEntry>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::pages::line_test_sessions::*;

    #[test]
    fn a_household_runs_a_few_tests_at_once_and_then_others() {
        let places = LineTestSessions::default();
        let now = Instant::now();
        let (one, neighbour) = ("203.0.113.7".parse().unwrap(), "203.0.113.8".parse().unwrap());
        let ids: Vec<_> = (0..MAX_CONCURRENT_PER_NETWORK)
            .map(|_| match places.admit_at(one, now) {
                LineTestAdmission::Admitted(id) => id,
                LineTestAdmission::TooManyForNetwork | LineTestAdmission::AtCapacity => panic!("there is room"),
            })
            .collect();
        assert!(matches!(places.admit_at(one, now), LineTestAdmission::TooManyForNetwork));
        assert!(matches!(places.admit_at(neighbour, now), LineTestAdmission::Admitted(_)));
        places.remove(&ids[0]);
        assert!(matches!(places.admit_at(one, now), LineTestAdmission::Admitted(_)));
        assert!(
            matches!(places.admit_at(one, now + MAX_TEST_DURATION), LineTestAdmission::Admitted(_)),
            "what is over takes no place"
        );
    }

    #[test]
    fn only_so_many_are_remembered_and_none_for_long() {
        let places = LineTestSessions::default();
        let now = Instant::now();
        let ip = |n: u32| IpAddr::from(std::net::Ipv4Addr::from_bits(n));
        let taken = |n, now| matches!(places.admit_at(ip(n), now), LineTestAdmission::Admitted(_));
        assert!((0..MAX_SESSIONS as u32).all(|n| taken(n, now)));
        assert!(!taken(9_999, now));
        assert!(taken(9_999, now + SESSION_RETENTION));
        assert_eq!(places.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn nobody_echoes_without_a_test() {
        let places = LineTestSessions::default();
        assert!(!places.try_register_echo("00000000000000000000000000"));
        let LineTestAdmission::Admitted(id) = places.admit("203.0.113.7".parse().unwrap()) else {
            panic!("there is room")
        };
        assert_eq!([0; 3].map(|_| places.try_register_echo(&id)), [true, true, false]);
    }
}
