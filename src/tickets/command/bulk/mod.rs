//! Bulk actions: many tickets changed at once, which can be undone for some seconds.

mod store;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use store::{BulkUpdate, find_by_staff, insert_if_new, purge_expired};

pub use super::context::UNDO_WINDOW;
use super::{
    context::{BulkRole, CommandContext},
    incident::store::undo_bulk_join,
};
use crate::tickets::{
    event::{actor::Actor, kind::EventKind},
    transition::{
        duplicates::follow_main,
        plan::TransitionPlan,
        state::{TicketState, TicketTransition},
        store::{apply_transitions, lock_states},
    },
};

/// How much later than [`UNDO_WINDOW`] the request may arrive.
const UNDO_GRACE: Duration = Duration::seconds(5);

/// The result of undoing a bulk action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum UndoOutcome {
    Done,
    WindowExpired,
    /// There is no such action, or it is another staff member's.
    NotFound,
}

/// Stores what was requested and the outcome for each ticket.
pub async fn save_summary(db: &mut PgConnection, id: Uuid, summary: &impl Serialize) -> Result<(), sqlx::Error> {
    let summary = serde_json::to_value(summary).map_err(|error| sqlx::Error::Encode(error.into()))?;
    store::update_summary(db, id, summary).await
}

/// Restores the tickets of a bulk action that have not changed since. Only the staff member who did it can undo it, and
/// only once; a second time changes nothing.
pub async fn undo(
    db: &mut PgConnection,
    id: Uuid,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<UndoOutcome, sqlx::Error> {
    let Some(bulk) = store::find_for_update(db, id).await?.filter(|bulk| bulk.staff_id == staff) else {
        return Ok(UndoOutcome::NotFound);
    };
    if bulk.undone_at.is_some() {
        return Ok(UndoOutcome::Done);
    }
    if now > bulk.started_at + UNDO_WINDOW + UNDO_GRACE {
        return Ok(UndoOutcome::WindowExpired);
    }
    let previous = store::list_previous_states(db, id).await?;
    let ids: Vec<_> = previous.iter().flat_map(|row| [Some(row.ticket_id), row.merged_into]).flatten().collect();
    let mut plan = TransitionPlan::new(lock_states(db, &ids, true).await?);
    let requested: BTreeSet<_> = previous.iter().filter(|row| row.requested).map(|row| row.ticket_id).collect();
    let mut restored: BTreeMap<Uuid, TicketState> = BTreeMap::new();
    for row in previous {
        let Some(state) = plan.state(row.ticket_id).filter(|state| state.version == row.version) else { continue };
        restored.insert(row.ticket_id, row.restore_onto(state));
    }
    let restorable: Vec<_> =
        restored.values().filter(|state| can_restore(state, &restored, &plan, now)).cloned().collect();
    let undone_count = restorable.iter().filter(|state| requested.contains(&state.id)).count();
    for state in restorable {
        plan.add_derived(TicketTransition::new(state, EventKind::BulkUpdateUndone));
    }
    plan.propagate_to_duplicates(now);
    let context = CommandContext { actor: Actor::Staff(staff), now, bulk_role: BulkRole::Undo(id) };
    let changed = apply_transitions(db, &plan.transitions(), context).await?;
    store::cancel_queued_emails(db, &changed, bulk.started_at).await?;
    undo_bulk_join(db, id, &changed).await?;
    store::mark_undone(db, id, undone_count, now).await?;
    Ok(UndoOutcome::Done)
}

/// Whether a state can be restored: its main ticket must not have become a duplicate, or have changed so that the restored
/// duplicate would have to follow it.
fn can_restore(
    state: &TicketState,
    restored: &BTreeMap<Uuid, TicketState>,
    plan: &TransitionPlan,
    now: OffsetDateTime,
) -> bool {
    let Some(main) = state.merged_into else { return true };
    let main = restored.get(&main).or_else(|| plan.state(main));
    main.is_some_and(|main| main.merged_into.is_none() && follow_main(state, main, now).is_none())
}
