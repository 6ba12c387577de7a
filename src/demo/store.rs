//! SQL statements for demo data.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{pg_copy::CopyBuffer, ticket::DemoTicket};
use crate::{
    causes,
    i18n::Lang,
    tickets::{Actor, FailureColumns, REPORT_COLUMNS, ReportedFailure, TicketReference},
};

/// The columns of a ticket that [`REPORT_COLUMNS`] does not contain, in the order in which [`DemoTicketBatch::add`] writes
/// them.
const STATE_COLUMNS: &str = "assignee, created_at, updated_at, awaiting_staff_since, snoozed_until, resolved_at, \
                             first_response_at, merged_into, version";
const EVENT_COLUMNS: &str = "ticket_id, at, actor, staff_id, payload";

/// Tickets and their events that are stored together, encoded for a binary `copy`.
pub(super) struct DemoTicketBatch {
    tickets: CopyBuffer,
    events: CopyBuffer,
    pub count: u32,
}

impl DemoTicketBatch {
    pub(super) fn from_tickets(tickets: &[DemoTicket]) -> DemoTicketBatch {
        let mut batch = DemoTicketBatch {
            tickets: CopyBuffer::new(column_count(&ticket_columns())),
            events: CopyBuffer::new(column_count(EVENT_COLUMNS)),
            count: 0,
        };
        tickets.iter().for_each(|ticket| batch.add(ticket));
        batch
    }

    fn add(&mut self, ticket: &DemoTicket) {
        let row = self.tickets.start_row();
        row.uuid(ticket.id)
            .text(ticket.reference.as_str())
            .text(ticket.category.into_str())
            .text(ticket.status.into_str());
        row.text(ticket.channel.into_str()).text(ticket.lang.code()).text(ticket.service.into_str());
        write_failure(row, &ticket.failure);
        row.nullable(ticket.error_text, CopyBuffer::text);
        row.nullable(ticket.error_text.and_then(causes::extract_sip_code), CopyBuffer::smallint);
        row.nullable(ticket.description.as_deref(), CopyBuffer::text);
        row.nullable(ticket.email.as_deref(), CopyBuffer::text).nullable(ticket.phone.as_deref(), CopyBuffer::text);
        row.inet(ticket.client_ip).text(ticket.user_agent);
        row.nullable(ticket.guide_path.as_deref(), CopyBuffer::text).json(&ticket.guide_answers);
        for hash in &ticket.hashes {
            row.bytes(hash);
        }
        row.nullable(ticket.assignee, CopyBuffer::uuid)
            .timestamp(ticket.created_at)
            .timestamp(ticket.updated_at())
            .timestamp(ticket.awaiting_staff_since);
        row.nullable(ticket.snoozed_until, CopyBuffer::timestamp).nullable(ticket.resolved_at, CopyBuffer::timestamp);
        row.nullable(ticket.first_reply_at(), CopyBuffer::timestamp);
        row.nullable(ticket.merged_into, CopyBuffer::uuid).integer(ticket.version());
        for (at, actor, event) in &ticket.events {
            let actor_kind = match actor {
                Actor::Customer => "customer",
                Actor::Staff(_) => "staff",
                Actor::System => "system",
            };
            self.events
                .start_row()
                .uuid(ticket.id)
                .timestamp(*at)
                .text(actor_kind)
                .nullable(actor.staff_id(), CopyBuffer::uuid)
                .json_value(event);
        }
        self.count += 1;
    }

    /// Stores the tickets and their events.
    pub(super) async fn insert(self, db: &mut PgConnection) -> Result<(), sqlx::Error> {
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
        row.nullable(party.kind.map(Into::into), CopyBuffer::text)
            .nullable(party.canonical.as_deref(), CopyBuffer::text)
            .nullable(party.extension.as_deref(), CopyBuffer::text)
            .nullable(party.raw_text.as_deref(), CopyBuffer::text);
    }
    row.nullable(columns.call_at, CopyBuffer::timestamp)
        .nullable(columns.call_precision.map(Into::into), CopyBuffer::text)
        .nullable(columns.in_billing.map(Into::into), CopyBuffer::text)
        .nullable(columns.symptom.map(Into::into), CopyBuffer::text)
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

/// Commits without a wait for the disk, for speed. A crash may lose the last batches, which is acceptable for demo data.
pub(super) async fn disable_synchronous_commit(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select set_config('synchronous_commit', 'off', true) as mode").fetch_one(db).await?;
    Ok(())
}

/// Whether there is a staff account outside example.com, a domain that is reserved for examples (RFC 2606).
pub(super) async fn has_real_staff(db: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select from staff where email not like '%@example.com') as "has!""#)
        .fetch_one(db)
        .await
}

pub(super) async fn has_ticket(db: &mut PgConnection, reference: &TicketReference) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from ticket where reference = $1) as "has!""#,
        reference as &TicketReference
    )
    .fetch_one(db)
    .await
}

/// Adds to the daily view counts of guide pages.
pub(super) async fn add_page_views(db: &mut PgConnection, page_views: &[(Date, &str, i64)]) -> Result<(), sqlx::Error> {
    for chunk in page_views.chunks(10_000) {
        let days: Vec<Date> = chunk.iter().map(|(day, _, _)| *day).collect();
        let paths: Vec<String> = chunk.iter().map(|(_, path, _)| (*path).to_owned()).collect();
        let counts: Vec<i64> = chunk.iter().map(|(_, _, count)| *count).collect();
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

/// Inserts a saved reply unless one with the same title exists.
pub(super) async fn insert_saved_reply(
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

/// Returns the unresolved outgoing call tickets created after `since` whose callee begins with one of `prefixes`, with
/// their creation times.
pub(super) async fn list_calls_to(
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

/// Marks emails created before `until` as sent. The two newest are marked as failed, so that the list of failed emails is
/// not empty.
pub(super) async fn mark_emails_sent(db: &mut PgConnection, until: OffsetDateTime) -> Result<(), sqlx::Error> {
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

/// Updates the planner statistics now instead of waiting for autovacuum. Must not run in a transaction.
pub(super) async fn vacuum_analyze(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("vacuum (analyze) ticket, ticket_event, guide_page_view").execute(db).await?;
    Ok(())
}
