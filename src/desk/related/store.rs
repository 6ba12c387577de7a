//! The SQL of related tickets. For each reason it reads a limited number of rows along an index: a few hundred rows in all,
//! whatever the number of tickets.

use std::net::IpAddr;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::keys::RelationKeys;
use crate::{
    phone::PartyKind,
    tickets::{TicketReference, TicketStatus},
};

/// Listed for each reason. The statement reads one more, to know whether there are more.
pub(super) const MAX_PER_REASON: usize = 8;

pub(super) struct RelatedTicketRow {
    pub reference: TicketReference,
    pub status: TicketStatus,
    pub caller_kind: Option<PartyKind>,
    pub caller: Option<String>,
    pub callee_kind: Option<PartyKind>,
    pub callee: Option<String>,
    pub account: Option<String>,
    pub sip_code: Option<i16>,
    /// Time of the call, or of the report if there is no call.
    pub occurred_at: OffsetDateTime,
    /// Names of [`RelationReason`](super::keys::RelationReason), or "main" and "duplicate".
    pub reasons: Vec<String>,
}

/// Lists tickets that have a key in common, the latest first. `id` is excluded.
pub(super) async fn list_similar(
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
        // the listed ones, one more, and the ticket itself
        MAX_PER_REASON as i64 + 2,
    )
    .fetch_all(db)
    .await
}

/// Lists the main ticket (its reason is "main") and the duplicates, the latest first.
pub(super) async fn list_main_and_duplicates(
    db: &mut PgConnection,
    id: Uuid,
) -> Result<Vec<RelatedTicketRow>, sqlx::Error> {
    sqlx::query_as!(
        RelatedTicketRow,
        r#"select
            reference as "reference: TicketReference", status as "status: TicketStatus",
            caller_kind as "caller_kind: PartyKind", caller, callee_kind as "callee_kind: PartyKind", callee, account, sip_code,
            coalesce(call_at, created_at) as "occurred_at!", array[reason] as "reasons!: Vec<String>"
        from (
            select merged_into as id, 'main' as reason from ticket where id = $1 and merged_into is not null
            union all
            (select id, 'duplicate' from ticket where merged_into = $1 order by id desc limit 50)
        ) related
        join ticket using (id)
        order by reason desc, id desc"#,
        id
    )
    .fetch_all(db)
    .await
}
