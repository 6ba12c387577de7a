//! The SQL of call examples. They are inserted by the statement that records their event: see `transition::store`.

use sqlx::PgConnection;
use uuid::Uuid;

use super::example::{CallExample, MAX_CALL_EXAMPLES};
use crate::{
    call_time::CallTimePrecision,
    phone::{Party, PartyKind},
    tickets::failure::CallParty,
};

/// A ticket's examples, the oldest first.
pub async fn list_for_ticket(db: &mut PgConnection, ticket_id: Uuid) -> Result<Vec<CallExample>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select
            id, added_at, caller_kind as "caller_kind: PartyKind", caller, caller_extension, caller_raw,
            callee_kind as "callee_kind: PartyKind", callee, callee_extension, callee_raw,
            call_at, call_precision as "call_precision: CallTimePrecision", error_text, sip_code
        from call_example where ticket_id = $1 order by id limit $2"#,
        ticket_id,
        MAX_CALL_EXAMPLES as i64
    )
    .fetch_all(db)
    .await?;
    let party = |kind, canonical: Option<&str>, extension: Option<&str>, raw_text| CallParty {
        party: Party::from_stored(kind, canonical.unwrap_or_default(), extension),
        raw_text,
    };
    let examples = rows.into_iter().map(|row| CallExample {
        id: row.id,
        added_at: row.added_at,
        caller: party(row.caller_kind, row.caller.as_deref(), row.caller_extension.as_deref(), row.caller_raw),
        callee: party(row.callee_kind, Some(&row.callee), row.callee_extension.as_deref(), row.callee_raw),
        call_at: row.call_at,
        precision: row.call_precision,
        error_text: row.error_text,
        sip_code: row.sip_code,
    });
    Ok(examples.collect())
}

/// How many examples a ticket has.
pub(in crate::tickets) async fn count_for_ticket(db: &mut PgConnection, ticket_id: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from call_example where ticket_id = $1"#, ticket_id)
        .fetch_one(db)
        .await
}
