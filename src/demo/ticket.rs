//! One made-up ticket: what was reported, and all that has happened to it since.

use std::net::IpAddr;

use rand::{RngExt, rngs::SmallRng};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    calendar::at_work,
    chance::{lasting, one},
    texts,
};
use crate::{
    staff::Person,
    tickets::{Actor, Category, Channel, Failure, Reference, Service, Status, What, Whom},
    words::Lang,
    zone,
};

/// A ticket as it stands now.
pub struct MadeUp {
    pub id: Uuid,
    pub reference: Reference,
    pub category: Category,
    pub status: Status,
    pub channel: Channel,
    pub lang: Lang,
    pub service: Service,
    pub failure: Failure,
    pub error_text: Option<&'static str>,
    pub description: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub client_agent: &'static str,
    pub trail: Option<String>,
    /// As JSON.
    pub answers: String,
    /// Of the submission, the form and the key: nobody has those, so they are drawn by lot.
    pub hashes: [[u8; 32]; 3],
    pub assignee: Option<Uuid>,
    pub created_at: OffsetDateTime,
    pub waiting_since: OffsetDateTime,
    pub waiting_until: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
    pub events: Vec<(OffsetDateTime, Actor, What)>,
}

/// What becomes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Usual,
    /// Staff can't get on with it, and have not until now.
    Stuck,
    /// The same customer tells it twice.
    Twice,
    /// A program filled the form in.
    Robot,
    Spam,
}

/// A ticket's days, as far as they have come.
pub struct Life<'a> {
    pub ticket: &'a mut MadeUp,
    pub people: &'a [Person],
    pub random: &'a mut SmallRng,
    pub now: OffsetDateTime,
}

impl MadeUp {
    pub fn updated_at(&self) -> OffsetDateTime {
        self.events.last().map_or(self.created_at, |(at, _, _)| *at)
    }

    /// Makes it tell what another one told, by the same customer.
    pub fn tell_again(&mut self, first: &MadeUp) {
        (self.category, self.service, self.lang) = (first.category, first.service, first.lang);
        (self.failure, self.error_text) = (first.failure.clone(), first.error_text);
        (self.email, self.phone) = (first.email.clone(), first.phone.clone());
        (self.client_ip, self.client_agent) = (first.client_ip, first.client_agent);
    }

    /// When the customer first heard from staff.
    pub fn answered_at(&self) -> Option<OffsetDateTime> {
        let answers =
            |what: &What| matches!(what, What::Replied { .. } | What::Resolved { .. } | What::ResolvedWith { .. });
        self.events.iter().find(|(_, _, what)| answers(what)).map(|(at, _, _)| *at)
    }

    /// Each event makes a version.
    pub fn version(&self) -> i32 {
        i32::try_from(self.events.len()).unwrap_or(i32::MAX)
    }
}

/// Makes the second ticket a duplicate of the first, if the first was being worked on then.
pub fn merge(first: &mut MadeUp, second: &mut MadeUp, at: OffsetDateTime) -> Option<()> {
    let person = first.assignee?;
    let taken = first.events.iter().find(|(_, _, what)| matches!(what, What::Assigned { .. }))?.0;
    let reopened = first.events.iter().any(|(_, _, what)| matches!(what, What::Reopened { .. }));
    if at < taken || first.resolved_at.is_some_and(|resolved| at >= resolved) || reopened {
        return None;
    }
    let by = Actor::Staff(person);
    let place = first.events.partition_point(|(other, _, _)| *other <= at);
    first.events.insert(place, (at, by, What::Absorbed { duplicates: vec![second.reference.clone()] }));
    let main = first.reference.clone();
    second.events.push((at, by, What::MergedInto { main: main.clone(), resolved: false }));
    (second.status, second.merged_into) = (Status::Duplicate, Some(first.id));
    if let Some(resolved) = first.resolved_at {
        second.events.push((resolved, by, What::ResolvedWith { main }));
        (second.status, second.resolved_at) = (Status::Resolved, Some(resolved));
    }
    Some(())
}

/// Eight o'clock of a day.
fn morning(day: OffsetDateTime) -> OffsetDateTime {
    let local = zone::to_local(day);
    (day - Duration::hours(i64::from(local.hour()) - 8)).truncate_to_hour()
}

impl<'a> Life<'a> {
    /// Lives it through; what would happen after now has not. What becomes of a ticket that tells a thing twice is up to
    /// the other one: see [`merge`].
    pub fn live(&mut self, fate: Fate) {
        let opened = What::Opened { channel: self.ticket.channel };
        let created = self.ticket.created_at;
        self.happens(created, Actor::Customer, opened);
        let _: Option<()> = match fate {
            Fate::Usual | Fate::Stuck => self.be_handled(fate),
            Fate::Spam => self.be_found_out(),
            Fate::Twice => None,
            Fate::Robot => {
                self.ticket.status = Status::Spam;
                Some(())
            }
        };
    }

    /// A ticket that is a duplicate of nothing after all.
    pub fn go_on(&mut self) {
        let _: Option<()> = self.be_handled(Fate::Usual);
    }

    fn be_found_out(&mut self) -> Option<()> {
        let at = self.soon(self.ticket.created_at, 12.0, 1.0);
        let person = self.somebody()?;
        self.happens(at, Actor::Staff(person.id), What::MarkedSpam)?;
        self.ticket.status = Status::Spam;
        Some(())
    }

    fn be_handled(&mut self, fate: Fate) -> Option<()> {
        let stuck = fate == Fate::Stuck;
        let created = self.ticket.created_at;
        if stuck && self.now - created < Duration::days(4) && self.random.random_bool(0.4) {
            return None;
        }
        let mut at = self.soon(created, 18.0, 1.1);
        let mut person = self.somebody()?;
        self.be_taken(at, person)?;
        if self.random.random_bool(0.03) {
            at = self.soon(at, 40.0, 1.0);
            let what = What::Released { was: person.name.clone(), reason: None };
            self.happens(at, Actor::Staff(person.id), what)?;
            (self.ticket.assignee, self.ticket.status) = (None, Status::New);
            person = self.somebody()?;
            at = self.soon(at, 25.0, 1.0);
            self.be_taken(at, person)?;
        }
        let actor = Actor::Staff(person.id);
        if self.random.random_bool(0.35) {
            at = self.soon(at, 6.0, 0.8);
            let text = texts::note(self.random)?;
            self.happens(at, actor, What::Noted { text })?;
        }
        if self.random.random_bool(0.4) {
            at = self.soon(at, 10.0, 0.9);
            let text = texts::answer(self.random, self.ticket.lang)?;
            self.happens(at, actor, What::Replied { text, took: false })?;
        }
        if self.random.random_bool(if stuck { 0.5 } else { 0.12 }) {
            at = self.soon(at, 5.0, 0.8);
            at = self.wait(at, actor, stuck)?;
        }
        if stuck {
            return None;
        }
        at = self.soon(at, 60.0, 1.2);
        self.be_resolved(at, actor)?;
        if self.random.random_bool(0.03) {
            at = self.soon(at, 600.0, 1.0);
            self.happens(at, actor, What::Reopened { from: Status::Resolved, took: false })?;
            self.ticket.status = Status::Open;
            (self.ticket.waiting_since, self.ticket.resolved_at) = (at, None);
            at = self.soon(at, 60.0, 1.0);
            self.be_resolved(at, actor)?;
        }
        Some(())
    }

    fn be_taken(&mut self, at: OffsetDateTime, person: &Person) -> Option<()> {
        let what = What::Assigned { to: person.id, name: person.name.clone(), was: None, reason: None };
        self.happens(at, Actor::Staff(person.id), what)?;
        (self.ticket.assignee, self.ticket.status) = (Some(person.id), Status::Open);
        Some(())
    }

    /// Waits for the customer or a carrier, until some morning or until somebody goes on with it. Gives when that was.
    fn wait(&mut self, at: OffsetDateTime, actor: Actor, stuck: bool) -> Option<OffsetDateTime> {
        let whom = one(self.random, &[Whom::Customer, Whom::Carrier]);
        let days = self.random.random_range(1..9);
        let from = if stuck { self.now } else { at };
        let until = self.random.random_bool(0.7).then(|| morning(from + Duration::days(days)));
        self.happens(at, actor, What::Waits { whom: Some(whom), until, reason: None, took: false })?;
        (self.ticket.status, self.ticket.waiting_until) = (Status::Waiting, until);
        if stuck {
            return None;
        }
        let at = match until {
            Some(until) => {
                self.happens(until, Actor::System, What::CameBack)?;
                until
            }
            None => {
                let at = self.soon(at, 1200.0, 0.8);
                let what = What::StatusChanged { from: Status::Waiting, to: Status::Open, took: false };
                self.happens(at, actor, what)?;
                at
            }
        };
        (self.ticket.status, self.ticket.waiting_until, self.ticket.waiting_since) = (Status::Open, None, at);
        Some(at)
    }

    fn be_resolved(&mut self, at: OffsetDateTime, actor: Actor) -> Option<()> {
        let text = if self.random.random_bool(0.85) { texts::ending(self.random, self.ticket.lang) } else { None };
        self.happens(at, actor, What::Resolved { text, took: false })?;
        (self.ticket.status, self.ticket.resolved_at) = (Status::Resolved, Some(at));
        Some(())
    }

    /// Writes it down, unless it is still to come.
    fn happens(&mut self, at: OffsetDateTime, actor: Actor, what: What) -> Option<()> {
        (at <= self.now).then(|| self.ticket.events.push((at, actor, what)))
    }

    /// Some minutes later, in working hours.
    fn soon(&mut self, at: OffsetDateTime, median: f64, spread: f64) -> OffsetDateTime {
        let at = at + lasting(self.random, median, spread);
        let at = at.replace_nanosecond(at.microsecond() * 1000).unwrap_or(at);
        at_work(at, self.random)
    }

    fn somebody(&mut self) -> Option<&'a Person> {
        let people = self.people;
        people.get(self.random.random_range(0..people.len().max(1)))
    }
}
