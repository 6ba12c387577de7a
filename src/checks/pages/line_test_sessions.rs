//! The line tests that run now. A session is removed about a minute after its test.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use ipnet::IpNet;
use line_test::media_server::SessionId;

use crate::{checks::LineTestResult, web::rate_limit::client_network};

/// A test without a result has ended by then.
const MAX_TEST_DURATION: Duration = Duration::from_secs(35);
/// How long a result can be requested, from the start of the test.
const SESSION_RETENTION: Duration = Duration::from_secs(90);
/// Maximum number of tests that run at the same time in one client network.
const MAX_CONCURRENT_PER_NETWORK: usize = 10;
/// Maximum number of sessions in memory.
const MAX_SESSIONS: usize = 2_000;

/// One test.
#[derive(Default)]
pub(super) struct LineTestSession {
    media_session_id: Mutex<Option<SessionId>>,
    /// The result and the id under which it is stored, once there is one. The lock makes a second request wait.
    pub(super) result: tokio::sync::Mutex<Option<(Option<String>, LineTestResult)>>,
}

impl LineTestSession {
    pub(super) fn media_session_id(&self) -> Option<SessionId> {
        self.media_session_id.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct LineTestSessionEntry {
    client_network: IpNet,
    started_at: Instant,
    echo_connections: u32,
    session: Arc<LineTestSession>,
}

/// All sessions, by their ids.
#[derive(Default)]
pub(super) struct LineTestSessions(Mutex<HashMap<String, LineTestSessionEntry>>);

/// The decision about a new test.
pub(super) enum LineTestAdmission {
    /// With this random id.
    Admitted(String),
    TooManyForNetwork,
    AtCapacity,
}

impl LineTestSessions {
    pub(super) fn admit(&self, ip: IpAddr) -> LineTestAdmission {
        self.admit_at(ip, Instant::now())
    }

    fn admit_at(&self, ip: IpAddr, now: Instant) -> LineTestAdmission {
        let network = client_network(ip);
        self.with_entries(|entries| {
            entries.retain(|_, entry| now.saturating_duration_since(entry.started_at) < SESSION_RETENTION);
            let is_running = |entry: &&LineTestSessionEntry| {
                let has_result = entry.session.result.try_lock().is_ok_and(|result| result.is_some());
                entry.client_network == network
                    && !has_result
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
                    client_network: network,
                    started_at: now,
                    echo_connections: 0,
                    session: Arc::default(),
                },
            );
            LineTestAdmission::Admitted(id)
        })
    }

    pub(super) fn remove(&self, id: &str) {
        self.with_entries(|entries| entries.remove(id));
    }

    pub(super) fn set_media_session(&self, id: &str, media_session_id: SessionId) {
        if let Some(session) = self.find(id) {
            *session.media_session_id.lock().unwrap_or_else(PoisonError::into_inner) = Some(media_session_id);
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<LineTestSession>> {
        self.with_entries(|entries| {
            entries
                .get(id)
                .filter(|entry| entry.started_at.elapsed() < SESSION_RETENTION)
                .map(|entry| entry.session.clone())
        })
    }

    /// Whether a test may open an echo connection: at most two, while the test runs.
    pub(super) fn try_register_echo(&self, id: &str) -> bool {
        self.with_entries(|entries| {
            let entry = entries.get_mut(id).filter(|entry| entry.started_at.elapsed() < MAX_TEST_DURATION);
            entry.is_some_and(|entry| {
                entry.echo_connections += 1;
                entry.echo_connections <= 2
            })
        })
    }

    fn with_entries<T>(&self, f: impl FnOnce(&mut HashMap<String, LineTestSessionEntry>) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::pages::line_test_sessions::*;

    #[test]
    fn one_network_runs_only_a_few_tests_at_once() {
        let sessions = LineTestSessions::default();
        let now = Instant::now();
        let (client, neighbor) = ("203.0.113.7".parse().unwrap(), "203.0.113.8".parse().unwrap());
        let ids: Vec<_> = (0..MAX_CONCURRENT_PER_NETWORK)
            .map(|_| match sessions.admit_at(client, now) {
                LineTestAdmission::Admitted(id) => id,
                LineTestAdmission::TooManyForNetwork | LineTestAdmission::AtCapacity => panic!("must be admitted"),
            })
            .collect();
        assert!(matches!(sessions.admit_at(client, now), LineTestAdmission::TooManyForNetwork));
        assert!(matches!(sessions.admit_at(neighbor, now), LineTestAdmission::Admitted(_)));
        sessions.remove(&ids[0]);
        assert!(matches!(sessions.admit_at(client, now), LineTestAdmission::Admitted(_)));
        assert!(
            matches!(sessions.admit_at(client, now + MAX_TEST_DURATION), LineTestAdmission::Admitted(_)),
            "a test that has ended does not count"
        );
    }

    #[test]
    fn the_number_of_sessions_is_limited_and_they_expire() {
        let sessions = LineTestSessions::default();
        let now = Instant::now();
        let ip = |n: u32| IpAddr::from(std::net::Ipv4Addr::from_bits(n));
        let is_admitted = |n, now| matches!(sessions.admit_at(ip(n), now), LineTestAdmission::Admitted(_));
        assert!((0..MAX_SESSIONS as u32).all(|n| is_admitted(n, now)));
        assert!(!is_admitted(9_999, now));
        assert!(is_admitted(9_999, now + SESSION_RETENTION));
        assert_eq!(sessions.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn an_echo_needs_a_test_and_is_limited_to_two_connections() {
        let sessions = LineTestSessions::default();
        assert!(!sessions.try_register_echo("00000000000000000000000000"));
        let LineTestAdmission::Admitted(id) = sessions.admit("203.0.113.7".parse().unwrap()) else {
            panic!("must be admitted")
        };
        assert_eq!([0; 3].map(|_| sessions.try_register_echo(&id)), [true, true, false]);
    }
}
