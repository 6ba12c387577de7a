//! The SQL of examples. They are put in by the statement that leaves their event: see `change::store::take`.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Example, MOST};
use crate::{
    phone::{Kind, Party},
    tickets::{Precision, Side},
};

struct Row {
    id: Uuid,
    added_at: OffsetDateTime,
    caller_kind: Kind,
    caller: Option<String>,
    caller_extension: Option<String>,
    caller_typed: String,
    callee_kind: Kind,
    callee: String,
    callee_extension: Option<String>,
    callee_typed: String,
    call_at: OffsetDateTime,
    call_precision: Precision,
    error_text: Option<String>,
    sip_code: Option<i16>,
}

impl From<Row> for Example {
    fn from(row: Row) -> Example {
        let side = |kind, canonical: &str, extension: Option<&str>, typed| Side {
            party: Party::stored(kind, canonical, extension),
            typed,
        };
        let caller = row.caller.unwrap_or_default();
        Example {
            id: row.id,
            added_at: row.added_at,
            caller: side(row.caller_kind, &caller, row.caller_extension.as_deref(), row.caller_typed),
            callee: side(row.callee_kind, &row.callee, row.callee_extension.as_deref(), row.callee_typed),
            at: row.call_at,
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
pub async fn of(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<Example>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select
            id, added_at, caller_kind as "caller_kind: Kind", caller, caller_extension, caller_typed,
            callee_kind as "callee_kind: Kind", callee, callee_extension, callee_typed,
            call_at, call_precision as "call_precision: Precision", error_text, sip_code
        from call_example where ticket_id = $1 order by id limit $2"#,
        ticket,
        MOST as i64 + 1
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Example::from).collect())
}
