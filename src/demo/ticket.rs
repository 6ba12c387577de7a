//! A demo ticket: the report and its simulated history.

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

/// A demo ticket in its current state.
pub(super) struct DemoTicket {
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
    /// The answers given in the guide, as JSON.
    pub guide_answers: String,
    /// Hashes of the submission, the form and the access key. They are random, because no user has the originals.
    pub hashes: [[u8; 32]; 3],
    pub assignee: Option<Uuid>,
    pub created_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
    pub snoozed_until: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
    pub events: Vec<(OffsetDateTime, Actor, EventKind)>,
}

/// The course that a ticket takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DemoScenario {
    Normal,
    /// Still unresolved.
    Stuck,
    /// A second report of the same problem by the same customer.
    Duplicate,
    /// The form was filled in by a program.
    Bot,
    Spam,
}

/// Simulates the history of a ticket up to `now`.
pub(super) struct Lifecycle<'a> {
    pub ticket: &'a mut DemoTicket,
    pub staff: &'a [StaffMember],
    pub rng: &'a mut SmallRng,
    pub now: OffsetDateTime,
}

impl DemoTicket {
    pub(super) fn updated_at(&self) -> OffsetDateTime {
        self.events.last().map_or(self.created_at, |(at, _, _)| *at)
    }

    /// Copies the report and the customer from another ticket.
    pub(super) fn copy_report_from(&mut self, first: &DemoTicket) {
        (self.category, self.service, self.lang) = (first.category, first.service, first.lang);
        (self.failure, self.error_text) = (first.failure.clone(), first.error_text);
        (self.email, self.phone) = (first.email.clone(), first.phone.clone());
        (self.client_ip, self.user_agent) = (first.client_ip, first.user_agent);
    }

    /// Time of the first response to the customer.
    pub(super) fn first_reply_at(&self) -> Option<OffsetDateTime> {
        self.events.iter().find(|(_, _, event)| event.payload().is_response).map(|(at, _, _)| *at)
    }

    /// Each event increments the version.
    pub(super) fn version(&self) -> i32 {
        i32::try_from(self.events.len()).unwrap_or(i32::MAX)
    }
}

/// Merges the second ticket into the first. Returns `None` unless the first was assigned, unresolved and never reopened.
pub(super) fn merge_duplicate(first: &mut DemoTicket, second: &mut DemoTicket, at: OffsetDateTime) -> Option<()> {
    let staff_member = first.assignee?;
    let assigned_at = first.events.iter().find(|(_, _, event)| matches!(event, EventKind::Assigned { .. }))?.0;
    let reopened = first.events.iter().any(|(_, _, event)| matches!(event, EventKind::Reopened { .. }));
    if at < assigned_at || first.resolved_at.is_some_and(|resolved| at >= resolved) || reopened {
        return None;
    }
    let actor = Actor::Staff(staff_member);
    let index = first.events.partition_point(|(other, _, _)| *other <= at);
    first.events.insert(index, (at, actor, EventKind::DuplicatesAdded { duplicates: vec![second.reference.clone()] }));
    let main = first.reference.clone();
    second.events.push((at, actor, EventKind::MergedInto { main_reference: main.clone(), resolved: false }));
    (second.status, second.merged_into) = (TicketStatus::Duplicate, Some(first.id));
    if let Some(resolved) = first.resolved_at {
        second.events.push((resolved, actor, EventKind::ResolvedWithMain { main_reference: main }));
        (second.status, second.resolved_at) = (TicketStatus::Resolved, Some(resolved));
    }
    Some(())
}

/// 8:00 local time of the given day.
fn morning_of(day: OffsetDateTime) -> OffsetDateTime {
    let local = local_time::to_local(day);
    (day - Duration::hours(i64::from(local.hour()) - 8)).truncate_to_hour()
}

impl<'a> Lifecycle<'a> {
    /// Simulates the scenario and omits events after `now`. A duplicate is only opened here; [`merge_duplicate`] merges it.
    pub(super) fn simulate(&mut self, scenario: DemoScenario) {
        let opened = EventKind::Opened { channel: self.ticket.channel };
        let created = self.ticket.created_at;
        self.record_event(created, Actor::Customer, opened);
        let _: Option<()> = match scenario {
            DemoScenario::Normal | DemoScenario::Stuck => self.handle(scenario),
            DemoScenario::Spam => self.mark_spam(),
            DemoScenario::Duplicate => None,
            DemoScenario::Bot => {
                self.ticket.status = TicketStatus::Spam;
                Some(())
            }
        };
    }

    /// Continues a duplicate that could not be merged as a normal ticket.
    pub(super) fn simulate_normal(&mut self) {
        let _: Option<()> = self.handle(DemoScenario::Normal);
    }

    fn mark_spam(&mut self) -> Option<()> {
        let at = self.later_in_working_hours(self.ticket.created_at, 12.0, 1.0);
        let staff_member = self.random_staff_member()?;
        self.record_event(at, Actor::Staff(staff_member.id), EventKind::MarkedSpam)?;
        self.ticket.status = TicketStatus::Spam;
        Some(())
    }

    fn handle(&mut self, scenario: DemoScenario) -> Option<()> {
        let stuck = scenario == DemoScenario::Stuck;
        let created = self.ticket.created_at;
        if stuck && self.now - created < Duration::days(4) && self.rng.random_bool(0.4) {
            return None;
        }
        let mut at = self.later_in_working_hours(created, 18.0, 1.1);
        let mut staff_member = self.random_staff_member()?;
        self.assign(at, staff_member)?;
        if self.rng.random_bool(0.03) {
            at = self.later_in_working_hours(at, 40.0, 1.0);
            let event = EventKind::Unassigned { previous_assignee_name: staff_member.name.clone(), reason: None };
            self.record_event(at, Actor::Staff(staff_member.id), event)?;
            (self.ticket.assignee, self.ticket.status) = (None, TicketStatus::New);
            staff_member = self.random_staff_member()?;
            at = self.later_in_working_hours(at, 25.0, 1.0);
            self.assign(at, staff_member)?;
        }
        let actor = Actor::Staff(staff_member.id);
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

    fn assign(&mut self, at: OffsetDateTime, staff_member: &StaffMember) -> Option<()> {
        let event = EventKind::Assigned {
            assignee_id: staff_member.id,
            assignee_name: staff_member.name.clone(),
            previous_assignee_name: None,
            reason: None,
        };
        self.record_event(at, Actor::Staff(staff_member.id), event)?;
        (self.ticket.assignee, self.ticket.status) = (Some(staff_member.id), TicketStatus::Open);
        Some(())
    }

    /// Snoozes the ticket until a morning or until a staff member continues. Returns the end of the snooze.
    fn snooze(&mut self, at: OffsetDateTime, actor: Actor, stuck: bool) -> Option<OffsetDateTime> {
        let waiting_for = pick(self.rng, &[WaitingFor::Customer, WaitingFor::Carrier]);
        let days = self.rng.random_range(1..9);
        let from = if stuck { self.now } else { at };
        let until = self.rng.random_bool(0.7).then(|| morning_of(from + Duration::days(days)));
        self.record_event(
            at,
            actor,
            EventKind::Snoozed { waiting_for: Some(waiting_for), until, reason: None, auto_assigned: false },
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
                let event = EventKind::StatusChanged {
                    from: TicketStatus::Waiting,
                    to: TicketStatus::Open,
                    auto_assigned: false,
                };
                self.record_event(at, actor, event)?;
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

    /// Records an event. Returns `None` for an event after `now`.
    fn record_event(&mut self, at: OffsetDateTime, actor: Actor, event: EventKind) -> Option<()> {
        (at <= self.now).then(|| self.ticket.events.push((at, actor, event)))
    }

    /// A later time in working hours. `median` is in minutes.
    fn later_in_working_hours(&mut self, at: OffsetDateTime, median: f64, spread: f64) -> OffsetDateTime {
        let at = at + lognormal_duration(self.rng, median, spread);
        let at = at.replace_nanosecond(at.microsecond() * 1000).unwrap_or(at);
        next_working_time(at, self.rng)
    }

    fn random_staff_member(&mut self) -> Option<&'a StaffMember> {
        let staff = self.staff;
        staff.get(self.rng.random_range(0..staff.len().max(1)))
    }
}
