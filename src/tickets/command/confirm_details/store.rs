//! The SQL of settling.

use sqlx::{PgConnection, types::Json};

use super::{ConfirmedDetails, Correction};
use crate::{
    causes,
    phone::{Party, PartyKind},
    tickets::{
        ActorKind, AudioSymptom, BillingPresence, CallParty, CallTimePrecision, EventKind, InferredField,
        TicketCategory, TicketReference,
        command::update::{CommandContext, ExpectedVersion},
    },
};

/// Writes down what is settled, if the ticket still is as it was seen. Says whether it was.
pub async fn update_confirmed(
    db: &mut PgConnection,
    seen: ExpectedVersion,
    settled: &ConfirmedDetails,
    corrected: Vec<Correction>,
    by: CommandContext,
) -> Result<bool, sqlx::Error> {
    let told = &settled.report;
    let canonical = |party: &Party| Some(party.canonical()).filter(|text| !text.is_empty());
    let kind = |side: &Option<CallParty>| side.as_ref().map(|side| side.party.kind());
    let party = |side: &Option<CallParty>| side.as_ref().and_then(|side| canonical(&side.party));
    let extension = |side: &Option<CallParty>| side.as_ref().and_then(|side| side.party.extension().map(str::to_owned));
    let typed = |side: &Option<CallParty>| side.as_ref().map(|side| side.raw_text.clone());
    let changed = sqlx::query!(
        "with changed as (
            update ticket set
                category = $3,
                caller_kind = $4, caller = $5, caller_extension = $6, caller_raw = $7,
                callee_kind = $8, callee = $9, callee_extension = $10, callee_raw = $11,
                call_at = $12, call_precision = $13, in_billing = $14, symptom = $15, account = $16,
                error_text = $17, sip_code = $18, inferred_fields = '{}',
                updated_at = greatest(updated_at, $19), version = version + 1
            where id = $1 and version = $2 and channel = 'email'
            returning id
        )
        insert into ticket_event (ticket_id, at, actor, staff_id, payload)
        select id, $19, $20, $21, $22 from changed",
        seen.id,
        seen.version,
        settled.category as TicketCategory,
        kind(&told.caller) as Option<PartyKind>,
        party(&told.caller),
        extension(&told.caller),
        typed(&told.caller),
        kind(&told.callee) as Option<PartyKind>,
        party(&told.callee),
        extension(&told.callee),
        typed(&told.callee),
        told.call_at,
        told.precision as Option<CallTimePrecision>,
        told.in_billing as Option<BillingPresence>,
        told.symptom as Option<AudioSymptom>,
        told.account.as_ref().and_then(canonical),
        settled.error_text,
        settled.error_text.as_deref().and_then(causes::extract_sip_code),
        by.now,
        by.actor.kind() as ActorKind,
        by.actor.staff_id(),
        Json(EventKind::DetailsConfirmed { corrections: corrected }) as _,
    )
    .execute(db)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Marks what was guessed on a ticket that was opened in this transaction: a part of its opening.
pub async fn mark_unconfirmed(
    db: &mut PgConnection,
    reference: &TicketReference,
    guessed: &[InferredField],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update ticket set inferred_fields = $2 where reference = $1",
        reference as &TicketReference,
        guessed as &[InferredField]
    )
    .execute(db)
    .await?;
    Ok(())
}
