//! The SQL of made-up tickets.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{pg_copy::CopyBuffer, ticket::DemoTicket};
use crate::{
    causes,
    i18n::Lang,
    phone::PartyKind,
    tickets::{
        Actor, AudioSymptom, BillingPresence, CallTimePrecision, FailureColumns, REPORT_COLUMNS, ReportedFailure,
        TicketReference,
    },
};

/// The columns of a ticket that [`REPORT_COLUMNS`] does not contain, in the order in which [`DemoTicketBatch::add`] writes
/// them.
const STATE_COLUMNS: &str = "assignee, created_at, updated_at, awaiting_staff_since, snoozed_until, resolved_at, \
                             first_response_at, merged_into, version";
const EVENT_COLUMNS: &str = "ticket_id, at, actor, staff_id, payload";

/// Tickets that go in together, with their histories, as PostgreSQL takes them.
pub struct DemoTicketBatch {
    tickets: CopyBuffer,
    events: CopyBuffer,
    pub count: u32,
}

impl DemoTicketBatch {
    pub fn from_tickets(made: &[DemoTicket]) -> DemoTicketBatch {
        let mut lot = DemoTicketBatch {
            tickets: CopyBuffer::new(column_count(&ticket_columns())),
            events: CopyBuffer::new(column_count(EVENT_COLUMNS)),
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
        copy_rows(db, "ticket", &ticket_columns(), self.tickets.finish()).await?;
        copy_rows(db, "ticket_event", EVENT_COLUMNS, self.events.finish()).await
    }
}

fn ticket_columns() -> String {
    format!("{REPORT_COLUMNS}, {STATE_COLUMNS}")
}

fn column_count(columns: &str) -> usize {
    columns.split(',').count()
}

fn write_failure(row: &mut CopyBuffer, failure: &ReportedFailure) {
    let columns = FailureColumns::from(failure);
    for party in [&columns.caller, &columns.callee] {
        row.nullable(party.kind.map(PartyKind::as_str), CopyBuffer::text)
            .nullable(party.canonical.as_deref(), CopyBuffer::text)
            .nullable(party.extension.as_deref(), CopyBuffer::text)
            .nullable(party.raw_text.as_deref(), CopyBuffer::text);
    }
    row.nullable(columns.call_at, CopyBuffer::timestamp)
        .nullable(columns.call_precision.map(CallTimePrecision::as_str), CopyBuffer::text)
        .nullable(columns.in_billing.map(BillingPresence::as_str), CopyBuffer::text)
        .nullable(columns.symptom.map(AudioSymptom::as_str), CopyBuffer::text)
        .nullable(columns.account.as_deref(), CopyBuffer::text)
        .nullable(columns.device.as_deref(), CopyBuffer::text)
        .nullable(columns.public_ip, CopyBuffer::inet);
}

async fn copy_rows(db: &mut PgConnection, table: &str, columns: &str, rows: Vec<u8>) -> Result<(), sqlx::Error> {
    let statement = format!("copy {table} ({columns}) from stdin (format binary)");
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
    sqlx::raw_sql("vacuum (analyze) ticket, ticket_event, guide_page_view").execute(db).await?;
    Ok(())
}
