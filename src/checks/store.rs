//! Results of checks in the database.

use std::net::IpAddr;

use serde_json::{Value, json};
use sqlx::{PgConnection, types::Json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{CheckOutcome, Describe, RESULT_RETENTION, StoredCheckResult};
use crate::{tickets::TicketReference, token};

/// The same visitor who finds the same thing within this time has only loaded the page again.
const DEDUPLICATION_WINDOW: Duration = Duration::hours(1);

/// Keeps a finding; gives its id. The same one again, from the same address, has the id it had.
///
/// # Errors
/// When the database is away.
pub async fn find_or_insert(
    db: &mut PgConnection,
    finding: &CheckOutcome,
    client: IpAddr,
    now: OffsetDateTime,
) -> Result<String, sqlx::Error> {
    let figures = serde_json::to_value(finding).map(|mut all| all["figures"].take()).unwrap_or_default();
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
        finding.kind(),
        now,
        finding.verdict(),
        Json(figures) as _,
        client as IpAddr,
        now - DEDUPLICATION_WINDOW,
    )
    .fetch_one(db)
    .await
}

/// What is kept under these ids, in their order. Ids that nobody knows, and results that are too old, are left out.
///
/// # Errors
/// When the database is away.
pub async fn find_by_ids(
    db: &mut PgConnection,
    ids: &[String],
    now: OffsetDateTime,
) -> Result<Vec<StoredCheckResult>, sqlx::Error> {
    let rows = sqlx::query_as!(
        CheckResultRow,
        r#"select id, at, kind::text as "kind!", data as "figures: Json<Value>" from check_result
        where id = any($1) and (ticket_id is not null or at > $2)
        order by array_position($1, id)"#,
        ids,
        now - RESULT_RETENTION,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(CheckResultRow::decode).collect())
}

/// Hands results over to tickets, by their references: those that are nobody's yet. Gives how many.
///
/// # Errors
/// When the database is away.
pub async fn attach_to_tickets(
    db: &mut PgConnection,
    pairs: &[(&str, &TicketReference)],
    now: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let (ids, references): (Vec<_>, Vec<_>) =
        pairs.iter().map(|(id, reference)| ((*id).to_owned(), reference.as_str().to_owned())).unzip();
    let done = sqlx::query!(
        "update check_result set ticket_id = ticket.id
        from unnest($1::text[], $2::text[]) wanted (id, reference)
        join ticket using (reference)
        where check_result.id = wanted.id and ticket_id is null and at > $3",
        &ids,
        &references,
        now - RESULT_RETENTION,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// What came with a ticket, the oldest first.
///
/// # Errors
/// When the database is away.
pub async fn list_for_ticket(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<StoredCheckResult>, sqlx::Error> {
    let rows = sqlx::query_as!(
        CheckResultRow,
        r#"select id, at, kind::text as "kind!", data as "figures: Json<Value>" from check_result
        where ticket_id = $1 order by at, id limit 50"#,
        ticket
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(CheckResultRow::decode).collect())
}

/// Drops what nobody attached in time. Gives how many.
///
/// # Errors
/// When the database is away.
pub async fn delete_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from check_result where ticket_id is null and at <= $1", now - RESULT_RETENTION);
    Ok(done.execute(db).await?.rows_affected())
}

struct CheckResultRow {
    id: String,
    at: OffsetDateTime,
    kind: String,
    figures: Json<Value>,
}

impl CheckResultRow {
    /// Figures that this program can't read, such as those of a newer one, are left out.
    fn decode(self) -> Option<StoredCheckResult> {
        match serde_json::from_value(json!({ "kind": self.kind, "figures": self.figures.0 })) {
            Ok(finding) => Some(StoredCheckResult { id: self.id, at: self.at, outcome: finding }),
            Err(error) => {
                tracing::warn!(kind = self.kind, %error, "the result of a check can't be read");
                None
            }
        }
    }
}
