//! Who is in the middle of a line test. Nothing here outlives a test by more than a minute.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use ipnet::IpNet;
use linktest::engine::Name;

use crate::{checks::LinkTested, web::limit::household};

/// A test is over by then, whatever became of it.
const LIFE: Duration = Duration::from_secs(35);
/// How long its result may still be asked for.
const MEMORY: Duration = Duration::from_secs(90);
/// Tests that one household runs at once.
const AT_ONCE: usize = 10;
/// Tests that are remembered.
const MOST: usize = 2_000;

/// One test.
#[derive(Default)]
pub struct Place {
    name: Mutex<Option<Name>>,
    /// What came out, and under which id it is kept.
    pub done: tokio::sync::Mutex<Option<(Option<String>, LinkTested)>>,
}

impl Place {
    pub fn name(&self) -> Option<Name> {
        self.name.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Entry {
    household: IpNet,
    begun: Instant,
    echoes: u32,
    place: Arc<Place>,
}

/// All tests of now.
#[derive(Default)]
pub struct Places(Mutex<HashMap<String, Entry>>);

/// Whether there was a place.
pub enum Taken {
    /// Under this id, which nobody can guess.
    Yes(String),
    /// This household has enough.
    Many,
    Full,
}

impl Places {
    pub fn take(&self, ip: IpAddr) -> Taken {
        self.take_at(ip, Instant::now())
    }

    fn take_at(&self, ip: IpAddr, now: Instant) -> Taken {
        let household = household(ip);
        self.with(|entries| {
            entries.retain(|_, entry| now.saturating_duration_since(entry.begun) < MEMORY);
            let is_running = |entry: &&Entry| {
                let over = entry.place.done.try_lock().is_ok_and(|done| done.is_some());
                entry.household == household && !over && now.saturating_duration_since(entry.begun) < LIFE
            };
            if entries.values().filter(is_running).count() >= AT_ONCE {
                return Taken::Many;
            }
            if entries.len() >= MOST {
                return Taken::Full;
            }
            let id = crate::token::encode(&rand::random::<[u8; 16]>());
            entries.insert(id.clone(), Entry { household, begun: now, echoes: 0, place: Arc::default() });
            Taken::Yes(id)
        })
    }

    pub fn leave(&self, id: &str) {
        self.with(|entries| entries.remove(id));
    }

    /// Remembers the session that belongs to a test.
    pub fn connect(&self, id: &str, name: Name) {
        if let Some(place) = self.find(id) {
            *place.name.lock().unwrap_or_else(PoisonError::into_inner) = Some(name);
        }
    }

    pub fn find(&self, id: &str) -> Option<Arc<Place>> {
        self.with(|entries| {
            entries.get(id).filter(|entry| entry.begun.elapsed() < MEMORY).map(|entry| entry.place.clone())
        })
    }

    /// Whether a test may open an echo: while it runs, and twice at most.
    pub fn may_echo(&self, id: &str) -> bool {
        self.with(|entries| {
            let entry = entries.get_mut(id).filter(|entry| entry.begun.elapsed() < LIFE);
            entry.is_some_and(|entry| {
                entry.echoes += 1;
                entry.echoes <= 2
            })
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Entry>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_runs_a_few_tests_at_once_and_then_others() {
        let places = Places::default();
        let now = Instant::now();
        let (one, neighbour) = ("203.0.113.7".parse().unwrap(), "203.0.113.8".parse().unwrap());
        let ids: Vec<_> = (0..AT_ONCE)
            .map(|_| match places.take_at(one, now) {
                Taken::Yes(id) => id,
                Taken::Many | Taken::Full => panic!("there is room"),
            })
            .collect();
        assert!(matches!(places.take_at(one, now), Taken::Many));
        assert!(matches!(places.take_at(neighbour, now), Taken::Yes(_)));
        places.leave(&ids[0]);
        assert!(matches!(places.take_at(one, now), Taken::Yes(_)));
        assert!(matches!(places.take_at(one, now + LIFE), Taken::Yes(_)), "what is over takes no place");
    }

    #[test]
    fn only_so_many_are_remembered_and_none_for_long() {
        let places = Places::default();
        let now = Instant::now();
        let ip = |n: u32| IpAddr::from(std::net::Ipv4Addr::from_bits(n));
        let taken = |n, now| matches!(places.take_at(ip(n), now), Taken::Yes(_));
        assert!((0..MOST as u32).all(|n| taken(n, now)));
        assert!(!taken(9_999, now));
        assert!(taken(9_999, now + MEMORY));
        assert_eq!(places.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn nobody_echoes_without_a_test() {
        let places = Places::default();
        assert!(!places.may_echo("00000000000000000000000000"));
        let Taken::Yes(id) = places.take("203.0.113.7".parse().unwrap()) else { panic!("there is room") };
        assert_eq!([0; 3].map(|_| places.may_echo(&id)), [true, true, false]);
    }
}
