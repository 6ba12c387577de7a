//! One made-up ticket: what was reported, and all that has happened to it since.

use std::net::IpAddr;

use rand::{RngExt, rngs::SmallRng};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{calendar::at_work, chance::lasting, texts};
use crate::{
    staff::Person,
    tickets::{Actor, Category, Channel, Failure, Reference, Service, Status, What},
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
    pub events: Vec<(OffsetDateTime, Actor, What)>,
}

/// What becomes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Usual,
    /// Staff can't get on with it, and have not until now.
    Stuck,
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

    /// Each event makes a version.
    pub fn version(&self) -> i32 {
        i32::try_from(self.events.len()).unwrap_or(i32::MAX)
    }
}

impl<'a> Life<'a> {
    /// Lives it through; what would happen after now has not.
    pub fn live(&mut self, fate: Fate) {
        let opened = What::Opened { channel: self.ticket.channel };
        let created = self.ticket.created_at;
        self.happens(created, Actor::Customer, opened);
        let _: Option<()> = match fate {
            Fate::Usual | Fate::Stuck => self.be_handled(fate),
            Fate::Spam => self.be_found_out(),
            Fate::Robot => {
                self.ticket.status = Status::Spam;
                Some(())
            }
        };
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
            self.happens(at, Actor::Staff(person.id), What::Released { was: person.name.clone() })?;
            (self.ticket.assignee, self.ticket.status) = (None, Status::New);
            person = self.somebody()?;
            at = self.soon(at, 25.0, 1.0);
            self.be_taken(at, person)?;
        }
        let actor = Actor::Staff(person.id);
        if self.random.random_bool(0.35) {
            at = self.soon(at, 6.0, 0.8);
            let text = texts::note(self.random);
            self.happens(at, actor, What::Noted { text })?;
        }
        if self.random.random_bool(0.4) {
            at = self.soon(at, 10.0, 0.9);
            let text = texts::answer(self.random, self.ticket.lang);
            self.happens(at, actor, What::Replied { text })?;
        }
        if self.random.random_bool(if stuck { 0.5 } else { 0.12 }) {
            at = self.soon(at, 5.0, 0.8);
            self.wait(at, actor, stuck)?;
            if stuck {
                return None;
            }
            at = self.soon(at, 1200.0, 0.8);
            self.happens(at, actor, What::StatusChanged { from: Status::Waiting, to: Status::Open })?;
            self.ticket.status = Status::Open;
        }
        if stuck {
            return None;
        }
        at = self.soon(at, 60.0, 1.2);
        self.be_resolved(at, actor)?;
        if self.random.random_bool(0.03) {
            at = self.soon(at, 600.0, 1.0);
            self.happens(at, actor, What::Reopened { from: Status::Resolved })?;
            self.ticket.status = Status::Open;
            (self.ticket.waiting_since, self.ticket.resolved_at) = (at, None);
            at = self.soon(at, 60.0, 1.0);
            self.be_resolved(at, actor)?;
        }
        Some(())
    }

    fn be_taken(&mut self, at: OffsetDateTime, person: &Person) -> Option<()> {
        let what = What::Assigned { to: person.id, name: person.name.clone(), was: None };
        self.happens(at, Actor::Staff(person.id), what)?;
        (self.ticket.assignee, self.ticket.status) = (Some(person.id), Status::Open);
        Some(())
    }

    /// For the customer or a carrier, and mostly until some morning.
    fn wait(&mut self, at: OffsetDateTime, actor: Actor, stuck: bool) -> Option<()> {
        self.happens(at, actor, What::StatusChanged { from: Status::Open, to: Status::Waiting })?;
        self.ticket.status = Status::Waiting;
        if stuck && self.random.random_bool(0.7) {
            let days = self.random.random_range(1..9);
            let hour = zone::to_local(self.now).hour();
            let morning = self.now + Duration::days(days) + Duration::hours(8 - i64::from(hour));
            self.ticket.waiting_until = Some(morning.truncate_to_hour());
        }
        Some(())
    }

    fn be_resolved(&mut self, at: OffsetDateTime, actor: Actor) -> Option<()> {
        let text = self.random.random_bool(0.85).then(|| texts::ending(self.random, self.ticket.lang));
        self.happens(at, actor, What::Resolved { text })?;
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
