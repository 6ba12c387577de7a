//! The staff's SQL.

use std::net::IpAddr;

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{ABSOLUTE, FORGOTTEN, IDLE, INVITATION, Person, Role, pause};
use crate::{
    token::{hash, hex},
    words::Lang,
};

/// An account, as signing in needs it.
pub struct Account {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub password_hash: Option<String>,
}

/// Adds an account; `None` when the e-mail address has one.
///
/// # Errors
/// When the database is away, or a name or address breaks the table's rules.
pub async fn add(
    db: &mut PgConnection,
    email: &str,
    name: &str,
    role: Role,
    now: OffsetDateTime,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into staff (id, email, name, role, created_at) values ($1, lower($2), $3, $4, $5)
        on conflict (email) do nothing returning id",
        Uuid::now_v7(),
        email,
        name,
        role as Role,
        now
    )
    .fetch_optional(db)
    .await
}

/// The account of an e-mail address, unless it is disabled.
///
/// # Errors
/// When the database is away.
pub async fn find(db: &mut PgConnection, email: &str) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        "select id, email, name, password_hash from staff where email = lower($1) and disabled_at is null",
        email
    )
    .fetch_optional(db)
    .await
}

/// Whether there is no account at all.
///
/// # Errors
/// When the database is away.
pub async fn is_empty(db: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!("select not exists (select 1 from staff) as \"empty!\"").fetch_one(db).await
}

/// Everybody to whom a ticket can be given, by name.
///
/// # Errors
/// When the database is away.
pub async fn colleagues(db: &mut PgConnection) -> Result<Vec<Person>, sqlx::Error> {
    sqlx::query_as!(Person, "select id, name from staff where disabled_at is null order by name, id")
        .fetch_all(db)
        .await
}

/// Replaces the person's one-time link.
///
/// # Errors
/// When the database is away.
pub async fn invite(
    db: &mut PgConnection,
    staff: Uuid,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into staff_invitation (staff_id, token_hash, expires_at) values ($1, $2, $3)
        on conflict (staff_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at",
        staff,
        token_hash,
        now + INVITATION
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whose one-time link this is, while it is good.
pub async fn invited(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        "select id, email, name, password_hash from staff_invitation
        join staff on staff.id = staff_id and disabled_at is null
        where token_hash = $1 and expires_at > $2",
        token_hash,
        now
    )
    .fetch_optional(db)
    .await
}

/// Uses a one-time link up. False when somebody was first.
pub async fn accept(db: &mut PgConnection, token_hash: &[u8]) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("delete from staff_invitation where token_hash = $1", token_hash).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

/// Sets a password and ends every session that was begun with the old one.
///
/// # Errors
/// When the database is away.
pub async fn set_password(db: &mut PgConnection, staff: Uuid, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update staff set password_hash = $2 where id = $1", staff, hash).execute(&mut *db).await?;
    end_all_sessions(db, staff).await
}

pub async fn set_lang(db: &mut PgConnection, staff: Uuid, lang: Lang) -> Result<(), sqlx::Error> {
    sqlx::query!("update staff set lang = $2 where id = $1", staff, lang as Lang).execute(db).await?;
    Ok(())
}

/// What failures are counted by. Only its hash is kept: no address of a person or a machine lies there, and none is too long.
pub struct Subject(String);

impl Subject {
    pub fn of(text: impl AsRef<str>) -> Subject {
        Subject(hex(&hash(text.as_ref())))
    }
}

/// Counts an attempt to sign in before it is judged, one at a time for each subject, so that many at once don't slip
/// through together. Gives the time to wait when there is one; then the attempt does not count.
pub async fn attempt(
    db: &mut PgConnection,
    subject: &Subject,
    free: i32,
    now: OffsetDateTime,
) -> Result<Option<Duration>, sqlx::Error> {
    // the row is there and locked, whoever else forgives it at the same time
    let earlier = sqlx::query!(
        "insert into sign_in_pause (subject, failures, failed_at) values ($1, 0, $2)
        on conflict (subject) do update set subject = excluded.subject returning failures, failed_at",
        subject.0,
        now
    )
    .fetch_one(&mut *db)
    .await?;
    let wait = earlier.failed_at + pause(earlier.failures, free) - now;
    if wait.is_positive() {
        return Ok(Some(wait));
    }
    sqlx::query!(
        "update sign_in_pause set failures = case when failed_at < $3 then 1 else failures + 1 end, failed_at = $2
        where subject = $1",
        subject.0,
        now,
        now - FORGOTTEN
    )
    .execute(db)
    .await?;
    Ok(None)
}

/// Forgets the failures of somebody who signed in.
pub async fn forgive(db: &mut PgConnection, subjects: &[Subject]) -> Result<(), sqlx::Error> {
    let subjects: Vec<_> = subjects.iter().map(|subject| subject.0.clone()).collect();
    sqlx::query!("delete from sign_in_pause where subject = any($1)", &subjects).execute(db).await?;
    Ok(())
}

pub async fn begin_session(
    db: &mut PgConnection,
    token_hash: &[u8],
    staff: Uuid,
    ip: IpAddr,
    agent: &str,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into staff_session (token_hash, staff_id, created_at, seen_at, ip, agent) values ($1, $2, $3, $3, $4, $5)",
        token_hash,
        staff,
        now,
        ip as IpAddr,
        agent
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Who a session belongs to.
pub struct SessionRow {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub lang: Lang,
    pub seen_at: OffsetDateTime,
}

pub async fn session(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<SessionRow>, sqlx::Error> {
    sqlx::query_as!(
        SessionRow,
        r#"select staff.id, email, name, role as "role: Role", lang as "lang: Lang", seen_at
        from staff_session join staff on staff.id = staff_id
        where token_hash = $1 and staff_session.created_at > $2 and seen_at > $3 and disabled_at is null"#,
        token_hash,
        now - ABSOLUTE,
        now - IDLE
    )
    .fetch_optional(db)
    .await
}

pub async fn touch_session(db: &mut PgConnection, token_hash: &[u8], now: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!("update staff_session set seen_at = greatest(seen_at, $2) where token_hash = $1", token_hash, now)
        .execute(db)
        .await?;
    Ok(())
}

pub async fn end_session(db: &mut PgConnection, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from staff_session where token_hash = $1", token_hash).execute(db).await?;
    Ok(())
}

pub async fn end_all_sessions(db: &mut PgConnection, staff: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from staff_session where staff_id = $1", staff).execute(db).await?;
    Ok(())
}

/// A signed-in browser, for the person's own list.
pub struct OpenSession {
    pub token_hash: Vec<u8>,
    pub created_at: OffsetDateTime,
    pub seen_at: OffsetDateTime,
    pub ip: IpAddr,
    pub agent: String,
}

pub async fn open_sessions(
    db: &mut PgConnection,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<OpenSession>, sqlx::Error> {
    sqlx::query_as!(
        OpenSession,
        r#"select token_hash, created_at, seen_at, ip as "ip: IpAddr", agent from staff_session
        where staff_id = $1 and created_at > $2 and seen_at > $3 order by seen_at desc limit 50"#,
        staff,
        now - ABSOLUTE,
        now - IDLE
    )
    .fetch_all(db)
    .await
}

/// An account as admins see it.
pub struct Listed {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub has_password: bool,
    pub disabled: bool,
    pub seen_at: Option<OffsetDateTime>,
}

pub async fn list(db: &mut PgConnection) -> Result<Vec<Listed>, sqlx::Error> {
    sqlx::query_as!(
        Listed,
        r#"select id, email, name, role as "role: Role", password_hash is not null as "has_password!",
            disabled_at is not null as "disabled!",
            (select max(seen_at) from staff_session where staff_id = staff.id) as seen_at
        from staff order by disabled_at is not null, name, id"#
    )
    .fetch_all(db)
    .await
}

/// Shuts an account out, sessions and all, or lets it in again. The last admin can't be shut out; false then.
pub async fn set_disabled(
    db: &mut PgConnection,
    staff: Uuid,
    disabled: bool,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    // every admin's row is locked, so that two admins can't shut each other out at once
    sqlx::query!("select id from staff where role = 'admin' order by id for update").fetch_all(&mut *db).await?;
    let done = sqlx::query!(
        "update staff set disabled_at = case when $2 then $3::timestamptz end
        where id = $1 and (not $2 or exists (
            select 1 from staff other where other.role = 'admin' and other.disabled_at is null and other.id <> $1
        ))",
        staff,
        disabled,
        now
    )
    .execute(&mut *db)
    .await?;
    if disabled && done.rows_affected() == 1 {
        end_all_sessions(db, staff).await?;
        sqlx::query!("delete from staff_invitation where staff_id = $1", staff).execute(db).await?;
    }
    Ok(done.rows_affected() == 1)
}

/// Drops sessions and links that are over and failures that are forgotten. Gives how many rows went.
///
/// # Errors
/// When the database is away.
pub async fn forget_what_is_over(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let sessions =
        sqlx::query!("delete from staff_session where created_at <= $1 or seen_at <= $2", now - ABSOLUTE, now - IDLE)
            .execute(&mut *db)
            .await?;
    let links = sqlx::query!("delete from staff_invitation where expires_at <= $1", now).execute(&mut *db).await?;
    let failures = sqlx::query!("delete from sign_in_pause where failed_at < $1", now - FORGOTTEN).execute(db).await?;
    Ok(sessions.rows_affected() + links.rows_affected() + failures.rows_affected())
}
