//! The SQL of made-up tickets.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{copy::Rows, ticket::MadeUp};
use crate::{
    causes,
    tickets::{Actor, Failure, Reference, Side},
    words::Lang,
};

/// The ticket's columns, in the order in which [`Lot::add`] writes them.
const TICKET: [&str; 43] = [
    "id",
    "reference",
    "category",
    "status",
    "channel",
    "lang",
    "service",
    "caller_kind",
    "caller",
    "caller_extension",
    "caller_typed",
    "callee_kind",
    "callee",
    "callee_extension",
    "callee_typed",
    "call_at",
    "call_precision",
    "in_billing",
    "symptom",
    "account",
    "device",
    "public_ip",
    "error_text",
    "sip_code",
    "description",
    "email",
    "phone",
    "client_ip",
    "client_agent",
    "trail",
    "answers",
    "submission_hash",
    "form_hash",
    "key_hash",
    "assignee",
    "created_at",
    "updated_at",
    "waiting_since",
    "waiting_until",
    "resolved_at",
    "answered_at",
    "merged_into",
    "version",
];
const EVENT: [&str; 5] = ["ticket_id", "at", "actor", "staff_id", "what"];

/// Tickets that go in together, with their histories, as PostgreSQL takes them.
pub struct Lot {
    tickets: Rows,
    events: Rows,
    pub count: u32,
}

impl Lot {
    pub fn of(made: &[MadeUp]) -> Lot {
        let mut lot = Lot { tickets: Rows::new(TICKET.len()), events: Rows::new(EVENT.len()), count: 0 };
        made.iter().for_each(|made| lot.add(made));
        lot
    }

    fn add(&mut self, made: &MadeUp) {
        let row = self.tickets.row();
        row.uuid(made.id).text(made.reference.as_str()).text(made.category.as_str()).text(made.status.as_str());
        row.text(made.channel.as_str()).text(made.lang.code()).text(made.service.as_str());
        failure(row, &made.failure);
        row.maybe(made.error_text, Rows::text);
        row.maybe(made.error_text.and_then(causes::sip_code), Rows::smallint);
        row.maybe(made.description.as_deref(), Rows::text);
        row.maybe(made.email.as_deref(), Rows::text).maybe(made.phone.as_deref(), Rows::text);
        row.address(made.client_ip).text(made.client_agent);
        row.maybe(made.trail.as_deref(), Rows::text).json(&made.answers);
        for hash in &made.hashes {
            row.bytes(hash);
        }
        row.maybe(made.assignee, Rows::uuid).time(made.created_at).time(made.updated_at()).time(made.waiting_since);
        row.maybe(made.waiting_until, Rows::time).maybe(made.resolved_at, Rows::time);
        row.maybe(made.answered_at(), Rows::time);
        row.maybe(made.merged_into, Rows::uuid).integer(made.version());
        for (at, actor, what) in &made.events {
            let who = match actor {
                Actor::Customer => "customer",
                Actor::Staff(_) => "staff",
                Actor::System => "system",
            };
            self.events.row().uuid(made.id).time(*at).text(who).maybe(actor.staff(), Rows::uuid).written(what);
        }
        self.count += 1;
    }

    /// Stores the whole lot.
    pub async fn store(self, db: &mut PgConnection) -> Result<(), sqlx::Error> {
        copy(db, "ticket", &TICKET, self.tickets.end()).await?;
        copy(db, "ticket_event", &EVENT, self.events.end()).await
    }
}

fn failure(row: &mut Rows, failure: &Failure) {
    let side = |row: &mut Rows, side: &Side| {
        let canonical = side.party.canonical();
        row.text(side.party.kind().as_str())
            .maybe(Some(canonical.as_str()).filter(|text| !text.is_empty()), Rows::text);
        row.maybe(side.party.extension(), Rows::text).text(&side.typed);
    };
    match failure {
        Failure::Call { caller, callee, at, precision, in_billing, symptom } => {
            side(row, caller);
            side(row, callee);
            row.time(*at).text(precision.as_str()).text(in_billing.as_str());
            row.maybe(symptom.map(|symptom| symptom.as_str()), Rows::text).null().null().null();
        }
        Failure::LoggedOut { account, device, public_ip } => {
            for _ in 0..12 {
                row.null();
            }
            row.text(&account.canonical()).maybe(device.as_deref(), Rows::text).maybe(*public_ip, Rows::address);
        }
        // nobody makes up e-mails that tell half of it
        Failure::Told(_) => {
            for _ in 0..15 {
                row.null();
            }
        }
    }
}

async fn copy(db: &mut PgConnection, table: &str, columns: &[&str], rows: Vec<u8>) -> Result<(), sqlx::Error> {
    let statement = format!("copy {table} ({}) from stdin (format binary)", columns.join(", "));
    let mut copy = db.copy_in_raw(&statement).await?;
    copy.send(rows).await?;
    copy.finish().await?;
    Ok(())
}

/// A crash may lose the last lots: they were made up, and a commit that waits for the disk is slow.
pub async fn hurry(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select set_config('synchronous_commit', 'off', true) as mode").fetch_one(db).await?;
    Ok(())
}

/// Whether somebody has an account who is not made up: example.com is nobody's (RFC 2606).
pub async fn has_real_people(db: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select from staff where email not like '%@example.com') as "has!""#)
        .fetch_one(db)
        .await
}

pub async fn has_ticket(db: &mut PgConnection, reference: &Reference) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select from ticket where reference = $1) as "has!""#, reference as &Reference)
        .fetch_one(db)
        .await
}

/// Adds to how often pages of the guides were opened.
pub async fn add_visits(db: &mut PgConnection, visits: &[(Date, &str, i64)]) -> Result<(), sqlx::Error> {
    for lot in visits.chunks(10_000) {
        let days: Vec<Date> = lot.iter().map(|(day, _, _)| *day).collect();
        let paths: Vec<String> = lot.iter().map(|(_, path, _)| (*path).to_owned()).collect();
        let counts: Vec<i64> = lot.iter().map(|(_, _, count)| *count).collect();
        sqlx::query!(
            "insert into guide_visit (day, path, visits) select * from unnest($1::date[], $2::text[], $3::bigint[])
            on conflict (day, path) do update set visits = guide_visit.visits + excluded.visits",
            &days,
            &paths,
            &counts
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Adds a saved reply, unless there is one of its name.
pub async fn add_saved_reply(
    db: &mut PgConnection,
    lang: Lang,
    title: &str,
    body: &str,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into saved_reply (id, title, body, lang, changed_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
        Uuid::now_v7(),
        title,
        body,
        lang as Lang,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Calls to numbers that begin with these digits, which somebody has to do with and which were reported since: the tickets, and
/// when they came.
pub async fn calls_to(
    db: &mut PgConnection,
    prefixes: &[&str],
    since: OffsetDateTime,
) -> Result<Vec<(Uuid, OffsetDateTime)>, sqlx::Error> {
    let prefixes: Vec<_> = prefixes.iter().map(|prefix| format!("{prefix}%")).collect();
    let rows = sqlx::query!(
        "select id, created_at from ticket
        where category = 'outgoing' and callee_digits like any($1) and created_at > $2
            and status in ('new', 'open', 'waiting')
        order by id",
        &prefixes,
        since
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.created_at)).collect())
}

/// Pretends that letters from before `until` have gone, but for two that a person has to decide about.
pub async fn post_letters(db: &mut PgConnection, until: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with old as (
            select id, row_number() over (order by id desc) as place from letter where created_at < $1
        )
        update letter set
            state = case when place <= 2 then 'stuck'::letter_state else 'sent' end,
            sent_at = case when place > 2 then created_at + interval '4 seconds' end,
            trouble = case place when 1 then 'refused'::letter_trouble when 2 then 'unsure' end,
            said = case place when 1 then '550 5.1.1 User unknown' end,
            message_id = '<' || letter.id || '@example.com>', attempts = 1
        from old where old.id = letter.id",
        until
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the server would do some day by itself, so that statements are planned well from the start. Not in a transaction.
pub async fn tidy(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("vacuum (analyze) ticket, ticket_event, guide_visit").execute(db).await?;
    Ok(())
}
