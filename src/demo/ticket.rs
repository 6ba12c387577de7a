//! One made-up ticket: what was reported, and all that has happened to it since.

use std::net::IpAddr;

use rand::{RngExt, rngs::SmallRng};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    calendar::next_working_time,
    distributions::{lognormal_duration, pick},
    texts,
};
use crate::{
    i18n::Lang,
    local_time,
    staff::StaffMember,
    tickets::{
        Actor, EventKind, ReportedFailure, Service, TicketCategory, TicketChannel, TicketReference, TicketStatus,
        WaitingFor,
    },
};

/// A ticket as it stands now.
pub struct DemoTicket {
    pub id: Uuid,
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub status: TicketStatus,
    pub channel: TicketChannel,
    pub lang: Lang,
    pub service: Service,
    pub failure: ReportedFailure,
    pub error_text: Option<&'static str>,
    pub description: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub user_agent: &'static str,
    pub guide_path: Option<String>,
    /// As JSON.
    pub guide_answers: String,
    /// Of the submission, the form and the key: nobody has those, so they are drawn by lot.
    pub hashes: [[u8; 32]; 3],
    pub assignee: Option<Uuid>,
    pub created_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
    pub snoozed_until: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
    pub events: Vec<(OffsetDateTime, Actor, EventKind)>,
}

/// What becomes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum DemoScenario {
    Normal,
    /// Staff can't get on with it, and have not until now.
    Stuck,
    /// The same customer tells it twice.
    Duplicate,
    /// A program filled the form in.
    Bot,
    Spam,
}

/// A ticket's days, as far as they have come.
pub struct Lifecycle<'a> {
    pub ticket: &'a mut DemoTicket,
    pub staff: &'a [StaffMember],
    pub rng: &'a mut SmallRng,
    pub now: OffsetDateTime,
}

impl DemoTicket {
    pub fn updated_at(&self) -> OffsetDateTime {
        self.events.last().map_or(self.created_at, |(at, _, _)| *at)
    }

    /// Makes it tell what another one told, by the same customer.
    pub fn copy_report_from(&mut self, first: &DemoTicket) {
        (self.category, self.service, self.lang) = (first.category, first.service, first.lang);
        (self.failure, self.error_text) = (first.failure.clone(), first.error_text);
        (self.email, self.phone) = (first.email.clone(), first.phone.clone());
        (self.client_ip, self.user_agent) = (first.client_ip, first.user_agent);
    }

    /// When the customer first heard from staff.
    pub fn first_reply_at(&self) -> Option<OffsetDateTime> {
        self.events.iter().find(|(_, _, event)| event.payload().is_response).map(|(at, _, _)| *at)
    }

    /// Each event makes a version.
    pub fn version(&self) -> i32 {
        i32::try_from(self.events.len()).unwrap_or(i32::MAX)
    }
}

/// Makes the second ticket a duplicate of the first, if the first was being worked on then.
pub fn merge_duplicate(first: &mut DemoTicket, second: &mut DemoTicket, at: OffsetDateTime) -> Option<()> {
    let person = first.assignee?;
    let taken = first.events.iter().find(|(_, _, what)| matches!(what, EventKind::Assigned { .. }))?.0;
    let reopened = first.events.iter().any(|(_, _, what)| matches!(what, EventKind::Reopened { .. }));
    if at < taken || first.resolved_at.is_some_and(|resolved| at >= resolved) || reopened {
        return None;
    }
    let by = Actor::Staff(person);
    let place = first.events.partition_point(|(other, _, _)| *other <= at);
    first.events.insert(place, (at, by, EventKind::DuplicatesAdded { duplicates: vec![second.reference.clone()] }));
    let main = first.reference.clone();
    second.events.push((at, by, EventKind::MergedInto { main_reference: main.clone(), resolved: false }));
    (second.status, second.merged_into) = (TicketStatus::Duplicate, Some(first.id));
    if let Some(resolved) = first.resolved_at {
        second.events.push((resolved, by, EventKind::ResolvedWithMain { main_reference: main }));
        (second.status, second.resolved_at) = (TicketStatus::Resolved, Some(resolved));
    }
    Some(())
}

/// Eight o'clock of a day.
fn morning_of(day: OffsetDateTime) -> OffsetDateTime {
    let local = local_time::to_local(day);
    (day - Duration::hours(i64::from(local.hour()) - 8)).truncate_to_hour()
}

impl<'a> Lifecycle<'a> {
    /// Lives it through; what would happen after now has not. What becomes of a ticket that tells a thing twice is up to
    /// the other one: see [`merge`].
    pub fn simulate(&mut self, fate: DemoScenario) {
        let opened = EventKind::Opened { channel: self.ticket.channel };
        let created = self.ticket.created_at;
        self.record_event(created, Actor::Customer, opened);
        let _: Option<()> = match fate {
            DemoScenario::Normal | DemoScenario::Stuck => self.handle(fate),
            DemoScenario::Spam => self.mark_spam(),
            DemoScenario::Duplicate => None,
            DemoScenario::Bot => {
                self.ticket.status = TicketStatus::Spam;
                Some(())
            }
        };
    }

    /// A ticket that is a duplicate of nothing after all.
    pub fn simulate_normal(&mut self) {
        let _: Option<()> = self.handle(DemoScenario::Normal);
    }

    fn mark_spam(&mut self) -> Option<()> {
        let at = self.later_in_working_hours(self.ticket.created_at, 12.0, 1.0);
        let person = self.random_staff_member()?;
        self.record_event(at, Actor::Staff(person.id), EventKind::MarkedSpam)?;
        self.ticket.status = TicketStatus::Spam;
        Some(())
    }

    fn handle(&mut self, fate: DemoScenario) -> Option<()> {
        let stuck = fate == DemoScenario::Stuck;
        let created = self.ticket.created_at;
        if stuck && self.now - created < Duration::days(4) && self.rng.random_bool(0.4) {
            return None;
        }
        let mut at = self.later_in_working_hours(created, 18.0, 1.1);
        let mut person = self.random_staff_member()?;
        self.assign(at, person)?;
        if self.rng.random_bool(0.03) {
            at = self.later_in_working_hours(at, 40.0, 1.0);
            let what = EventKind::Unassigned { previous_assignee_name: person.name.clone(), reason: None };
            self.record_event(at, Actor::Staff(person.id), what)?;
            (self.ticket.assignee, self.ticket.status) = (None, TicketStatus::New);
            person = self.random_staff_member()?;
            at = self.later_in_working_hours(at, 25.0, 1.0);
            self.assign(at, person)?;
        }
        let actor = Actor::Staff(person.id);
        if self.rng.random_bool(0.35) {
            at = self.later_in_working_hours(at, 6.0, 0.8);
            let text = texts::random_note(self.rng)?;
            self.record_event(at, actor, EventKind::NoteAdded { text })?;
        }
        if self.rng.random_bool(0.4) {
            at = self.later_in_working_hours(at, 10.0, 0.9);
            let text = texts::random_reply(self.rng, self.ticket.lang)?;
            self.record_event(at, actor, EventKind::Replied { text, auto_assigned: false })?;
        }
        if self.rng.random_bool(if stuck { 0.5 } else { 0.12 }) {
            at = self.later_in_working_hours(at, 5.0, 0.8);
            at = self.snooze(at, actor, stuck)?;
        }
        if stuck {
            return None;
        }
        at = self.later_in_working_hours(at, 60.0, 1.2);
        self.resolve(at, actor)?;
        if self.rng.random_bool(0.03) {
            at = self.later_in_working_hours(at, 600.0, 1.0);
            self.record_event(at, actor, EventKind::Reopened { from: TicketStatus::Resolved, auto_assigned: false })?;
            self.ticket.status = TicketStatus::Open;
            (self.ticket.awaiting_staff_since, self.ticket.resolved_at) = (at, None);
            at = self.later_in_working_hours(at, 60.0, 1.0);
            self.resolve(at, actor)?;
        }
        Some(())
    }

    fn assign(&mut self, at: OffsetDateTime, person: &StaffMember) -> Option<()> {
        let what = EventKind::Assigned {
            assignee_id: person.id,
            assignee_name: person.name.clone(),
            previous_assignee_name: None,
            reason: None,
        };
        self.record_event(at, Actor::Staff(person.id), what)?;
        (self.ticket.assignee, self.ticket.status) = (Some(person.id), TicketStatus::Open);
        Some(())
    }

    /// Waits for the customer or a carrier, until some morning or until somebody goes on with it. Gives when that was.
    fn snooze(&mut self, at: OffsetDateTime, actor: Actor, stuck: bool) -> Option<OffsetDateTime> {
        let whom = pick(self.rng, &[WaitingFor::Customer, WaitingFor::Carrier]);
        let days = self.rng.random_range(1..9);
        let from = if stuck { self.now } else { at };
        let until = self.rng.random_bool(0.7).then(|| morning_of(from + Duration::days(days)));
        self.record_event(
            at,
            actor,
            EventKind::Snoozed { waiting_for: Some(whom), until, reason: None, auto_assigned: false },
        )?;
        (self.ticket.status, self.ticket.snoozed_until) = (TicketStatus::Waiting, until);
        if stuck {
            return None;
        }
        let at = match until {
            Some(until) => {
                self.record_event(until, Actor::System, EventKind::SnoozeEnded)?;
                until
            }
            None => {
                let at = self.later_in_working_hours(at, 1200.0, 0.8);
                let what = EventKind::StatusChanged {
                    from: TicketStatus::Waiting,
                    to: TicketStatus::Open,
                    auto_assigned: false,
                };
                self.record_event(at, actor, what)?;
                at
            }
        };
        (self.ticket.status, self.ticket.snoozed_until, self.ticket.awaiting_staff_since) =
            (TicketStatus::Open, None, at);
        Some(at)
    }

    fn resolve(&mut self, at: OffsetDateTime, actor: Actor) -> Option<()> {
        let text =
            if self.rng.random_bool(0.85) { texts::random_resolution_reply(self.rng, self.ticket.lang) } else { None };
        self.record_event(at, actor, EventKind::Resolved { text, auto_assigned: false })?;
        (self.ticket.status, self.ticket.resolved_at) = (TicketStatus::Resolved, Some(at));
        Some(())
    }

    /// Writes it down, unless it is still to come.
    fn record_event(&mut self, at: OffsetDateTime, actor: Actor, what: EventKind) -> Option<()> {
        (at <= self.now).then(|| self.ticket.events.push((at, actor, what)))
    }

    /// Some minutes later, in working hours.
    fn later_in_working_hours(&mut self, at: OffsetDateTime, median: f64, spread: f64) -> OffsetDateTime {
        let at = at + lognormal_duration(self.rng, median, spread);
        let at = at.replace_nanosecond(at.microsecond() * 1000).unwrap_or(at);
        next_working_time(at, self.rng)
    }

    fn random_staff_member(&mut self) -> Option<&'a StaffMember> {
        let people = self.staff;
        people.get(self.rng.random_range(0..people.len().max(1)))
    }
}
