//! The SQL of the page of letters, and what staff decide there.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    letters::{State, Trouble},
    tickets::{LetterKind, Reference},
};

/// A letter that has not gone.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub id: i64,
    /// The ticket that it is about,
    pub reference: Option<Reference>,
    /// or the incident that its reader follows.
    pub incident: Option<i64>,
    pub kind: LetterKind,
    pub state: State,
    pub email: Option<String>,
    pub created_at: OffsetDateTime,
    pub next_at: OffsetDateTime,
    pub attempts: i16,
    pub trouble: Option<Trouble>,
    pub said: Option<String>,
}

/// Letters that need a person, the oldest first, behind the letter `after`.
pub(super) async fn stuck(db: &mut PgConnection, after: i64, most: i64) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"select
            letter.id, reference as "reference?: Reference", incident_id as "incident?", letter.kind as "kind: LetterKind",
            letter.state as "state: State", coalesce(ticket.email, follower.email) as email, letter.created_at, next_at,
            attempts, trouble as "trouble: Trouble", said
        from letter left join ticket on ticket.id = ticket_id left join incident_follower follower on follower.id = follower_id
        where state = 'stuck' and letter.id > $1
        order by letter.id limit $2"#,
        after,
        most
    )
    .fetch_all(db)
    .await
}

/// Letters that wait, those that go next first, behind that place in the line.
pub(super) async fn waiting(
    db: &mut PgConnection,
    after: (OffsetDateTime, i64),
    most: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"select
            letter.id, reference as "reference?: Reference", incident_id as "incident?", letter.kind as "kind: LetterKind",
            letter.state as "state: State", coalesce(ticket.email, follower.email) as email, letter.created_at, next_at,
            attempts, trouble as "trouble: Trouble", said
        from letter left join ticket on ticket.id = ticket_id left join incident_follower follower on follower.id = follower_id
        where state in ('waiting', 'sending') and (next_at, letter.id) > ($1, $2)
        order by next_at, letter.id limit $3"#,
        after.0,
        after.1,
        most
    )
    .fetch_all(db)
    .await
}

/// How many wait and how many need a person, each counted no further than `most`.
pub(super) async fn counts(db: &mut PgConnection, most: i64) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"select
            (select count(*) from (select from letter where state in ('waiting', 'sending') limit $1) waiting) as "waiting!",
            (select count(*) from (select from letter where state = 'stuck' limit $1) stuck) as "stuck!""#,
        most
    )
    .fetch_one(db)
    .await?;
    Ok((row.waiting, row.stuck))
}

/// What a person wants to become of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// To be sent now, or once more.
    Again,
    /// Not to be sent.
    Never,
}

/// Does it to one letter, or to all that need a person. A letter that is being handed over is left alone. Gives how many.
pub(super) async fn decide(
    db: &mut PgConnection,
    letter: Option<i64>,
    wish: Wish,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let done = match wish {
        Wish::Again => {
            sqlx::query!(
                "update letter set state = 'waiting', next_at = $2, again_at = $2, attempts = 0, staff_id = $3
                where ($1::bigint is null and state = 'stuck') or (id = $1 and state in ('stuck', 'waiting'))",
                letter,
                now,
                staff
            )
            .execute(db)
            .await?
        }
        Wish::Never => {
            sqlx::query!(
                "update letter set state = 'dropped', staff_id = $2
                where ($1::bigint is null and state = 'stuck') or (id = $1 and state in ('stuck', 'waiting'))",
                letter,
                staff
            )
            .execute(db)
            .await?
        }
    };
    Ok(done.rows_affected())
}
