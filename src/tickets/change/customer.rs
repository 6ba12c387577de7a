//! What a customer's words make of a ticket. It comes back to staff when it waited, and when it was over; spam stays where
//! it is, and so does a duplicate, which stands where its main ticket does.

use time::OffsetDateTime;

use super::{Decision, FAILS_FOR, Standing, Step, at_work, step};
use crate::tickets::{Actor, Fill, NewExample, Status, What, event::Back, example, piece::Columns};

/// A piece of the call. Staff who put it in have the ticket, as with everything that they do to it.
pub(super) fn fill(fill: &Fill, at: &Standing, by: Actor, now: OffsetDateTime) -> Decision {
    let asked = at.asked.iter().filter(|piece| **piece != fill.piece).copied().collect();
    let (after, took) = match by.staff() {
        Some(staff) => {
            let assignee = at.assignee.or(Some(staff));
            let status = if at.status == Status::New { Status::Open } else { at.status };
            (Standing { status, assignee, ..at.clone() }, at.assignee.is_none())
        }
        None if at.status == Status::Resolved || !at.asked.contains(&fill.piece) => return Decision::Already,
        None => (with_staff(at, now), false),
    };
    let what = What::Filled { piece: fill.piece, was: fill.was.clone(), now: fill.now.clone(), took };
    let step = step(Standing { asked, ..after }, what);
    Decision::Change(Box::new(Step { fill: Some(Columns::of(fill)), ..step }))
}

/// Words, or that it still fails.
pub(super) fn says(at: &Standing, now: OffsetDateTime, what: impl FnOnce(Back) -> What) -> Decision {
    match heard(at, now) {
        Some((after, back)) => Decision::Change(Box::new(step(after, what(back)))),
        None => Decision::Closed,
    }
}

pub(super) fn example(example: &NewExample, at: &Standing, now: OffsetDateTime) -> Decision {
    let Some((after, back)) = heard(at, now) else { return Decision::Closed };
    let columns = example::Columns::of(example);
    let step = step(after, What::Example { example: columns.id, back });
    Decision::Change(Box::new(Step { example: Some(columns), ..step }))
}

/// It works for this customer: whether for others, too, only they and staff can say.
pub(super) fn works(at: &Standing, now: OffsetDateTime) -> Decision {
    let (after, resolved) = match at.status {
        Status::Resolved => return Decision::Already,
        Status::Spam | Status::Duplicate => (at.clone(), false),
        Status::New | Status::Open | Status::Waiting if at.has_duplicates => (with_staff(at, now), false),
        Status::New | Status::Open | Status::Waiting => {
            let after = Standing { resolved_at: Some(now), waiting_until: None, ..at.clone() };
            (Standing { status: Status::Resolved, ..after }, true)
        }
    };
    Decision::Change(Box::new(step(after, What::Works { resolved })))
}

/// Where the ticket stands once staff have heard its customer; nothing when it is over for good.
fn heard(at: &Standing, now: OffsetDateTime) -> Option<(Standing, Back)> {
    if at.status != Status::Resolved {
        return Some((with_staff(at, now), Back::default()));
    }
    if at.resolved_at.is_some_and(|resolved| now > resolved + FAILS_FOR) {
        return None;
    }
    // a duplicate whose main ticket is over was another trouble after all
    let back = Back { reopened: true, left: at.main.clone() };
    Some((with_staff(&Standing { merged_into: None, main: None, ..at.clone() }, now), back))
}

/// The ticket is with staff: who has it, or anybody.
fn with_staff(at: &Standing, now: OffsetDateTime) -> Standing {
    match at.status {
        Status::New | Status::Open | Status::Spam | Status::Duplicate => at.clone(),
        Status::Waiting | Status::Resolved => {
            let status = if at.assignee.is_some() { Status::Open } else { Status::New };
            at_work(Standing { status, ..at.clone() }, at, now)
        }
    }
}
