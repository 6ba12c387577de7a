//! SQL that changes the blocklist.

use std::net::IpAddr;

use ipnet::IpNet;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{BlockDraft, ExternalBlock, ReportingProgram, UpsertCounts};
use crate::{
    blocklist::{
        entry::{BlockReason, BlockSource, LIFT_COOLDOWN, LIFT_WINDOW, MAX_LIFTS_PER_DAY},
        net::last_address,
    },
    web::rate_limit::client_network,
};

/// Expired entries are kept for a day, so that customers can see why they were blocked.
const EXPIRED_RETENTION: Duration = LIFT_WINDOW;
/// How long the history is kept.
const HISTORY_RETENTION: Duration = Duration::days(365);

/// Changes one entry and writes the history. `$1` is the block, `$2` the time; further parameters belong to the
/// statement. Returns whether an entry was changed.
macro_rules! change_with_history {
    (
        $db:expr, $kind:tt by $actor:tt because $reason:tt after $change:tt,
        [$net:expr, $now:expr $(, $arg:expr)*]
    ) => {{
        let result = sqlx::query!(
            "with changed as (" + $change + " returning net, reason, note, source, until)
            insert into blocked_address_change
                (net, at, kind, actor, staff_id, token_id, unblock_reason, reason, note, source, until)
            select net, $2, " + $kind + ", " + $actor + ", " + $reason + ", reason, note, source, until from changed",
            $net,
            $now
            $(, $arg)*
        )
        .execute($db)
        .await?;
        Ok(result.rows_affected() == 1)
    }};
}

/// Adds an entry of a staff member. Returns false if there is an active entry.
pub async fn insert(
    db: &mut PgConnection,
    net: IpNet,
    draft: &BlockDraft,
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    change_with_history!(
        db,
        "'blocked'" by "'staff', $3, null" because "null" after
        "insert into blocked_address as old (net, reason, note, source, since, until, staff_id, updated_at)
        values ($1, $4, $5, 'staff', $2, $6, $3, $2)
        on conflict (net) do update set
            reason = excluded.reason, note = excluded.note, source = 'staff', since = excluded.since,
            until = excluded.until, staff_id = excluded.staff_id, token_id = null, updated_at = excluded.updated_at,
            version = old.version + 1
        where old.until <= $2",
        [net, now, staff_id, draft.reason as BlockReason, draft.note, draft.until]
    )
}

/// Changes an entry that still has this `version`. From then on it is maintained by staff. Returns false if the version
/// is outdated.
pub async fn update(
    db: &mut PgConnection,
    net: IpNet,
    version: i32,
    draft: &BlockDraft,
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    change_with_history!(
        db,
        "'changed'" by "'staff', $3, null" because "null" after
        "update blocked_address set
            reason = $4, note = $5, until = $6, source = 'staff', staff_id = $3, token_id = null, updated_at = $2,
            version = version + 1
        where net = $1 and version = $7",
        [net, now, staff_id, draft.reason as BlockReason, draft.note, draft.until, version]
    )
}

/// Deletes an entry that still has this `version`. Returns false if the version is outdated.
pub async fn delete(
    db: &mut PgConnection,
    net: IpNet,
    version: i32,
    reason: Option<&str>,
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    change_with_history!(
        db,
        "'unblocked'" by "'staff', $3, null" because "$4" after
        "delete from blocked_address where net = $1 and version = $5",
        [net, now, staff_id, reason, version]
    )
}

/// Deletes an entry that was reported by a program. Returns false if there is none, or if it is maintained by staff.
pub async fn delete_by_program(
    db: &mut PgConnection,
    net: IpNet,
    token_id: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    change_with_history!(
        db,
        "'unblocked'" by "'system', null, $3" because "null" after
        "delete from blocked_address where net = $1 and source <> 'staff'",
        [net, now, token_id]
    )
}

/// Adds or updates entries that a program reports. Entries with the same content are left unchanged.
///
/// # Errors
/// Returns a database error if an address or block occurs twice.
pub async fn upsert_external(
    db: &mut PgConnection,
    blocks: &[ExternalBlock],
    program: ReportingProgram,
    now: OffsetDateTime,
) -> Result<UpsertCounts, sqlx::Error> {
    let nets: Vec<IpNet> = blocks.iter().map(|block| block.net).collect();
    let notes: Vec<Option<&str>> = blocks.iter().map(|block| block.note.as_deref()).collect();
    let since: Vec<OffsetDateTime> = blocks.iter().map(|block| block.since).collect();
    let until: Vec<Option<OffsetDateTime>> = blocks.iter().map(|block| block.until).collect();
    sqlx::query_as!(
        UpsertCounts,
        r#"with reported as (
            select net, note, since, until
            from unnest($1::inet[], $2::text[], $3::timestamptz[], $4::timestamptz[]) as block (net, note, since, until)
        ), before as (
            select net from blocked_address where net = any($1) and (until is null or until > $8)
        ), upserted as (
            insert into blocked_address as old (net, reason, note, source, since, until, token_id, updated_at)
            select net, $5, note, $6, since, until, $7, $8 from reported order by net
            on conflict (net) do update set
                reason = excluded.reason, note = excluded.note, source = excluded.source,
                since = case when old.until <= $8 then excluded.since else least(old.since, excluded.since) end,
                until = excluded.until, staff_id = null, token_id = excluded.token_id, updated_at = excluded.updated_at,
                version = old.version + 1
            where old.until <= $8 or (
                old.source <> 'staff'
                and (old.reason, old.note, old.source, old.until)
                    is distinct from (excluded.reason, excluded.note, excluded.source, excluded.until)
            )
            returning net, reason, note, source, until
        ), change as (
            insert into blocked_address_change (net, at, kind, actor, token_id, reason, note, source, until)
            select net, $8, case when before.net is null then 'blocked' else 'changed' end::block_change_kind, 'system', $7,
                reason, note, source, until
            from upserted left join before using (net)
            returning kind
        )
        select count(*) filter (where kind = 'blocked') as "inserted!", count(*) filter (where kind = 'changed') as "updated!"
        from change"#,
        &nets,
        &notes as &[Option<&str>],
        &since,
        &until as &[Option<OffsetDateTime>],
        program.reason as BlockReason,
        program.source as BlockSource,
        program.token_id,
        now
    )
    .fetch_one(db)
    .await
}

/// Lifts the block of a customer's own address. The caller has applied [`crate::blocklist::check_self_service`]; the
/// limits are checked here again because of concurrent requests. Returns false if there is no such block or a limit is
/// reached.
pub async fn lift_by_customer(db: &mut PgConnection, ip: IpAddr, now: OffsetDateTime) -> Result<bool, sqlx::Error> {
    let network = client_network(ip);
    change_with_history!(
        db,
        "'unblocked'" by "'customer', null, null" because "null" after
        "delete from blocked_address
        where net = $1 and reason = 'wrong-password' and (until is null or until > $2)
            and (
                select count(*) < $7 and coalesce(max(at) <= $6, true) from blocked_address_change
                where net >= $3 and net <= $4 and actor = 'customer' and at > $5
            )",
        [
            IpNet::from(ip),
            now,
            network,
            last_address(&network),
            now - LIFT_WINDOW,
            now - LIFT_COOLDOWN,
            i64::try_from(MAX_LIFTS_PER_DAY).unwrap_or(i64::MAX)
        ]
    )
}

/// Deletes expired entries and old history. Returns the number of deleted rows.
pub async fn purge_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let expired = sqlx::query!(
        "delete from blocked_address where net in (
            select net from blocked_address where until <= $1 order by until limit 100000
        )",
        now - EXPIRED_RETENTION
    )
    .execute(&mut *db)
    .await?;
    let history = sqlx::query!("delete from blocked_address_change where at <= $1", now - HISTORY_RETENTION);
    Ok(expired.rows_affected() + history.execute(db).await?.rows_affected())
}
