//! The SQL that changes the list.

use std::net::IpAddr;

use ipnet::IpNet;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{BlockDraft, ExternalBlock, ReportingProgram, UpsertCounts};
use crate::blocklist::{
    BlockReason, BlockSource,
    entry::{LIFT_COOLDOWN, LIFT_WINDOW, MAX_LIFTS_PER_DAY},
    net::{client_network, last_address},
};

/// What is over is kept a day, for those who ask what it was.
const EXPIRED_RETENTION: Duration = LIFT_WINDOW;
/// The history is kept a year.
const HISTORY_RETENTION: Duration = Duration::days(365);

/// Changes one entry and leaves a line in the history. `$1` is the block, `$2` the time; the rest is the statement's own.
/// True when there was something to change.
macro_rules! change_with_history {
    (
        $db:expr, $what:tt by $who:tt because $why:tt after $change:tt,
        [$net:expr, $now:expr $(, $arg:expr)*]
    ) => {{
        let done = sqlx::query!(
            "with done as (" + $change + " returning net, reason, note, source, until)
            insert into blocked_address_change
                (net, at, kind, actor, staff_id, token_id, unblock_reason, reason, note, source, until)
            select net, $2, " + $what + ", " + $who + ", " + $why + ", reason, note, source, until from done",
            $net,
            $now
            $(, $arg)*
        )
        .execute($db)
        .await?;
        Ok(done.rows_affected() == 1)
    }};
}

/// Adds an entry for a person. False when the list has one that is not over.
///
/// # Errors
/// When the database is away.
pub async fn insert(
    db: &mut PgConnection,
    net: IpNet,
    draft: &BlockDraft,
    staff: Uuid,
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
        [net, now, staff, draft.reason as BlockReason, draft.note, draft.until]
    )
}

/// Changes an entry that is still at `version`; from then on it is the person's. False when it is not.
///
/// # Errors
/// When the database is away.
pub async fn update(
    db: &mut PgConnection,
    net: IpNet,
    version: i32,
    draft: &BlockDraft,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    change_with_history!(
        db,
        "'changed'" by "'staff', $3, null" because "null" after
        "update blocked_address set
            reason = $4, note = $5, until = $6, source = 'staff', staff_id = $3, token_id = null, updated_at = $2,
            version = version + 1
        where net = $1 and version = $7",
        [net, now, staff, draft.reason as BlockReason, draft.note, draft.until, version]
    )
}

/// Takes an entry that is still at `version` off the list. False when it is not.
///
/// # Errors
/// When the database is away.
pub async fn delete(
    db: &mut PgConnection,
    net: IpNet,
    version: i32,
    why: Option<&str>,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    change_with_history!(
        db,
        "'unblocked'" by "'staff', $3, null" because "$4" after
        "delete from blocked_address where net = $1 and version = $5",
        [net, now, staff, why, version]
    )
}

/// Takes off what programs have put on the list. False when it is not there, or is a person's.
///
/// # Errors
/// When the database is away.
pub async fn delete_by_program(
    db: &mut PgConnection,
    net: IpNet,
    token: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    change_with_history!(
        db,
        "'unblocked'" by "'system', null, $3" because "null" after
        "delete from blocked_address where net = $1 and source <> 'staff'",
        [net, now, token]
    )
}

/// Puts on the list what a program tells; each address or block once. What is there just so is left as it is.
///
/// # Errors
/// When the database is away, or something is told twice.
pub async fn upsert_external(
    db: &mut PgConnection,
    given: &[ExternalBlock],
    by: ReportingProgram,
    now: OffsetDateTime,
) -> Result<UpsertCounts, sqlx::Error> {
    let nets: Vec<IpNet> = given.iter().map(|one| one.net).collect();
    let notes: Vec<Option<&str>> = given.iter().map(|one| one.note.as_deref()).collect();
    let since: Vec<OffsetDateTime> = given.iter().map(|one| one.since).collect();
    let until: Vec<Option<OffsetDateTime>> = given.iter().map(|one| one.until).collect();
    sqlx::query_as!(
        UpsertCounts,
        r#"with given as (
            select net, note, since, until
            from unnest($1::inet[], $2::text[], $3::timestamptz[], $4::timestamptz[]) as one (net, note, since, until)
        ), before as (
            select net from blocked_address where net = any($1) and (until is null or until > $8)
        ), put as (
            insert into blocked_address as old (net, reason, note, source, since, until, token_id, updated_at)
            select net, $5, note, $6, since, until, $7, $8 from given order by net
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
        ), told as (
            insert into blocked_address_change (net, at, kind, actor, token_id, reason, note, source, until)
            select net, $8, case when before.net is null then 'blocked' else 'changed' end::block_change_kind, 'system', $7,
                reason, note, source, until
            from put left join before using (net)
            returning kind
        )
        select count(*) filter (where kind = 'blocked') as "inserted!", count(*) filter (where kind = 'changed') as "updated!"
        from told"#,
        &nets,
        &notes as &[Option<&str>],
        &since,
        &until as &[Option<OffsetDateTime>],
        by.reason as BlockReason,
        by.source as BlockSource,
        by.token_id,
        now
    )
    .fetch_one(db)
    .await
}

/// Lifts the block of a customer's own address, when the rules of [`crate::blocklist::self_service`] let them; the guard
/// stands here again, for those who come twice at once. False when there is nothing to lift, or not yet.
///
/// # Errors
/// When the database is away.
pub async fn lift_by_customer(db: &mut PgConnection, ip: IpAddr, now: OffsetDateTime) -> Result<bool, sqlx::Error> {
    let household = client_network(ip);
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
            household,
            last_address(&household),
            now - LIFT_WINDOW,
            now - LIFT_COOLDOWN,
            i64::try_from(MAX_LIFTS_PER_DAY).unwrap_or(i64::MAX)
        ]
    )
}

/// Drops entries that were over a day ago, and history of more than a year. Gives how many.
///
/// # Errors
/// When the database is away.
pub async fn purge_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let over = sqlx::query!(
        "delete from blocked_address where net in (
            select net from blocked_address where until <= $1 order by until limit 100000
        )",
        now - EXPIRED_RETENTION
    )
    .execute(&mut *db)
    .await?;
    let history = sqlx::query!("delete from blocked_address_change where at <= $1", now - HISTORY_RETENTION);
    Ok(over.rows_affected() + history.execute(db).await?.rows_affected())
}
