//! The SQL of check results.

use std::net::IpAddr;

use serde_json::{Value, json};
use sqlx::{PgConnection, types::Json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    describe::Describe,
    outcome::{CheckOutcome, RESULT_RETENTION, StoredCheckResult},
};
use crate::{tickets::TicketReference, token};

/// The same result from the same address within this time is taken for a reload of the page.
const DEDUPLICATION_WINDOW: Duration = Duration::hours(1);

/// Stores a result and returns its id. Within [`DEDUPLICATION_WINDOW`] the same result from the same address keeps its id.
pub async fn find_or_insert(
    db: &mut PgConnection,
    outcome: &CheckOutcome,
    client: IpAddr,
    now: OffsetDateTime,
) -> Result<String, sqlx::Error> {
    let data = serde_json::to_value(outcome).map(|mut tagged| tagged["data"].take()).unwrap_or_default();
    sqlx::query_scalar!(
        r#"with same as (
            select id from check_result
            where client_ip = $6 and at > $7 and ticket_id is null
                and kind::text = $2 and verdict = $4 and data = $5
            order by at desc limit 1
        ), new as (
            insert into check_result (id, kind, at, verdict, data, client_ip)
            select $1, $2::text::check_kind, $3, $4, $5, $6 where not exists (select 1 from same)
            returning id
        )
        select id as "id!" from same union all select id from new"#,
        token::encode_crockford32(&rand::random::<[u8; 16]>()),
        outcome.kind().into_str(),
        now,
        outcome.verdict(),
        Json(data) as _,
        client as IpAddr,
        now - DEDUPLICATION_WINDOW,
    )
    .fetch_one(db)
    .await
}

/// The results with these ids, in the order of the ids. Unknown ids and expired results are left out.
pub async fn find_by_ids(
    db: &mut PgConnection,
    ids: &[String],
    now: OffsetDateTime,
) -> Result<Vec<StoredCheckResult>, sqlx::Error> {
    let rows = sqlx::query_as!(
        CheckResultRow,
        r#"select id, at, kind::text as "kind!", data as "data: Json<Value>" from check_result
        where id = any($1) and (ticket_id is not null or at > $2)
        order by array_position($1, id)"#,
        ids,
        now - RESULT_RETENTION,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(CheckResultRow::decode).collect())
}

/// Attaches results to tickets, by their references. Results that are attached already, or expired, are skipped. Returns
/// how many were attached.
pub async fn attach_to_tickets(
    db: &mut PgConnection,
    pairs: &[(&str, &TicketReference)],
    now: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let (ids, references): (Vec<_>, Vec<_>) =
        pairs.iter().map(|(id, reference)| ((*id).to_owned(), reference.as_str().to_owned())).unzip();
    let result = sqlx::query!(
        "update check_result set ticket_id = ticket.id
        from unnest($1::text[], $2::text[]) requested (id, reference)
        join ticket using (reference)
        where check_result.id = requested.id and ticket_id is null and at > $3",
        &ids,
        &references,
        now - RESULT_RETENTION,
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected())
}

/// The results attached to a ticket, the oldest first.
pub async fn list_for_ticket(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<StoredCheckResult>, sqlx::Error> {
    let rows = sqlx::query_as!(
        CheckResultRow,
        r#"select id, at, kind::text as "kind!", data as "data: Json<Value>" from check_result
        where ticket_id = $1 order by at, id limit 50"#,
        ticket
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(CheckResultRow::decode).collect())
}

/// Deletes expired results that are not attached to a ticket. Returns how many.
pub async fn delete_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let delete = sqlx::query!("delete from check_result where ticket_id is null and at <= $1", now - RESULT_RETENTION);
    Ok(delete.execute(db).await?.rows_affected())
}

struct CheckResultRow {
    id: String,
    at: OffsetDateTime,
    kind: String,
    data: Json<Value>,
}

impl CheckResultRow {
    /// Returns `None` for data that this version can't read, such as data of a newer version.
    fn decode(self) -> Option<StoredCheckResult> {
        match serde_json::from_value(json!({ "kind": self.kind, "data": self.data.0 })) {
            Ok(outcome) => Some(StoredCheckResult { id: self.id, at: self.at, outcome }),
            Err(error) => {
                tracing::warn!(kind = self.kind, %error, "could not decode a check result");
                None
            }
        }
    }
}
