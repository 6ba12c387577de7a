//! Replies to the customer.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    context::{CommandContext, ExpectedVersion},
    update::{apply_plan, lock_and_decide},
};
use crate::tickets::{
    event::{actor::Actor, history::TicketEvent},
    store::{list_events, submission_exists},
    text::Reply,
    transition::{command::TicketCommand, plan::TransitionPlan},
};

/// The result of sending a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum ReplyOutcome {
    /// Sent now, or by the same form before.
    Sent,
    /// Not sent: since the expected version another staff member has replied, or the customer has written.
    AnsweredMeanwhile,
}

/// Sends a reply, unless its author has not seen the latest messages: the customer would get two replies, or one that does
/// not fit. This is decided while the ticket is locked. An expected version of 0 stands for an unknown one.
pub async fn send_reply_unless_answered(
    db: &mut PgConnection,
    expected: ExpectedVersion,
    text: Reply,
    form_id: Uuid,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<ReplyOutcome, sqlx::Error> {
    let context = CommandContext::new(Actor::Staff(staff), now);
    let command = TicketCommand::SendReply { text };
    let (plan, _) = lock_and_decide(db, &[expected], &command, Some(form_id), context).await?;
    if is_answered(db, &plan, expected, staff).await? {
        return Ok(ReplyOutcome::AnsweredMeanwhile);
    }
    apply_plan(db, plan, context).await?;
    Ok(ReplyOutcome::Sent)
}

async fn is_answered(
    db: &mut PgConnection,
    plan: &TransitionPlan,
    expected: ExpectedVersion,
    staff: Uuid,
) -> Result<bool, sqlx::Error> {
    if plan.state(expected.id).is_none_or(|state| state.version <= expected.version) {
        return Ok(false);
    }
    let events = list_events(db, expected.id).await?;
    let is_new_message = |event: &TicketEvent| {
        let payload = event.kind.payload();
        let is_message =
            payload.reply.is_some() || payload.customer_message.is_some() || payload.resubmitted_fields.is_some();
        is_message && !event.undone && event.staff_id != Some(staff)
    };
    // each change increments the version and records one event, so the events are counted like versions
    let first_unseen = usize::try_from(expected.version).unwrap_or(0);
    let is_counted = plan.state(expected.id).is_some_and(|state| usize::try_from(state.version) == Ok(events.len()));
    if !is_counted || first_unseen == 0 || !events.iter().skip(first_unseen).any(is_new_message) {
        return Ok(false);
    }
    // the same form again: its reply has been sent already
    match plan.transition(expected.id).and_then(|transition| transition.submission_id) {
        Some(submission_id) => Ok(!submission_exists(db, submission_id).await?),
        None => Ok(true),
    }
}
