//! The SQL of related tickets. Whatever a ticket's numbers are, and however many tickets there are, it reads a few hundred
//! rows at most: every reason is a bounded walk along its index.

use std::net::IpAddr;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Keys, MOST};
use crate::{
    phone::Kind,
    tickets::{Reference, Status},
};

/// A ticket as the list of related ones shows it.
pub struct Row {
    pub reference: Reference,
    pub status: Status,
    pub caller_kind: Option<Kind>,
    pub caller: Option<String>,
    pub callee_kind: Option<Kind>,
    pub callee: Option<String>,
    pub account: Option<String>,
    pub sip_code: Option<i16>,
    /// When the call was, or the report where there was none.
    pub at: OffsetDateTime,
    /// The reasons, by the names that [`super::Why`] reads.
    pub why: Vec<String>,
}

/// Tickets that share something with this one, the newest first; one more for each reason than is shown.
pub async fn near(db: &mut PgConnection, id: Uuid, keys: &Keys) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_file_as!(
        Row,
        "src/desk/related/near.sql",
        id,
        keys.caller_digits,
        keys.callee_digits,
        keys.caller_account,
        keys.callee_account,
        keys.addresses[0] as Option<IpAddr>,
        keys.addresses[1] as Option<IpAddr>,
        keys.code,
        keys.at,
        keys.prefix,
        // those that are shown, one that tells of more, and the ticket itself
        MOST as i64 + 2,
    )
    .fetch_all(db)
    .await
}

/// The ticket that this one is a duplicate of (`why` is "main"), and its own duplicates, the newest first.
pub async fn family(db: &mut PgConnection, id: Uuid) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"select
            reference as "reference: Reference", status as "status: Status",
            caller_kind as "caller_kind: Kind", caller, callee_kind as "callee_kind: Kind", callee, account, sip_code,
            coalesce(call_at, created_at) as "at!", array[why] as "why!: Vec<String>"
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
