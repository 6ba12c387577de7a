//! The SQL of related tickets. Whatever a ticket's numbers are, and however many tickets there are, it reads a few hundred
//! rows at most: every reason is a bounded walk along its index.

use std::net::IpAddr;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{MAX_PER_REASON, RelationKeys};
use crate::{
    phone::PartyKind,
    tickets::{TicketReference, TicketStatus},
};

/// A ticket as the list of related ones shows it.
pub struct RelatedTicketRow {
    pub reference: TicketReference,
    pub status: TicketStatus,
    pub caller_kind: Option<PartyKind>,
    pub caller: Option<String>,
    pub callee_kind: Option<PartyKind>,
    pub callee: Option<String>,
    pub account: Option<String>,
    pub sip_code: Option<i16>,
    /// When the call was, or the report where there was none.
    pub occurred_at: OffsetDateTime,
    /// The reasons, by the names that [`super::Why`] reads.
    pub reasons: Vec<String>,
}

/// Tickets that share something with this one, the newest first; one more for each reason than is shown.
pub async fn list_similar(
    db: &mut PgConnection,
    id: Uuid,
    keys: &RelationKeys,
) -> Result<Vec<RelatedTicketRow>, sqlx::Error> {
    sqlx::query_file_as!(
        RelatedTicketRow,
        "src/desk/related/similar.sql",
        id,
        keys.caller_digits,
        keys.callee_digits,
        keys.caller_account,
        keys.callee_account,
        keys.ip_addresses[0] as Option<IpAddr>,
        keys.ip_addresses[1] as Option<IpAddr>,
        keys.sip_code,
        keys.call_at,
        keys.callee_prefix,
        // those that are shown, one that tells of more, and the ticket itself
        MAX_PER_REASON as i64 + 2,
    )
    .fetch_all(db)
    .await
}

/// The ticket that this one is a duplicate of (`why` is "main"), and its own duplicates, the newest first.
pub async fn list_main_and_duplicates(db: &mut PgConnection, id: Uuid) -> Result<Vec<RelatedTicketRow>, sqlx::Error> {
    sqlx::query_as!(
        RelatedTicketRow,
        r#"select
            reference as "reference: TicketReference", status as "status: TicketStatus",
            caller_kind as "caller_kind: PartyKind", caller, callee_kind as "callee_kind: PartyKind", callee, account, sip_code,
            coalesce(call_at, created_at) as "occurred_at!", array[why] as "reasons!: Vec<String>"
        from (
            select merged_into as id, 'main' as why from ticket where id = $1 and merged_into is not null
            union all
            (select id, 'duplicate' from ticket where merged_into = $1 order by id desc limit 50)
        ) found
        join ticket using (id)
        order by why desc, id desc"#,
        id
    )
    .fetch_all(db)
    .await
}
