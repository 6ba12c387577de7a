//! Many tickets changed at once, which can be taken back for a moment.

mod store;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use self::store::{Bulk, begin, forget_old, read};
use super::{
    Actor, What,
    change::{self, Standing, follow, step},
    incident,
    plan::Plan,
    verbs::{By, Part},
};

/// How long staff are offered to take it back,
pub const UNDO: Duration = Duration::seconds(15);
/// and how much later the network may bring their wish.
const GRACE: Duration = Duration::seconds(5);

/// What came of the wish to take a change of many tickets back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Undone {
    Done,
    /// Too much time has passed.
    Late,
    /// There is no such change, or it is somebody else's.
    Gone,
}

/// Writes down what came of it.
///
/// # Errors
/// When the database is away.
pub async fn tell(db: &mut PgConnection, id: Uuid, told: &impl Serialize) -> Result<(), sqlx::Error> {
    let told = serde_json::to_value(told).map_err(|error| sqlx::Error::Encode(error.into()))?;
    store::tell(db, id, told).await
}

/// Puts tickets back where they stood before `id`, those that nobody has touched since. Only who did it can, and once; a
/// second time changes nothing.
///
/// # Errors
/// When the database is away; then nothing has changed.
pub async fn undo(db: &mut PgConnection, id: Uuid, staff: Uuid, now: OffsetDateTime) -> Result<Undone, sqlx::Error> {
    let Some(bulk) = store::lock(db, id).await?.filter(|bulk| bulk.staff == staff) else { return Ok(Undone::Gone) };
    if bulk.undone_at.is_some() {
        return Ok(Undone::Done);
    }
    if now > bulk.at + UNDO + GRACE {
        return Ok(Undone::Late);
    }
    let before = store::before(db, id).await?;
    let ids: Vec<_> = before.iter().flat_map(|row| [Some(row.id), row.merged_into]).flatten().collect();
    let mut plan = Plan::of(change::store::lock(db, &ids, true).await?);
    let wanted: BTreeSet<_> = before.iter().filter(|row| row.wanted).map(|row| row.id).collect();
    let mut back: BTreeMap<Uuid, Standing> = BTreeMap::new();
    for row in before {
        let Some(at) = plan.at(row.id).filter(|at| at.version == row.version) else { continue };
        back.insert(row.id, row.put_back(at));
    }
    let fitting: Vec<_> = back.values().filter(|at| fits(at, &back, &plan, now)).cloned().collect();
    let count = fitting.iter().filter(|at| wanted.contains(&at.id)).count();
    for at in fitting {
        plan.add(step(at, What::Undone));
    }
    plan.follow_up(now);
    let by = By { actor: Actor::Staff(staff), now, part: Part::UndoOf(id) };
    let back = change::store::take(db, &plan.steps(), by).await?;
    store::drop_letters(db, &back, bulk.at).await?;
    incident::take_back(db, id, &back).await?;
    store::undone(db, id, count, now).await?;
    Ok(Undone::Done)
}

/// Whether a ticket can be put back: what it was merged into must still be no duplicate, and not have come to an end
/// that it would have to follow.
fn fits(at: &Standing, back: &BTreeMap<Uuid, Standing>, plan: &Plan, now: OffsetDateTime) -> bool {
    let Some(main) = at.merged_into else { return true };
    let main = back.get(&main).or_else(|| plan.at(main));
    main.is_some_and(|main| main.merged_into.is_none() && follow(at, main, now).is_none())
}
