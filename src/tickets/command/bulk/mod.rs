//! Many tickets changed at once, which can be taken back for a moment.

mod store;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    incident,
    update::{BulkRole, CommandContext},
};
use crate::tickets::{
    Actor, EventKind,
    transition::{
        decide::{TicketState, follow_main, new_transition},
        plan::TransitionPlan,
    },
};
pub use store::{BulkUpdate, find_by_staff, insert_if_new, purge_expired};

/// How long staff are offered to take it back,
pub const UNDO_WINDOW: Duration = Duration::seconds(15);
/// and how much later the network may bring their wish.
const UNDO_GRACE: Duration = Duration::seconds(5);

/// What came of the wish to take a change of many tickets back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum UndoOutcome {
    Done,
    /// Too much time has passed.
    WindowExpired,
    /// There is no such change, or it is somebody else's.
    NotFound,
}

/// Writes down what came of it.
///
/// # Errors
/// When the database is away.
pub async fn save_summary(db: &mut PgConnection, id: Uuid, told: &impl Serialize) -> Result<(), sqlx::Error> {
    let told = serde_json::to_value(told).map_err(|error| sqlx::Error::Encode(error.into()))?;
    store::update_summary(db, id, told).await
}

/// Puts tickets back where they stood before `id`, those that nobody has touched since. Only who did it can, and once; a
/// second time changes nothing.
///
/// # Errors
/// When the database is away; then nothing has changed.
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
    let before = store::list_previous_states(db, id).await?;
    let ids: Vec<_> = before.iter().flat_map(|row| [Some(row.ticket_id), row.merged_into]).flatten().collect();
    let mut plan = TransitionPlan::new(crate::tickets::transition::store::lock_states(db, &ids, true).await?);
    let wanted: BTreeSet<_> = before.iter().filter(|row| row.requested).map(|row| row.ticket_id).collect();
    let mut back: BTreeMap<Uuid, TicketState> = BTreeMap::new();
    for row in before {
        let Some(at) = plan.state(row.ticket_id).filter(|at| at.version == row.version) else { continue };
        back.insert(row.ticket_id, row.restore_onto(at));
    }
    let fitting: Vec<_> = back.values().filter(|at| can_restore(at, &back, &plan, now)).cloned().collect();
    let count = fitting.iter().filter(|at| wanted.contains(&at.id)).count();
    for at in fitting {
        plan.add_derived(new_transition(at, EventKind::BulkUpdateUndone));
    }
    plan.propagate_to_duplicates(now);
    let by = CommandContext { actor: Actor::Staff(staff), now, bulk_role: BulkRole::Undo(id) };
    let safe_return_url = crate::tickets::transition::store::apply_transitions(db, &plan.transitions(), by).await?;
    store::cancel_queued_emails(db, &safe_return_url, bulk.started_at).await?;
    incident::undo_bulk_join(db, id, &safe_return_url).await?;
    store::mark_undone(db, id, count, now).await?;
    Ok(UndoOutcome::Done)
}

/// Whether a ticket can be put back: what it was merged into must still be no duplicate, and not have come to an end
/// that it would have to follow.
fn can_restore(
    at: &TicketState,
    back: &BTreeMap<Uuid, TicketState>,
    plan: &TransitionPlan,
    now: OffsetDateTime,
) -> bool {
    let Some(main) = at.merged_into else { return true };
    let main = back.get(&main).or_else(|| plan.state(main));
    main.is_some_and(|main| main.merged_into.is_none() && follow_main(at, main, now).is_none())
}
