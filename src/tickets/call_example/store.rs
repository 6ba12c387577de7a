//! The SQL of examples. They are put in by the statement that leaves their event: see `change::store::take`.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{CallExample, MAX_CALL_EXAMPLES};
use crate::{
    phone::{Party, PartyKind},
    tickets::{CallParty, CallTimePrecision},
};

struct CallExampleRow {
    id: Uuid,
    added_at: OffsetDateTime,
    caller_kind: PartyKind,
    caller: Option<String>,
    caller_extension: Option<String>,
    caller_raw: String,
    callee_kind: PartyKind,
    callee: String,
    callee_extension: Option<String>,
    callee_raw: String,
    call_at: OffsetDateTime,
    call_precision: CallTimePrecision,
    error_text: Option<String>,
    sip_code: Option<i16>,
}

impl From<CallExampleRow> for CallExample {
    fn from(row: CallExampleRow) -> CallExample {
        let side = |kind, canonical: &str, extension: Option<&str>, typed| CallParty {
            party: Party::from_stored(kind, canonical, extension),
            raw_text: typed,
        };
        let caller = row.caller.unwrap_or_default();
        CallExample {
            id: row.id,
            added_at: row.added_at,
            caller: side(row.caller_kind, &caller, row.caller_extension.as_deref(), row.caller_raw),
            callee: side(row.callee_kind, &row.callee, row.callee_extension.as_deref(), row.callee_raw),
            call_at: row.call_at,
            precision: row.call_precision,
            error_text: row.error_text,
            sip_code: row.sip_code,
        }
    }
}

/// A ticket's examples, the oldest first.
///
/// # Errors
/// When the database is away.
pub async fn list_for_ticket(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<CallExample>, sqlx::Error> {
    let rows = sqlx::query_as!(
        CallExampleRow,
        r#"select
            id, added_at, caller_kind as "caller_kind: PartyKind", caller, caller_extension, caller_raw,
            callee_kind as "callee_kind: PartyKind", callee, callee_extension, callee_raw,
            call_at, call_precision as "call_precision: CallTimePrecision", error_text, sip_code
        from call_example where ticket_id = $1 order by id limit $2"#,
        ticket,
        MAX_CALL_EXAMPLES as i64 + 1
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(CallExample::from).collect())
}
