//! The SQL of settling.

use sqlx::{PgConnection, types::Json};

use super::{Corrected, Settled};
use crate::{
    causes,
    phone::{Kind, Party},
    tickets::{
        ActorKind, Billing, Category, Guess, Precision, Reference, Side, Symptom, What,
        verbs::{By, Seen},
    },
};

/// Writes down what is settled, if the ticket still is as it was seen. Says whether it was.
pub async fn settle(
    db: &mut PgConnection,
    seen: Seen,
    settled: &Settled,
    corrected: Vec<Corrected>,
    by: By,
) -> Result<bool, sqlx::Error> {
    let told = &settled.told;
    let canonical = |party: &Party| Some(party.canonical()).filter(|text| !text.is_empty());
    let kind = |side: &Option<Side>| side.as_ref().map(|side| side.party.kind());
    let party = |side: &Option<Side>| side.as_ref().and_then(|side| canonical(&side.party));
    let extension = |side: &Option<Side>| side.as_ref().and_then(|side| side.party.extension().map(str::to_owned));
    let typed = |side: &Option<Side>| side.as_ref().map(|side| side.typed.clone());
    let changed = sqlx::query!(
        "with changed as (
            update ticket set
                category = $3,
                caller_kind = $4, caller = $5, caller_extension = $6, caller_typed = $7,
                callee_kind = $8, callee = $9, callee_extension = $10, callee_typed = $11,
                call_at = $12, call_precision = $13, in_billing = $14, symptom = $15, account = $16,
                error_text = $17, sip_code = $18, guessed = '{}',
                updated_at = greatest(updated_at, $19), version = version + 1
            where id = $1 and version = $2 and channel = 'email'
            returning id
        )
        insert into ticket_event (ticket_id, at, actor, staff_id, what)
        select id, $19, $20, $21, $22 from changed",
        seen.id,
        seen.version,
        settled.category as Category,
        kind(&told.caller) as Option<Kind>,
        party(&told.caller),
        extension(&told.caller),
        typed(&told.caller),
        kind(&told.callee) as Option<Kind>,
        party(&told.callee),
        extension(&told.callee),
        typed(&told.callee),
        told.at,
        told.precision as Option<Precision>,
        told.in_billing as Option<Billing>,
        told.symptom as Option<Symptom>,
        told.account.as_ref().and_then(canonical),
        settled.error_text,
        settled.error_text.as_deref().and_then(causes::sip_code),
        by.now,
        by.actor.kind() as ActorKind,
        by.actor.staff(),
        Json(What::Settled { corrected }) as _,
    )
    .execute(db)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Marks what was guessed on a ticket that was opened in this transaction: a part of its opening.
pub async fn mark(db: &mut PgConnection, reference: &Reference, guessed: &[Guess]) -> Result<(), sqlx::Error> {
    sqlx::query!("update ticket set guessed = $2 where reference = $1", reference as &Reference, guessed as &[Guess])
        .execute(db)
        .await?;
    Ok(())
}
