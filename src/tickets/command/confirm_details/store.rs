//! The SQL of confirmed details.

use sqlx::{PgConnection, types::Json};

use super::details::ConfirmedDetails;
use crate::{
    call_time::CallTimePrecision,
    causes,
    phone::PartyKind,
    tickets::{
        TicketReference,
        columns::FailureColumns,
        command::context::{CommandContext, ExpectedVersion},
        event::{
            actor::ActorKind,
            kind::{Correction, EventKind},
        },
        fields::{AudioSymptom, BillingPresence, InferredField, TicketCategory},
    },
};

/// Stores confirmed details. Returns false if the ticket does not have the expected version.
pub(super) async fn update_confirmed(
    db: &mut PgConnection,
    expected: ExpectedVersion,
    details: &ConfirmedDetails,
    corrections: Vec<Correction>,
    context: CommandContext,
) -> Result<bool, sqlx::Error> {
    let columns = FailureColumns::from(&details.report);
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
        expected.id,
        expected.version,
        details.category as TicketCategory,
        columns.caller.kind as Option<PartyKind>,
        columns.caller.canonical,
        columns.caller.extension,
        columns.caller.raw_text,
        columns.callee.kind as Option<PartyKind>,
        columns.callee.canonical,
        columns.callee.extension,
        columns.callee.raw_text,
        columns.call_at,
        columns.call_precision as Option<CallTimePrecision>,
        columns.in_billing as Option<BillingPresence>,
        columns.symptom as Option<AudioSymptom>,
        columns.account,
        details.error_text,
        details.error_text.as_deref().and_then(causes::extract_sip_code),
        context.now,
        context.actor.kind() as ActorKind,
        context.actor.staff_id(),
        Json(EventKind::DetailsConfirmed { corrections }) as _,
    )
    .execute(db)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Marks the inferred fields of a ticket that was opened in the same transaction. This is part of opening it and has no
/// event of its own.
pub(in crate::tickets) async fn mark_unconfirmed(
    db: &mut PgConnection,
    reference: &TicketReference,
    inferred: &[InferredField],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update ticket set inferred_fields = $2 where reference = $1",
        reference as &TicketReference,
        inferred as &[InferredField]
    )
    .execute(db)
    .await?;
    Ok(())
}
