//! SQL of accounts, invitations, sessions and login throttling.

use std::net::IpAddr;

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    INVITATION_TTL, LOGIN_FAILURE_TTL, SESSION_IDLE_TIMEOUT, SESSION_MAX_AGE, StaffMember, StaffRole, login_delay,
};
use crate::{i18n::Lang, token::sha256};

/// An account, as the login needs it.
pub struct StaffAccount {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub password_hash: Option<String>,
}

/// Adds an account. Returns `None` if the e-mail address has one already.
pub async fn insert(
    db: &mut PgConnection,
    email: &str,
    name: &str,
    role: StaffRole,
    now: OffsetDateTime,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into staff (id, email, name, role, created_at) values ($1, lower($2), $3, $4, $5)
        on conflict (email) do nothing returning id",
        Uuid::now_v7(),
        email,
        name,
        role as StaffRole,
        now
    )
    .fetch_optional(db)
    .await
}

/// Returns the account with an e-mail address, unless it is disabled.
pub async fn find_by_email(db: &mut PgConnection, email: &str) -> Result<Option<StaffAccount>, sqlx::Error> {
    sqlx::query_as!(
        StaffAccount,
        "select id, email, name, password_hash from staff where email = lower($1) and disabled_at is null",
        email
    )
    .fetch_optional(db)
    .await
}

/// Whether no account exists.
pub async fn is_empty(db: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!("select not exists (select 1 from staff) as \"empty!\"").fetch_one(db).await
}

/// Returns the staff members to whom a ticket can be assigned, ordered by name.
pub async fn list_active(db: &mut PgConnection) -> Result<Vec<StaffMember>, sqlx::Error> {
    sqlx::query_as!(StaffMember, "select id, name from staff where disabled_at is null order by name, id")
        .fetch_all(db)
        .await
}

/// Stores the invitation of an account in place of an earlier one.
pub async fn upsert_invitation(
    db: &mut PgConnection,
    staff_id: Uuid,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into staff_invitation (staff_id, token_hash, expires_at) values ($1, $2, $3)
        on conflict (staff_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at",
        staff_id,
        token_hash,
        now + INVITATION_TTL
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Returns the account of an invitation that is still valid.
pub(super) async fn find_invited(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<StaffAccount>, sqlx::Error> {
    sqlx::query_as!(
        StaffAccount,
        "select id, email, name, password_hash from staff_invitation
        join staff on staff.id = staff_id and disabled_at is null
        where token_hash = $1 and expires_at > $2",
        token_hash,
        now
    )
    .fetch_optional(db)
    .await
}

/// Deletes an invitation, because it is used. Returns false if another request used it first.
pub(super) async fn delete_invitation(db: &mut PgConnection, token_hash: &[u8]) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!("delete from staff_invitation where token_hash = $1", token_hash).execute(db).await?;
    Ok(result.rows_affected() == 1)
}

/// Sets a password and ends all sessions of the account.
pub async fn set_password(db: &mut PgConnection, staff_id: Uuid, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update staff set password_hash = $2 where id = $1", staff_id, hash).execute(&mut *db).await?;
    delete_all_sessions(db, staff_id).await
}

/// An account that can log in.
pub(super) struct AccountWithPassword {
    pub id: Uuid,
    pub password_hash: String,
}

pub(super) async fn list_with_password(db: &mut PgConnection) -> Result<Vec<AccountWithPassword>, sqlx::Error> {
    sqlx::query_as!(
        AccountWithPassword,
        r#"select id, password_hash as "password_hash!" from staff where password_hash is not null"#
    )
    .fetch_all(db)
    .await
}

/// Removes the password, unless it has been changed, and the sessions.
pub(super) async fn remove_password(
    db: &mut PgConnection,
    staff_id: Uuid,
    password_hash: &str,
) -> Result<(), sqlx::Error> {
    let removed = sqlx::query!(
        "update staff set password_hash = null where id = $1 and password_hash = $2",
        staff_id,
        password_hash
    )
    .execute(&mut *db)
    .await?;
    if removed.rows_affected() > 0 { delete_all_sessions(db, staff_id).await } else { Ok(()) }
}

pub(super) async fn set_lang(db: &mut PgConnection, staff_id: Uuid, lang: Lang) -> Result<(), sqlx::Error> {
    sqlx::query!("update staff set lang = $2 where id = $1", staff_id, lang as Lang).execute(db).await?;
    Ok(())
}

/// The key by which failed logins are counted. Only its hash is stored: no e-mail or IP address is kept, and the length
/// is fixed.
pub(super) struct ThrottleKey(String);

impl ThrottleKey {
    pub(super) fn new(text: impl AsRef<str>) -> ThrottleKey {
        ThrottleKey(hex::encode(sha256(text.as_ref())))
    }
}

/// Counts a login attempt before its password is checked. Attempts with the same key are serialised, so that concurrent
/// ones cannot pass together. Returns the remaining delay, if any; then the attempt does not count.
pub(super) async fn register_attempt(
    db: &mut PgConnection,
    key: &ThrottleKey,
    free: i32,
    now: OffsetDateTime,
) -> Result<Option<Duration>, sqlx::Error> {
    // creates the row if it is missing, and locks it
    let earlier = sqlx::query!(
        "insert into login_throttle (throttle_key, failures, failed_at) values ($1, 0, $2)
        on conflict (throttle_key) do update set throttle_key = excluded.throttle_key returning failures, failed_at",
        key.0,
        now
    )
    .fetch_one(&mut *db)
    .await?;
    let delay = earlier.failed_at + login_delay(earlier.failures, free) - now;
    if delay.is_positive() {
        return Ok(Some(delay));
    }
    sqlx::query!(
        "update login_throttle set failures = case when failed_at < $3 then 1 else failures + 1 end, failed_at = $2
        where throttle_key = $1",
        key.0,
        now,
        now - LOGIN_FAILURE_TTL
    )
    .execute(db)
    .await?;
    Ok(None)
}

/// Deletes the failures of a user who has logged in.
pub(super) async fn reset_login_failures(db: &mut PgConnection, keys: &[ThrottleKey]) -> Result<(), sqlx::Error> {
    let keys: Vec<_> = keys.iter().map(|key| key.0.clone()).collect();
    sqlx::query!("delete from login_throttle where throttle_key = any($1)", &keys).execute(db).await?;
    Ok(())
}

pub(super) async fn insert_session(
    db: &mut PgConnection,
    token_hash: &[u8],
    staff_id: Uuid,
    ip: IpAddr,
    user_agent: &str,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into staff_session (token_hash, staff_id, created_at, last_seen_at, ip, user_agent) values ($1, $2, $3, $3, $4, $5)",
        token_hash,
        staff_id,
        now,
        ip as IpAddr,
        user_agent
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A valid session and its staff member.
pub(super) struct StaffSessionRow {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: StaffRole,
    pub lang: Lang,
    pub last_seen_at: OffsetDateTime,
}

pub(super) async fn find_session(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<StaffSessionRow>, sqlx::Error> {
    sqlx::query_as!(
        StaffSessionRow,
        r#"select staff.id, email, name, role as "role: StaffRole", lang as "lang: Lang", last_seen_at
        from staff_session join staff on staff.id = staff_id
        where token_hash = $1 and staff_session.created_at > $2 and last_seen_at > $3 and disabled_at is null"#,
        token_hash,
        now - SESSION_MAX_AGE,
        now - SESSION_IDLE_TIMEOUT
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn touch_session(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update staff_session set last_seen_at = greatest(last_seen_at, $2) where token_hash = $1",
        token_hash,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn delete_session(db: &mut PgConnection, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from staff_session where token_hash = $1", token_hash).execute(db).await?;
    Ok(())
}

pub(super) async fn delete_all_sessions(db: &mut PgConnection, staff_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from staff_session where staff_id = $1", staff_id).execute(db).await?;
    Ok(())
}

/// A browser with a valid session, for the staff member's own list.
pub(super) struct ActiveSession {
    pub token_hash: Vec<u8>,
    pub created_at: OffsetDateTime,
    pub last_seen_at: OffsetDateTime,
    pub ip: IpAddr,
    pub user_agent: String,
}

pub(super) async fn list_active_sessions(
    db: &mut PgConnection,
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<ActiveSession>, sqlx::Error> {
    sqlx::query_as!(
        ActiveSession,
        r#"select token_hash, created_at, last_seen_at, ip as "ip: IpAddr", user_agent from staff_session
        where staff_id = $1 and created_at > $2 and last_seen_at > $3 order by last_seen_at desc limit 50"#,
        staff_id,
        now - SESSION_MAX_AGE,
        now - SESSION_IDLE_TIMEOUT
    )
    .fetch_all(db)
    .await
}

/// An account as admins see it.
pub(super) struct AccountRow {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: StaffRole,
    pub has_password: bool,
    pub is_disabled: bool,
    pub last_seen_at: Option<OffsetDateTime>,
}

pub(super) async fn list(db: &mut PgConnection) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as!(
        AccountRow,
        r#"select id, email, name, role as "role: StaffRole", password_hash is not null as "has_password!",
            disabled_at is not null as "is_disabled!",
            (select max(last_seen_at) from staff_session where staff_id = staff.id) as last_seen_at
        from staff order by disabled_at is not null, name, id"#
    )
    .fetch_all(db)
    .await
}

/// Disables an account and ends its sessions, or enables it again. Returns false for the last enabled admin, who cannot
/// be disabled.
pub(super) async fn set_disabled(
    db: &mut PgConnection,
    staff_id: Uuid,
    disabled: bool,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    // locks the rows of all admins, so that two admins cannot disable each other at the same time
    sqlx::query!("select id from staff where role = 'admin' order by id for update").fetch_all(&mut *db).await?;
    let result = sqlx::query!(
        "update staff set disabled_at = case when $2 then $3::timestamptz end
        where id = $1 and (not $2 or exists (
            select 1 from staff other where other.role = 'admin' and other.disabled_at is null and other.id <> $1
        ))",
        staff_id,
        disabled,
        now
    )
    .execute(&mut *db)
    .await?;
    if disabled && result.rows_affected() == 1 {
        delete_all_sessions(db, staff_id).await?;
        sqlx::query!("delete from staff_invitation where staff_id = $1", staff_id).execute(db).await?;
    }
    Ok(result.rows_affected() == 1)
}

/// Deletes expired sessions, invitations and login failures. Returns the number of deleted rows.
pub async fn purge_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let sessions = sqlx::query!(
        "delete from staff_session where created_at <= $1 or last_seen_at <= $2",
        now - SESSION_MAX_AGE,
        now - SESSION_IDLE_TIMEOUT
    )
    .execute(&mut *db)
    .await?;
    let invitations =
        sqlx::query!("delete from staff_invitation where expires_at <= $1", now).execute(&mut *db).await?;
    let failures =
        sqlx::query!("delete from login_throttle where failed_at < $1", now - LOGIN_FAILURE_TTL).execute(db).await?;
    Ok(sessions.rows_affected() + invitations.rows_affected() + failures.rows_affected())
}
