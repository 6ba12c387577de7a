//! The SQL of made-up tickets.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{pg_copy::CopyBuffer, ticket::DemoTicket};
use crate::{
    causes,
    i18n::Lang,
    tickets::{Actor, CallParty, ReportedFailure, TicketReference},
};

/// The ticket's columns, in the order in which [`Lot::add`] writes them.
const TICKET_COLUMNS: [&str; 43] = [
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
    "caller_raw",
    "callee_kind",
    "callee",
    "callee_extension",
    "callee_raw",
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
    "user_agent",
    "trail",
    "guide_answers",
    "submission_hash",
    "form_hash",
    "access_key_hash",
    "assignee",
    "created_at",
    "updated_at",
    "awaiting_staff_since",
    "snoozed_until",
    "resolved_at",
    "first_response_at",
    "merged_into",
    "version",
];
const EVENT_COLUMNS: [&str; 5] = ["ticket_id", "at", "actor", "staff_id", "payload"];

/// Tickets that go in together, with their histories, as PostgreSQL takes them.
pub struct DemoTicketBatch {
    tickets: CopyBuffer,
    events: CopyBuffer,
    pub count: u32,
}

impl DemoTicketBatch {
    pub fn from_tickets(made: &[DemoTicket]) -> DemoTicketBatch {
        let mut lot = DemoTicketBatch {
            tickets: CopyBuffer::new(TICKET_COLUMNS.len()),
            events: CopyBuffer::new(EVENT_COLUMNS.len()),
            count: 0,
        };
        made.iter().for_each(|made| lot.add(made));
        lot
    }

    fn add(&mut self, made: &DemoTicket) {
        let row = self.tickets.start_row();
        row.uuid(made.id).text(made.reference.as_str()).text(made.category.as_str()).text(made.status.as_str());
        row.text(made.channel.as_str()).text(made.lang.code()).text(made.service.as_str());
        write_failure(row, &made.failure);
        row.nullable(made.error_text, CopyBuffer::text);
        row.nullable(made.error_text.and_then(causes::extract_sip_code), CopyBuffer::smallint);
        row.nullable(made.description.as_deref(), CopyBuffer::text);
        row.nullable(made.email.as_deref(), CopyBuffer::text).nullable(made.phone.as_deref(), CopyBuffer::text);
        row.inet(made.client_ip).text(made.user_agent);
        row.nullable(made.guide_path.as_deref(), CopyBuffer::text).json(&made.guide_answers);
        for hash in &made.hashes {
            row.bytes(hash);
        }
        row.nullable(made.assignee, CopyBuffer::uuid)
            .timestamp(made.created_at)
            .timestamp(made.updated_at())
            .timestamp(made.awaiting_staff_since);
        row.nullable(made.snoozed_until, CopyBuffer::timestamp).nullable(made.resolved_at, CopyBuffer::timestamp);
        row.nullable(made.first_reply_at(), CopyBuffer::timestamp);
        row.nullable(made.merged_into, CopyBuffer::uuid).integer(made.version());
        for (at, actor, what) in &made.events {
            let who = match actor {
                Actor::Customer => "customer",
                Actor::Staff(_) => "staff",
                Actor::System => "system",
            };
            self.events
                .start_row()
                .uuid(made.id)
                .timestamp(*at)
                .text(who)
                .nullable(actor.staff_id(), CopyBuffer::uuid)
                .json_value(what);
        }
        self.count += 1;
    }

    /// Stores the whole lot.
    pub async fn insert(self, db: &mut PgConnection) -> Result<(), sqlx::Error> {
        copy_rows(db, "ticket", &TICKET_COLUMNS, self.tickets.finish()).await?;
        copy_rows(db, "ticket_event", &EVENT_COLUMNS, self.events.finish()).await
    }
}

fn write_failure(row: &mut CopyBuffer, failure: &ReportedFailure) {
    let side = |row: &mut CopyBuffer, side: &CallParty| {
        let canonical = side.party.canonical();
        row.text(side.party.kind().as_str())
            .nullable(Some(canonical.as_str()).filter(|text| !text.is_empty()), CopyBuffer::text);
        row.nullable(side.party.extension(), CopyBuffer::text).text(&side.raw_text);
    };
    match failure {
        ReportedFailure::Call { caller, callee, call_at: at, precision, in_billing, symptom } => {
            side(row, caller);
            side(row, callee);
            row.timestamp(*at).text(precision.as_str()).text(in_billing.as_str());
            row.nullable(symptom.map(|symptom| symptom.as_str()), CopyBuffer::text).null().null().null();
        }
        ReportedFailure::LoggedOut { account, device, public_ip } => {
            for _ in 0..12 {
                row.null();
            }
            row.text(&account.canonical())
                .nullable(device.as_deref(), CopyBuffer::text)
                .nullable(*public_ip, CopyBuffer::inet);
        }
        // nobody makes up e-mails that tell half of it
        ReportedFailure::Partial(_) => {
            for _ in 0..15 {
                row.null();
            }
        }
    }
}

async fn copy_rows(db: &mut PgConnection, table: &str, columns: &[&str], rows: Vec<u8>) -> Result<(), sqlx::Error> {
    let statement = format!("copy {table} ({}) from stdin (format binary)", columns.join(", "));
    let mut copy = db.copy_in_raw(&statement).await?;
    copy.send(rows).await?;
    copy.finish().await?;
    Ok(())
}

/// A crash may lose the last lots: they were made up, and a commit that waits for the disk is slow.
pub async fn disable_synchronous_commit(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select set_config('synchronous_commit', 'off', true) as mode").fetch_one(db).await?;
    Ok(())
}

/// Whether somebody has an account who is not made up: example.com is nobody's (RFC 2606).
pub async fn has_real_staff(db: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select from staff where email not like '%@example.com') as "has!""#)
        .fetch_one(db)
        .await
}

pub async fn has_ticket(db: &mut PgConnection, reference: &TicketReference) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from ticket where reference = $1) as "has!""#,
        reference as &TicketReference
    )
    .fetch_one(db)
    .await
}

/// Adds to how often pages of the guides were opened.
pub async fn add_page_views(db: &mut PgConnection, visits: &[(Date, &str, i64)]) -> Result<(), sqlx::Error> {
    for lot in visits.chunks(10_000) {
        let days: Vec<Date> = lot.iter().map(|(day, _, _)| *day).collect();
        let paths: Vec<String> = lot.iter().map(|(_, path, _)| (*path).to_owned()).collect();
        let counts: Vec<i64> = lot.iter().map(|(_, _, count)| *count).collect();
        sqlx::query!(
            "insert into guide_page_view (day, path, views) select * from unnest($1::date[], $2::text[], $3::bigint[])
            on conflict (day, path) do update set views = guide_page_view.views + excluded.views",
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
pub async fn insert_saved_reply(
    db: &mut PgConnection,
    lang: Lang,
    title: &str,
    body: &str,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into saved_reply (id, title, body, lang, updated_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
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
pub async fn list_calls_to(
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
pub async fn mark_emails_sent(db: &mut PgConnection, until: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with old as (
            select id, row_number() over (order by id desc) as place from outgoing_email where created_at < $1
        )
        update outgoing_email set
            state = case when place <= 2 then 'failed'::email_state else 'sent' end,
            sent_at = case when place > 2 then created_at + interval '4 seconds' end,
            failure = case place when 1 then 'rejected'::delivery_failure when 2 then 'unconfirmed' end,
            server_response = case place when 1 then '550 5.1.1 User unknown' end,
            message_id = '<' || outgoing_email.id || '@example.com>', attempts = 1
        from old where old.id = outgoing_email.id",
        until
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the server would do some day by itself, so that statements are planned well from the start. Not in a transaction.
pub async fn vacuum_analyze(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("vacuum (analyze) ticket, ticket_event, guide_visit").execute(db).await?;
    Ok(())
}
