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
const PRESENCE_TTL: Duration = Duration::seconds(25);

/// What somebody does at a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    Viewing,
    Writing,
    /// Closed the page.
    #[serde(rename = "gone")]
    Left,
}

/// What one page of one person tells all processes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PresenceSignal {
    /// The ticket's reference.
    #[serde(rename = "ticket")]
    pub reference: String,
    /// The page: one person may have two.
    #[serde(rename = "page")]
    pub page_id: Uuid,
    #[serde(rename = "who")]
    pub staff_id: Uuid,
    pub name: String,
    #[serde(rename = "doing")]
    pub activity: Activity,
}

/// Somebody who is at a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub staff_id: Uuid,
    pub name: String,
    pub is_writing: bool,
}

/// Everybody, by ticket and page.
pub struct Presence {
    clock: Clock,
    tickets: Mutex<HashMap<String, HashMap<Uuid, LastSeen>>>,
    changes: watch::Sender<u64>,
}

struct LastSeen {
    staff_id: Uuid,
    name: String,
    activity: Activity,
    last_seen_at: OffsetDateTime,
}

impl Presence {
    pub(crate) fn new(clock: Clock) -> Presence {
        Presence { clock, tickets: Mutex::default(), changes: watch::Sender::default() }
    }

    /// Takes in what a page told. What is not a signal came from somewhere else, and is none.
    pub(crate) fn apply_signal(&self, payload: &str) {
        let Ok(signal) = serde_json::from_str::<PresenceSignal>(payload) else { return };
        let at = self.clock.now();
        let mut tickets = self.lock_tickets();
        // those who left without a word go with the next word of anybody
        let before: usize = tickets.values().map(HashMap::len).sum();
        tickets.retain(|_, pages| {
            pages.retain(|_, seen| at - seen.last_seen_at < PRESENCE_TTL);
            !pages.is_empty()
        });
        let mut changed = before != tickets.values().map(HashMap::len).sum::<usize>();
        let pages = tickets.entry(signal.reference.clone()).or_default();
        let earlier = match signal.activity {
            Activity::Left => pages.remove(&signal.page_id),
            doing => pages.insert(
                signal.page_id,
                LastSeen { staff_id: signal.staff_id, name: signal.name, activity: doing, last_seen_at: at },
            ),
        };
        changed |= earlier.is_none_or(|earlier| earlier.activity != signal.activity);
        if pages.is_empty() {
            tickets.remove(&signal.reference);
        }
        drop(tickets);
        if changed {
            self.changes.send_modify(|changes| *changes += 1);
        }
    }

    /// Who is at a ticket besides `me`, by name.
    pub fn viewers(&self, ticket: &str, me: Uuid) -> Vec<Viewer> {
        let now = self.clock.now();
        let mut here: Vec<Viewer> = Vec::new();
        for seen in self.lock_tickets().get(ticket).into_iter().flat_map(HashMap::values) {
            if seen.staff_id == me || now - seen.last_seen_at >= PRESENCE_TTL {
                continue;
            }
            let writing = seen.activity == Activity::Writing;
            match here.iter_mut().find(|one| one.staff_id == seen.staff_id) {
                Some(one) => one.is_writing |= writing,
                None => here.push(Viewer { staff_id: seen.staff_id, name: seen.name.clone(), is_writing: writing }),
            }
        }
        here.sort_by(|one, other| (&one.name, one.staff_id).cmp(&(&other.name, other.staff_id)));
        here
    }

    /// Tells when somebody came, went or began to write. Who closed a laptop is noticed by asking again.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn lock_tickets(&self) -> MutexGuard<'_, HashMap<String, HashMap<Uuid, LastSeen>>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use crate::change_feed::presence::*;

    struct PresenceFixture {
        clock: Clock,
        presence: Presence,
    }

    impl PresenceFixture {
        fn new() -> PresenceFixture {
            let clock = Clock::manual(datetime!(2026-11-20 13:30 UTC));
            PresenceFixture { presence: Presence::new(clock.clone()), clock }
        }

        fn signal(&self, ticket: &str, page: u128, who: u128, doing: Activity) {
            let (page, id) = (Uuid::from_u128(page), Uuid::from_u128(who));
            let signal = PresenceSignal {
                reference: ticket.to_owned(),
                page_id: page,
                staff_id: id,
                name: format!("person {who}"),
                activity: doing,
            };
            self.presence.apply_signal(&serde_json::to_string(&signal).unwrap());
        }

        fn viewer_names(&self, ticket: &str) -> Vec<String> {
            let here = self.presence.viewers(ticket, Uuid::from_u128(0));
            here.iter().map(|one| format!("{}{}", one.name, if one.is_writing { " writes" } else { "" })).collect()
        }
    }

    #[test]
    fn a_person_with_two_pages_is_one_person_and_writes_if_one_page_does() {
        let house = PresenceFixture::new();
        house.signal("A", 1, 7, Activity::Viewing);
        house.signal("A", 2, 7, Activity::Writing);
        house.signal("A", 3, 8, Activity::Viewing);
        house.signal("A", 4, 0, Activity::Writing);
        assert_eq!(house.viewer_names("A"), ["person 7 writes", "person 8"]);
        house.signal("A", 2, 7, Activity::Left);
        assert_eq!(house.viewer_names("A"), ["person 7", "person 8"]);
        assert!(house.viewer_names("B").is_empty());
    }

    #[test]
    fn a_closed_laptop_is_forgotten_and_leaves_nothing_behind() {
        let house = PresenceFixture::new();
        house.signal("A", 1, 7, Activity::Viewing);
        house.clock.advance(Duration::seconds(20));
        assert_eq!(house.viewer_names("A"), ["person 7"]);
        house.clock.advance(Duration::seconds(5));
        assert!(house.viewer_names("A").is_empty());
        let mut changes = house.presence.subscribe();
        house.signal("B", 2, 8, Activity::Left);
        assert!(changes.has_changed().unwrap(), "that somebody is forgotten is told");
        changes.mark_unchanged();
        assert!(house.presence.lock_tickets().is_empty());
    }

    #[test]
    fn a_heartbeat_changes_nothing_and_nonsense_is_none() {
        let house = PresenceFixture::new();
        house.signal("A", 1, 7, Activity::Viewing);
        let changes = house.presence.subscribe();
        house.signal("A", 1, 7, Activity::Viewing);
        for nonsense in ["", "{}", "null", "[1]", "{\"ticket\":\"A\",\"doing\":\"flying\"}"] {
            house.presence.apply_signal(nonsense);
        }
        assert!(!changes.has_changed().unwrap());
    }
}
