//! Who is at which ticket now. Kept in memory only: every process hears of everybody again within one heartbeat.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;
use uuid::Uuid;

use crate::clock::Clock;

/// Somebody of whom nothing was heard for so long has closed the laptop. Pages say that they are there every ten seconds
/// (`static/js/presence.js`), so that two may get lost.
const FORGOTTEN: Duration = Duration::seconds(25);

/// What somebody does at a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    Viewing,
    Writing,
    /// Closed the page.
    Gone,
}

/// What one page of one person tells all processes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signal {
    /// The ticket's reference.
    pub ticket: String,
    /// The page: one person may have two.
    pub page: Uuid,
    pub who: Uuid,
    pub name: String,
    pub doing: Doing,
}

/// Somebody who is at a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    pub who: Uuid,
    pub name: String,
    pub writing: bool,
}

/// Everybody, by ticket and page.
pub struct Presence {
    clock: Clock,
    tickets: Mutex<HashMap<String, HashMap<Uuid, Seen>>>,
    changes: watch::Sender<u64>,
}

struct Seen {
    who: Uuid,
    name: String,
    doing: Doing,
    at: OffsetDateTime,
}

impl Presence {
    pub(super) fn new(clock: Clock) -> Presence {
        Presence { clock, tickets: Mutex::default(), changes: watch::Sender::default() }
    }

    /// Takes in what a page told. What is not a signal came from somewhere else, and is none.
    pub(super) fn hear(&self, payload: &str) {
        let Ok(signal) = serde_json::from_str::<Signal>(payload) else { return };
        let at = self.clock.now();
        let mut tickets = self.tickets();
        // those who left without a word go with the next word of anybody
        let before: usize = tickets.values().map(HashMap::len).sum();
        tickets.retain(|_, pages| {
            pages.retain(|_, seen| at - seen.at < FORGOTTEN);
            !pages.is_empty()
        });
        let mut changed = before != tickets.values().map(HashMap::len).sum::<usize>();
        let pages = tickets.entry(signal.ticket.clone()).or_default();
        let earlier = match signal.doing {
            Doing::Gone => pages.remove(&signal.page),
            doing => pages.insert(signal.page, Seen { who: signal.who, name: signal.name, doing, at }),
        };
        changed |= earlier.is_none_or(|earlier| earlier.doing != signal.doing);
        if pages.is_empty() {
            tickets.remove(&signal.ticket);
        }
        drop(tickets);
        if changed {
            self.changes.send_modify(|changes| *changes += 1);
        }
    }

    /// Who is at a ticket besides `me`, by name.
    pub fn at(&self, ticket: &str, me: Uuid) -> Vec<Here> {
        let now = self.clock.now();
        let mut here: Vec<Here> = Vec::new();
        for seen in self.tickets().get(ticket).into_iter().flat_map(HashMap::values) {
            if seen.who == me || now - seen.at >= FORGOTTEN {
                continue;
            }
            let writing = seen.doing == Doing::Writing;
            match here.iter_mut().find(|one| one.who == seen.who) {
                Some(one) => one.writing |= writing,
                None => here.push(Here { who: seen.who, name: seen.name.clone(), writing }),
            }
        }
        here.sort_by(|one, other| (&one.name, one.who).cmp(&(&other.name, other.who)));
        here
    }

    /// Tells when somebody came, went or began to write. Who closed a laptop is noticed by asking again.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn tickets(&self) -> MutexGuard<'_, HashMap<String, HashMap<Uuid, Seen>>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    struct House {
        clock: Clock,
        presence: Presence,
    }

    impl House {
        fn new() -> House {
            let clock = Clock::held(datetime!(2026-11-20 13:30 UTC));
            House { presence: Presence::new(clock.clone()), clock }
        }

        fn tell(&self, ticket: &str, page: u128, who: u128, doing: Doing) {
            let (page, id) = (Uuid::from_u128(page), Uuid::from_u128(who));
            let signal = Signal { ticket: ticket.to_owned(), page, who: id, name: format!("person {who}"), doing };
            self.presence.hear(&serde_json::to_string(&signal).unwrap());
        }

        fn seen(&self, ticket: &str) -> Vec<String> {
            let here = self.presence.at(ticket, Uuid::from_u128(0));
            here.iter().map(|one| format!("{}{}", one.name, if one.writing { " writes" } else { "" })).collect()
        }
    }

    #[test]
    fn a_person_with_two_pages_is_one_person_and_writes_if_one_page_does() {
        let house = House::new();
        house.tell("A", 1, 7, Doing::Viewing);
        house.tell("A", 2, 7, Doing::Writing);
        house.tell("A", 3, 8, Doing::Viewing);
        house.tell("A", 4, 0, Doing::Writing);
        assert_eq!(house.seen("A"), ["person 7 writes", "person 8"]);
        house.tell("A", 2, 7, Doing::Gone);
        assert_eq!(house.seen("A"), ["person 7", "person 8"]);
        assert!(house.seen("B").is_empty());
    }

    #[test]
    fn a_closed_laptop_is_forgotten_and_leaves_nothing_behind() {
        let house = House::new();
        house.tell("A", 1, 7, Doing::Viewing);
        house.clock.advance(Duration::seconds(20));
        assert_eq!(house.seen("A"), ["person 7"]);
        house.clock.advance(Duration::seconds(5));
        assert!(house.seen("A").is_empty());
        let mut changes = house.presence.changes();
        house.tell("B", 2, 8, Doing::Gone);
        assert!(changes.has_changed().unwrap(), "that somebody is forgotten is told");
        changes.mark_unchanged();
        assert!(house.presence.tickets().is_empty());
    }

    #[test]
    fn a_heartbeat_changes_nothing_and_nonsense_is_none() {
        let house = House::new();
        house.tell("A", 1, 7, Doing::Viewing);
        let changes = house.presence.changes();
        house.tell("A", 1, 7, Doing::Viewing);
        for nonsense in ["", "{}", "null", "[1]", "{\"ticket\":\"A\",\"doing\":\"flying\"}"] {
            house.presence.hear(nonsense);
        }
        assert!(!changes.has_changed().unwrap());
    }
}
