//! What a verb makes of a ticket: the rules, without a database.
//!
//! Who works on a ticket has it: answering, waiting, resolving and opening again give a ticket that nobody has to the
//! person who does it, in the same event. A new ticket is nobody's; one that is being worked on is somebody's.
//!
//! Duplicates stand below their main ticket, one deep, and follow it: see [`follow`].

use serde::Serialize;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::staff::StaffMember;
use crate::tickets::{
    Actor, CallDetail, CustomerMessage, DetailChange, EmailKind, EventKind, NewCallExample, Note, Reply,
    TicketReference, TicketStatus, WaitingFor, call_detail::CallDetailColumns, call_example,
};

/// How long after the end a customer can say that it still fails: a trouble that comes back later is another one, and the
/// records of that call are another search.
pub const REOPEN_WINDOW: Duration = Duration::days(14);

/// What can be done to a ticket by itself. Merging takes two: see `verbs::merge`.
#[derive(Debug, Clone)]
pub enum TicketCommand {
    /// Gives the ticket to a person. Taking it from somebody else needs a reason.
    Assign {
        assignee: StaffMember,
        reason: Option<Note>,
    },
    /// Puts it back, for anybody to take.
    Unassign {
        reason: Option<Note>,
    },
    /// Goes on with it, or opens it again.
    SetOpen,
    /// Puts it back among the new ones, whatever it was.
    ReturnToNew,
    /// Waits for somebody, until a day if there is one.
    Snooze {
        waiting_for: Option<WaitingFor>,
        until: Option<OffsetDateTime>,
        reason: Option<Note>,
    },
    Resolve {
        text: Option<Reply>,
    },
    MarkSpam,
    AddNote {
        text: Note,
    },
    SendReply {
        text: Reply,
    },
    /// It is no duplicate after all.
    Separate,
    /// Asks the customer for a piece of the call, and waits for it.
    RequestDetail {
        detail: CallDetail,
        until: Option<OffsetDateTime>,
    },
    /// Takes such a question back.
    WithdrawDetailRequest {
        detail: CallDetail,
    },
    /// Puts a piece of the call in its place. A customer can only where staff have asked for it.
    ProvideDetail(Box<DetailChange>),
    /// What the customer says.
    AddCustomerMessage {
        text: CustomerMessage,
    },
    ConfirmFixed,
    ReportStillBroken {
        text: Option<CustomerMessage>,
    },
    AddCallExample(Box<NewCallExample>),
}

impl TicketCommand {
    /// Whether a ticket's duplicates may have to follow, or its main ticket has to know.
    pub(crate) fn affects_duplicates(&self) -> bool {
        match self {
            TicketCommand::SetOpen
            | TicketCommand::ReturnToNew
            | TicketCommand::Snooze { .. }
            | TicketCommand::Resolve { .. }
            | TicketCommand::MarkSpam
            | TicketCommand::Separate => true,
            TicketCommand::ProvideDetail(_)
            | TicketCommand::AddCustomerMessage { .. }
            | TicketCommand::ConfirmFixed
            | TicketCommand::ReportStillBroken { .. }
            | TicketCommand::AddCallExample(_) => true,
            TicketCommand::Assign { .. }
            | TicketCommand::Unassign { .. }
            | TicketCommand::AddNote { .. }
            | TicketCommand::SendReply { .. } => false,
            TicketCommand::RequestDetail { .. } | TicketCommand::WithdrawDetailRequest { .. } => false,
        }
    }

    /// Whether an event tells of just this, whoever did it.
    pub fn matches_event(&self, what: &EventKind) -> bool {
        match (self, what) {
            (TicketCommand::Resolve { text }, EventKind::Resolved { text: told, .. }) => text == told,
            (
                TicketCommand::Snooze { waiting_for: whom, until, reason },
                EventKind::Snoozed { waiting_for: to, until: day, reason: why, .. },
            ) => (whom, until, reason) == (to, day, why),
            // for the others it is enough how the ticket stands: see `decide`
            _ => false,
        }
    }

    /// Whether it is done whatever has happened to the ticket since it was seen: what somebody wrote is kept.
    /// What a customer says is said whatever staff do meanwhile.
    pub(crate) fn ignores_version(&self, by: Actor) -> bool {
        matches!(self, TicketCommand::AddNote { .. } | TicketCommand::SendReply { .. }) || by == Actor::Customer
    }

    /// Whether the people who work on a duplicate's main ticket must hear of it.
    pub(crate) fn notifies_main(&self, by: Actor) -> bool {
        let is_said = matches!(
            self,
            TicketCommand::ProvideDetail(_)
                | TicketCommand::AddCustomerMessage { .. }
                | TicketCommand::ConfirmFixed
                | TicketCommand::ReportStillBroken { .. }
                | TicketCommand::AddCallExample(_)
        );
        is_said && by == Actor::Customer
    }
}

/// Where a ticket stands: what verbs look at, and what they change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketState {
    pub id: Uuid,
    #[serde(skip)]
    pub reference: TicketReference,
    /// Before the change.
    pub version: i32,
    pub status: TicketStatus,
    pub assignee: Option<Uuid>,
    #[serde(skip)]
    pub assignee_name: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub awaiting_staff_since: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub snoozed_until: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
    /// The reference of the ticket that it is merged into.
    #[serde(skip)]
    pub main_reference: Option<TicketReference>,
    /// Whether others are merged into it.
    #[serde(skip)]
    pub has_duplicates: bool,
    pub requested_details: Vec<CallDetail>,
}

impl TicketState {
    /// The name of who has it.
    fn assignee_name_or_empty(&self) -> String {
        self.assignee_name.clone().unwrap_or_default()
    }
}

/// A change of one ticket: where it stands afterwards, and the event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct TicketTransition {
    #[serde(flatten)]
    pub after: TicketState,
    pub event: EventKind,
    /// The form that a text was written in: sent twice, it counts once.
    pub submission_id: Option<Uuid>,
    /// Whether somebody wanted it, or it followed from what they wanted.
    pub requested: bool,
    /// A piece of the call that comes in its place,
    #[serde(flatten)]
    pub call_detail: Option<CallDetailColumns>,
    /// or another call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_example: Option<call_example::CallExampleColumns>,
    /// The letter that tells of it.
    pub email_kind: Option<EmailKind>,
}

/// What a verb comes to on one ticket.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TransitionDecision {
    Apply(Box<TicketTransition>),
    /// It is so already.
    NoChange,
    /// Somebody else has it, and nobody said why to take it away.
    AssignedToOther,
    /// A duplicate ends with its main ticket, or is separated first.
    IsDuplicate,
    /// It is over, and too long ago to be opened again by its customer, or for anybody to be asked.
    Closed,
}

/// What `verb` makes of a ticket.
pub(crate) fn decide(verb: &TicketCommand, at: &TicketState, by: Actor, now: OffsetDateTime) -> TransitionDecision {
    let merged = at.merged_into.is_some();
    // who works on a ticket that nobody has, has it
    let took = at.assignee.is_none() && by.staff_id().is_some();
    let worked_on = TicketState { assignee: at.assignee.or(by.staff_id()), ..at.clone() };
    match verb {
        TicketCommand::Assign { assignee: to, .. } if at.assignee == Some(to.id) => TransitionDecision::NoChange,
        TicketCommand::Assign { reason: None, .. } if at.assignee.is_some() && at.assignee != by.staff_id() => {
            TransitionDecision::AssignedToOther
        }
        TicketCommand::Assign { assignee: to, reason } => {
            let status = if at.status == TicketStatus::New { TicketStatus::Open } else { at.status };
            let (to, name, was) = (to.id, to.name.clone(), at.assignee_name.clone());
            let after = TicketState { status, assignee: Some(to), ..at.clone() };
            transition_to(
                after,
                EventKind::Assigned {
                    assignee_id: to,
                    assignee_name: name,
                    previous_assignee_name: was,
                    reason: reason.clone(),
                },
            )
        }
        TicketCommand::Unassign { .. } if at.assignee.is_none() => TransitionDecision::NoChange,
        TicketCommand::Unassign { reason } => {
            let status = if at.status == TicketStatus::Open { TicketStatus::New } else { at.status };
            let after = TicketState { status, assignee: None, ..at.clone() };
            transition_to(
                after,
                EventKind::Unassigned { previous_assignee_name: at.assignee_name_or_empty(), reason: reason.clone() },
            )
        }
        // it leaves its main ticket as it was, as somebody's work, or for anybody to take
        TicketCommand::Separate => separate(at, at.assignee, now),
        TicketCommand::SetOpen if merged => separate(at, worked_on.assignee, now),
        TicketCommand::ReturnToNew if merged => separate(at, None, now),
        TicketCommand::SetOpen => {
            let after = back_in_queue(TicketState { status: active_status(worked_on.assignee), ..worked_on }, at, now);
            match (at.status, after.status) {
                (from, to) if from == to => TransitionDecision::NoChange,
                (from @ (TicketStatus::Resolved | TicketStatus::Spam | TicketStatus::Duplicate), _) => {
                    transition_to(after, EventKind::Reopened { from, auto_assigned: took })
                }
                (from @ (TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting), to) => {
                    transition_to(after, EventKind::StatusChanged { from, to, auto_assigned: took })
                }
            }
        }
        TicketCommand::ReturnToNew => {
            let after = back_in_queue(TicketState { status: TicketStatus::New, assignee: None, ..at.clone() }, at, now);
            let to = TicketStatus::New;
            match at.status {
                TicketStatus::New => TransitionDecision::NoChange,
                TicketStatus::Open | TicketStatus::Waiting if at.assignee.is_some() => transition_to(
                    after,
                    EventKind::Unassigned { previous_assignee_name: at.assignee_name_or_empty(), reason: None },
                ),
                from @ (TicketStatus::Open | TicketStatus::Waiting) => {
                    transition_to(after, EventKind::StatusChanged { from, to, auto_assigned: false })
                }
                from @ (TicketStatus::Resolved | TicketStatus::Spam | TicketStatus::Duplicate) => {
                    transition_to(after, EventKind::Reopened { from, auto_assigned: false })
                }
            }
        }
        TicketCommand::Snooze { .. } | TicketCommand::MarkSpam if merged => TransitionDecision::IsDuplicate,
        TicketCommand::Snooze { waiting_for: None, until, reason: None }
            if at.status == TicketStatus::Waiting && at.snoozed_until == *until =>
        {
            TransitionDecision::NoChange
        }
        TicketCommand::Snooze { waiting_for: whom, until, reason } => {
            let what =
                EventKind::Snoozed { waiting_for: *whom, until: *until, reason: reason.clone(), auto_assigned: took };
            let after = back_in_queue(worked_on, at, now);
            transition_to(TicketState { status: TicketStatus::Waiting, snoozed_until: *until, ..after }, what)
        }
        TicketCommand::Resolve { text: None } if at.status == TicketStatus::Resolved => TransitionDecision::NoChange,
        TicketCommand::Resolve { .. } if merged => TransitionDecision::IsDuplicate,
        TicketCommand::Resolve { text } => {
            let resolved_at = at.resolved_at.or(Some(now));
            let after = TicketState { status: TicketStatus::Resolved, resolved_at, snoozed_until: None, ..worked_on };
            transition_to(after, EventKind::Resolved { text: text.clone(), auto_assigned: took })
        }
        TicketCommand::MarkSpam if at.status == TicketStatus::Spam => TransitionDecision::NoChange,
        TicketCommand::MarkSpam => {
            let after =
                TicketState { status: TicketStatus::Spam, resolved_at: None, snoozed_until: None, ..at.clone() };
            transition_to(after, EventKind::MarkedSpam)
        }
        TicketCommand::AddNote { text } => transition_to(at.clone(), EventKind::NoteAdded { text: text.clone() }),
        TicketCommand::SendReply { text } => {
            let status = if at.status == TicketStatus::New { active_status(worked_on.assignee) } else { at.status };
            transition_to(
                TicketState { status, ..worked_on },
                EventKind::Replied { text: text.clone(), auto_assigned: took },
            )
        }
        TicketCommand::RequestDetail { .. } if matches!(at.status, TicketStatus::Resolved | TicketStatus::Spam) => {
            TransitionDecision::Closed
        }
        TicketCommand::RequestDetail { detail: piece, .. } if at.requested_details.contains(piece) => {
            TransitionDecision::NoChange
        }
        TicketCommand::RequestDetail { detail: piece, until } => {
            let what = EventKind::DetailRequested {
                detail: *piece,
                until: (!merged).then_some(*until).flatten(),
                auto_assigned: took,
            };
            // a duplicate waits for nobody: it stands where its main ticket does
            let after = match merged {
                true => worked_on,
                false => TicketState { status: TicketStatus::Waiting, snoozed_until: *until, ..worked_on },
            };
            let asked = at.requested_details.iter().chain([piece]).copied().collect();
            transition_to(TicketState { requested_details: asked, ..after }, what)
        }
        TicketCommand::WithdrawDetailRequest { detail: piece } if !at.requested_details.contains(piece) => {
            TransitionDecision::NoChange
        }
        TicketCommand::WithdrawDetailRequest { detail: piece } => {
            let asked: Vec<_> = at.requested_details.iter().filter(|one| *one != piece).copied().collect();
            let status = match at.status {
                TicketStatus::Waiting if asked.is_empty() => active_status(worked_on.assignee),
                TicketStatus::New => active_status(worked_on.assignee),
                status => status,
            };
            // a mistake costs its customer no place in the queue: the ticket waits since when it did before
            let snoozed_until = at.snoozed_until.filter(|_| status == TicketStatus::Waiting);
            transition_to(
                TicketState { status, requested_details: asked, snoozed_until, ..worked_on },
                EventKind::DetailRequestWithdrawn { detail: *piece, auto_assigned: took },
            )
        }
        TicketCommand::ProvideDetail(fill) => super::customer::provide_detail(fill, at, by, now),
        TicketCommand::AddCustomerMessage { text } => super::customer::add_message(at, now, |back| {
            EventKind::CustomerWrote { text: text.clone(), reopening: back }
        }),
        TicketCommand::ConfirmFixed => super::customer::confirm_fixed(at, now),
        TicketCommand::ReportStillBroken { text } => super::customer::add_message(at, now, |back| {
            EventKind::CustomerStillBroken { text: text.clone(), reopening: back }
        }),
        TicketCommand::AddCallExample(example) => super::customer::add_call_example(example, at, now),
    }
}

/// A ticket on which staff have something to do from now on, if they had not before.
pub(super) fn back_in_queue(after: TicketState, before: &TicketState, now: OffsetDateTime) -> TicketState {
    let waits_for_staff = matches!(before.status, TicketStatus::New | TicketStatus::Open);
    let awaiting_staff_since = if waits_for_staff { before.awaiting_staff_since } else { now };
    TicketState { awaiting_staff_since, snoozed_until: None, resolved_at: None, ..after }
}

/// A ticket of its own again.
fn separate(at: &TicketState, assignee: Option<Uuid>, now: OffsetDateTime) -> TransitionDecision {
    let Some(main) = at.main_reference.clone() else { return TransitionDecision::NoChange };
    let status = active_status(assignee);
    // a customer has waited all the time, unless it was over
    let awaiting_staff_since = if at.status == TicketStatus::Resolved { now } else { at.awaiting_staff_since };
    let after = TicketState {
        status,
        assignee,
        merged_into: None,
        main_reference: None,
        resolved_at: None,
        awaiting_staff_since,
        ..at.clone()
    };
    let what = EventKind::Separated {
        main_reference: main,
        auto_assigned: at.assignee.is_none() && assignee.is_some(),
        main_is_spam: false,
    };
    // whom we wrote that it is over is told that it is not
    let letter = (at.status == TicketStatus::Resolved).then_some(EmailKind::Reopened);
    TransitionDecision::Apply(Box::new(TicketTransition { email_kind: letter, ..new_transition(after, what) }))
}

/// What staff have to do something on is somebody's, or for anybody to take.
pub(super) const fn active_status(assignee: Option<Uuid>) -> TicketStatus {
    if assignee.is_some() { TicketStatus::Open } else { TicketStatus::New }
}

/// A ticket that waited for a day which has come.
pub(crate) fn end_snooze(at: &TicketState, now: OffsetDateTime) -> TicketTransition {
    let status = active_status(at.assignee);
    new_transition(
        TicketState { status, awaiting_staff_since: now, snoozed_until: None, ..at.clone() },
        EventKind::SnoozeEnded,
    )
}

/// A ticket that becomes a duplicate. What is over for the main ticket is over for it.
pub(crate) fn merge_into(at: &TicketState, main: &TicketState, now: OffsetDateTime) -> TicketTransition {
    let resolved = main.status == TicketStatus::Resolved;
    let after = TicketState {
        status: if resolved { TicketStatus::Resolved } else { TicketStatus::Duplicate },
        merged_into: Some(main.id),
        snoozed_until: None,
        resolved_at: resolved.then_some(at.resolved_at.unwrap_or(now)),
        ..at.clone()
    };
    new_transition(after, EventKind::MergedInto { main_reference: main.reference.clone(), resolved })
}

/// What becomes of a duplicate when its main ticket has come to `main`: resolved together, opened again together. Of
/// spam nothing is a duplicate: its customer would wait for what nobody looks at.
pub(crate) fn follow_main(at: &TicketState, main: &TicketState, now: OffsetDateTime) -> Option<TicketTransition> {
    let reference = main.reference.clone();
    match (main.status, at.status) {
        (TicketStatus::Resolved, TicketStatus::Duplicate) => {
            let after = TicketState { status: TicketStatus::Resolved, resolved_at: Some(now), ..at.clone() };
            Some(new_transition(after, EventKind::ResolvedWithMain { main_reference: reference }))
        }
        (TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting, TicketStatus::Resolved) => {
            let after = TicketState { status: TicketStatus::Duplicate, resolved_at: None, ..at.clone() };
            Some(new_transition(after, EventKind::ReopenedWithMain { main_reference: reference }))
        }
        (TicketStatus::Spam, TicketStatus::Duplicate) => {
            let after = TicketState {
                status: active_status(at.assignee),
                merged_into: None,
                main_reference: None,
                ..at.clone()
            };
            Some(new_transition(
                after,
                EventKind::Separated { main_reference: reference, auto_assigned: false, main_is_spam: true },
            ))
        }
        _ => None,
    }
}

pub(super) fn transition_to(to: TicketState, what: EventKind) -> TransitionDecision {
    TransitionDecision::Apply(Box::new(new_transition(to, what)))
}

pub(crate) fn new_transition(to: TicketState, what: EventKind) -> TicketTransition {
    let letter = what.email_kind();
    TicketTransition {
        after: to,
        event: what,
        submission_id: None,
        requested: false,
        email_kind: letter,
        call_detail: None,
        call_example: None,
    }
}

/// The main ticket hears of what the customer of a duplicate did.
pub(crate) fn notify_main(main: &TicketState, duplicate: &TicketReference) -> TicketTransition {
    new_transition(main.clone(), EventKind::DuplicateActivity { duplicate: duplicate.clone() })
}

#[cfg(test)]
mod tests;
