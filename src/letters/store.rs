//! The letters' SQL.

use sqlx::{PgConnection, types::Json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{DAYS, State, Told, Trouble};
use crate::{
    tickets::{Category, LetterKind, Reference, What},
    words::Lang,
};

/// How long a program has the letters that it took. It says so again for each that it hands over.
const LEASE: Duration = Duration::minutes(15);

/// A letter that this program has, with what is needed to put it together.
#[derive(Debug)]
pub(super) struct Due {
    pub id: i64,
    pub claim: i32,
    pub attempts: i16,
    pub kind: LetterKind,
    pub in_reply_to: Option<String>,
    pub message_id: Option<String>,
    /// The first letter to this reader about this: all others answer it.
    pub first: i64,
    pub first_message_id: Option<String>,
    pub reader: Reader,
    pub lang: Lang,
    pub email: Option<String>,
    /// What it tells of.
    pub what: Option<Json<What>>,
    /// Who did it.
    pub name: Option<String>,
    /// The incident that it tells of, with what staff wrote to all who joined.
    pub incident: Option<i64>,
    pub incident_title: Option<String>,
    pub incident_text: Option<String>,
    /// Whether that happened to the ticket that this one is a duplicate of.
    pub is_of_main: bool,
}

/// Whom a letter is to.
#[derive(Debug)]
pub(super) enum Reader {
    /// The customer of a ticket.
    Customer(OfTicket),
    /// Somebody who follows an incident, by their number.
    Follower(i64),
}

#[derive(Debug)]
pub(super) struct OfTicket {
    pub reference: Reference,
    pub category: Category,
    pub created_at: OffsetDateTime,
    pub submission_hash: Vec<u8>,
    pub key_generation: i32,
    pub key_hash: Vec<u8>,
}

/// Takes letters that are due, at most `most`, each reader's in their order. Programs at the same time take different ones.
pub(super) async fn claim(db: &mut PgConnection, most: usize, now: OffsetDateTime) -> Result<Vec<Due>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with due as (
            select id from letter
            where state = 'waiting' and next_at <= $1 and (claimed_until is null or claimed_until <= $1)
                and not exists (
                    select from letter earlier
                    where earlier.ticket_id = letter.ticket_id and earlier.id < letter.id
                        and earlier.state in ('waiting', 'sending')
                )
                and not exists (
                    select from letter earlier
                    where earlier.follower_id = letter.follower_id and earlier.id < letter.id
                        and earlier.state in ('waiting', 'sending')
                )
            order by next_at, id
            limit $2
            for update skip locked
        ), mine as (
            update letter set claimed_until = $3, claim = claim + 1
            from due where letter.id = due.id
            returning letter.*
        )
        select
            mine.id as "id!", mine.claim as "claim!", mine.attempts as "attempts!", mine.kind as "kind!: LetterKind",
            mine.in_reply_to, mine.message_id, mine.follower_id,
            coalesce(first.id, mine.id) as "first!", first.message_id as "first_message_id?",
            ticket.reference as "reference?: Reference", ticket.category as "category?: Category",
            coalesce(ticket.lang, follower.lang) as "lang!: Lang", coalesce(ticket.email, follower.email) as email,
            ticket.created_at as "reported_at?", ticket.submission_hash as "submission_hash?",
            ticket.key_generation as "key_generation?", ticket.key_hash as "key_hash?",
            event.what as "what?: Json<What>", staff.name as "name?", incident.id as "incident?",
            case coalesce(ticket.lang, follower.lang) when 'pl' then incident.title_pl else incident.title_en end as incident_title,
            case coalesce(ticket.lang, follower.lang)
                when 'pl' then incident_update.text_pl else incident_update.text_en
            end as incident_text,
            coalesce(event.ticket_id <> mine.ticket_id, false) as "is_of_main!"
        from mine
        left join ticket on ticket.id = mine.ticket_id
        left join incident_follower follower on follower.id = mine.follower_id
        left join lateral (
            (
                select id, message_id from letter where letter.ticket_id = mine.ticket_id and state <> 'dropped'
                order by id limit 1
            ) union all (
                select id, message_id from letter where letter.follower_id = mine.follower_id and state <> 'dropped'
                order by id limit 1
            )
        ) first on true
        left join ticket_event event on event.id = mine.event_id
        left join staff on staff.id = event.staff_id
        left join incident_update on incident_update.id = mine.incident_update_id
        left join incident on incident.id = coalesce(incident_update.incident_id, follower.incident_id)
        order by mine.next_at, mine.id"#,
        now,
        i64::try_from(most).unwrap_or(i64::MAX),
        now + LEASE,
    )
    .fetch_all(db)
    .await?;
    let due = rows.into_iter().filter_map(|row| {
        let reader = match row.follower_id {
            Some(follower) => Reader::Follower(follower),
            None => Reader::Customer(OfTicket {
                reference: row.reference?,
                category: row.category?,
                created_at: row.reported_at?,
                submission_hash: row.submission_hash?,
                key_generation: row.key_generation?,
                key_hash: row.key_hash?,
            }),
        };
        Some(Due {
            id: row.id,
            claim: row.claim,
            attempts: row.attempts,
            kind: row.kind,
            in_reply_to: row.in_reply_to,
            message_id: row.message_id,
            first: row.first,
            first_message_id: row.first_message_id,
            reader,
            lang: row.lang,
            email: row.email,
            what: row.what,
            name: row.name,
            incident: row.incident,
            incident_title: row.incident_title,
            incident_text: row.incident_text,
            is_of_main: row.is_of_main,
        })
    });
    Ok(due.collect())
}

/// Marks a letter whose text is handed over next. False when this program has it no more, or a person gave it up.
pub(super) async fn mark(
    db: &mut PgConnection,
    due: &Due,
    message_id: &str,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update letter set state = 'sending', claimed_until = $4, message_id = $3
        where id = $1 and claim = $2 and state = 'waiting'",
        due.id,
        due.claim,
        message_id,
        now + LEASE,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The server has it.
pub(super) async fn sent(db: &mut PgConnection, due: &Due, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update letter set
            state = 'sent', sent_at = $3, claimed_until = null, attempts = attempts + 1, trouble = null, said = null
        where id = $1 and claim = $2 and state = 'sending'",
        due.id,
        due.claim,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What became of a letter that did not go.
pub(super) struct NotSent<'a> {
    pub state: State,
    pub trouble: Trouble,
    pub said: &'a str,
    /// When it is tried again.
    pub next_at: OffsetDateTime,
    /// Whether it was this letter's own fault, so that the try counts.
    pub counts: bool,
}

pub(super) async fn not_sent(db: &mut PgConnection, due: &Due, how: &NotSent<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update letter set
            state = $3, trouble = $4, said = left(nullif($5, ''), 500), next_at = $6, claimed_until = null,
            attempts = attempts + $7::boolean::integer
        where id = $1 and claim = $2 and state in ('waiting', 'sending')",
        due.id,
        due.claim,
        how.state as State,
        how.trouble as Trouble,
        how.said,
        how.next_at,
        how.counts,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives letters back that were taken and not tried.
pub(super) async fn give_back(db: &mut PgConnection, due: &[Due]) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = due.iter().map(|due| due.id).collect();
    let claims: Vec<_> = due.iter().map(|due| due.claim).collect();
    sqlx::query!(
        "update letter set claimed_until = null
        from unnest($1::bigint[], $2::integer[]) as mine (id, claim)
        where letter.id = mine.id and letter.claim = mine.claim and state = 'waiting'",
        &ids,
        &claims
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts letters before a person: those that a program was handing over when it ended, and those that have become too old.
/// Gives how many.
pub(super) async fn put_aside(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update letter set
            state = 'stuck', claimed_until = null,
            trouble = case state when 'sending' then 'unsure'::letter_trouble else 'late' end
        where state = 'sending' and claimed_until <= $1
            or state = 'waiting' and next_at <= $1 and (claimed_until is null or claimed_until <= $1)
                and coalesce(again_at, created_at) <= $2",
        now,
        now - DAYS,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// The ticket that a letter was about; none for one to somebody who follows an incident.
///
/// # Errors
/// When the database is away.
pub async fn ticket_of_letter(db: &mut PgConnection, letter: i64) -> Result<Option<Uuid>, sqlx::Error> {
    let ticket = sqlx::query_scalar!("select ticket_id from letter where id = $1", letter).fetch_optional(db).await?;
    Ok(ticket.flatten())
}

/// The incident that a letter was about, if it was to somebody who follows one.
///
/// # Errors
/// When the database is away.
pub async fn incident_of_letter(db: &mut PgConnection, letter: i64) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select incident_id from letter join incident_follower follower on follower.id = follower_id where letter.id = $1",
        letter
    )
    .fetch_optional(db)
    .await
}

/// Puts a letter that was sent and came back before a person, with what the recipient's server said.
///
/// # Errors
/// When the database is away.
pub async fn came_back(db: &mut PgConnection, letter: i64, said: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update letter set
            state = 'stuck', trouble = 'refused', said = left(nullif($2, ''), 500), sent_at = null, claimed_until = null
        where id = $1 and state in ('sent', 'sending')",
        letter,
        said
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Makes the letter that says a report is here an answer to the mail that it came by: in the transaction that opens the
/// ticket.
///
/// # Errors
/// When the database is away.
pub async fn answers(db: &mut PgConnection, ticket: Uuid, message_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update letter set in_reply_to = left($2, 1000) where ticket_id = $1 and kind = 'received' and state = 'waiting'",
        ticket,
        message_id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A ticket's letters, the oldest first.
///
/// # Errors
/// When the database is away.
pub async fn of_ticket(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<Told>, sqlx::Error> {
    sqlx::query_as!(
        Told,
        r#"select
            kind as "kind: LetterKind", state as "state: State", created_at, next_at, sent_at,
            trouble as "trouble: Trouble", said
        from letter where ticket_id = $1 order by id"#,
        ticket
    )
    .fetch_all(db)
    .await
}

/// How many letters need a person, counted no further than `most`.
pub(super) async fn stuck(db: &mut PgConnection, most: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (select from letter where state = 'stuck' limit $1) stuck"#,
        most
    )
    .fetch_one(db)
    .await
}
