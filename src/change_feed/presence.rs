//! Who views or edits which ticket. Kept in memory only: each page repeats its signal, so every process knows the state
//! after one interval.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;
use uuid::Uuid;

use crate::clock::Clock;

/// A page without a signal for this long is taken to be closed. Pages send a signal every ten seconds
/// (`static/js/presence.js`), so two may get lost.
const PRESENCE_TTL: Duration = Duration::seconds(25);

/// What a staff member does on the page of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    Viewing,
    Writing,
    /// Closed the page.
    Left,
}

/// The message that a page sends to all processes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PresenceSignal {
    /// The reference of the ticket.
    pub reference: String,
    /// Distinguishes the pages of one staff member.
    pub page_id: Uuid,
    pub staff_id: Uuid,
    pub name: String,
    pub activity: Activity,
}

/// A staff member who views a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub staff_id: Uuid,
    pub name: String,
    pub is_writing: bool,
}

/// The presence of all staff members.
pub struct Presence {
    clock: Clock,
    /// By ticket reference and page.
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

    /// Applies the JSON of a [`PresenceSignal`]. Other payloads are ignored.
    pub(crate) fn apply_signal(&self, payload: &str) {
        let Ok(signal) = serde_json::from_str::<PresenceSignal>(payload) else { return };
        let at = self.clock.now();
        let mut tickets = self.lock_tickets();
        // expired pages are removed with the next signal of any page
        let count_before: usize = tickets.values().map(HashMap::len).sum();
        tickets.retain(|_, pages| {
            pages.retain(|_, seen| at - seen.last_seen_at < PRESENCE_TTL);
            !pages.is_empty()
        });
        let mut is_changed = count_before != tickets.values().map(HashMap::len).sum::<usize>();
        let pages = tickets.entry(signal.reference.clone()).or_default();
        let earlier = match signal.activity {
            Activity::Left => pages.remove(&signal.page_id),
            activity => pages.insert(
                signal.page_id,
                LastSeen { staff_id: signal.staff_id, name: signal.name, activity, last_seen_at: at },
            ),
        };
        is_changed |= earlier.is_none_or(|earlier| earlier.activity != signal.activity);
        if pages.is_empty() {
            tickets.remove(&signal.reference);
        }
        drop(tickets);
        if is_changed {
            self.changes.send_modify(|changes| *changes += 1);
        }
    }

    /// The viewers of a ticket except one staff member, ordered by name.
    pub fn viewers(&self, reference: &str, except: Uuid) -> Vec<Viewer> {
        let now = self.clock.now();
        let mut viewers: Vec<Viewer> = Vec::new();
        for seen in self.lock_tickets().get(reference).into_iter().flat_map(HashMap::values) {
            if seen.staff_id == except || now - seen.last_seen_at >= PRESENCE_TTL {
                continue;
            }
            let is_writing = seen.activity == Activity::Writing;
            match viewers.iter_mut().find(|viewer| viewer.staff_id == seen.staff_id) {
                Some(viewer) => viewer.is_writing |= is_writing,
                None => viewers.push(Viewer { staff_id: seen.staff_id, name: seen.name.clone(), is_writing }),
            }
        }
        viewers.sort_by(|a, b| (&a.name, a.staff_id).cmp(&(&b.name, b.staff_id)));
        viewers
    }

    /// Changes whenever a staff member opens or closes a page or begins or stops writing. Expired pages cause a change
    /// only with the next signal.
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

    use super::*;

    struct PresenceFixture {
        clock: Clock,
        presence: Presence,
    }

    impl PresenceFixture {
        fn new() -> PresenceFixture {
            let clock = Clock::manual(datetime!(2026-11-20 13:30 UTC));
            PresenceFixture { presence: Presence::new(clock.clone()), clock }
        }

        fn signal(&self, ticket: &str, page: u128, staff: u128, activity: Activity) {
            let signal = PresenceSignal {
                reference: ticket.to_owned(),
                page_id: Uuid::from_u128(page),
                staff_id: Uuid::from_u128(staff),
                name: format!("person {staff}"),
                activity,
            };
            self.presence.apply_signal(&serde_json::to_string(&signal).unwrap());
        }

        fn viewer_names(&self, ticket: &str) -> Vec<String> {
            let viewers = self.presence.viewers(ticket, Uuid::from_u128(0));
            viewers
                .iter()
                .map(|viewer| format!("{}{}", viewer.name, if viewer.is_writing { " writes" } else { "" }))
                .collect()
        }
    }

    #[test]
    fn several_pages_of_one_staff_member_count_as_one_viewer() {
        let fixture = PresenceFixture::new();
        fixture.signal("A", 1, 7, Activity::Viewing);
        fixture.signal("A", 2, 7, Activity::Writing);
        fixture.signal("A", 3, 8, Activity::Viewing);
        fixture.signal("A", 4, 0, Activity::Writing);
        assert_eq!(fixture.viewer_names("A"), ["person 7 writes", "person 8"]);
        fixture.signal("A", 2, 7, Activity::Left);
        assert_eq!(fixture.viewer_names("A"), ["person 7", "person 8"]);
        assert!(fixture.viewer_names("B").is_empty());
    }

    #[test]
    fn pages_without_signals_expire() {
        let fixture = PresenceFixture::new();
        fixture.signal("A", 1, 7, Activity::Viewing);
        fixture.clock.advance(Duration::seconds(20));
        assert_eq!(fixture.viewer_names("A"), ["person 7"]);
        fixture.clock.advance(Duration::seconds(5));
        assert!(fixture.viewer_names("A").is_empty());
        let mut changes = fixture.presence.subscribe();
        fixture.signal("B", 2, 8, Activity::Left);
        assert!(changes.has_changed().unwrap(), "expiry is a change");
        changes.mark_unchanged();
        assert!(fixture.presence.lock_tickets().is_empty());
    }

    #[test]
    fn repeated_and_invalid_signals_change_nothing() {
        let fixture = PresenceFixture::new();
        fixture.signal("A", 1, 7, Activity::Viewing);
        let changes = fixture.presence.subscribe();
        fixture.signal("A", 1, 7, Activity::Viewing);
        for payload in ["", "{}", "null", "[1]", "{\"reference\":\"A\",\"activity\":\"flying\"}"] {
            fixture.presence.apply_signal(payload);
        }
        assert!(!changes.has_changed().unwrap());
    }
}
