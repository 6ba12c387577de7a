//! The SQL of an incident's tickets, candidates and counts.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    i18n::Lang,
    incidents::incident::{IncidentState, IncidentTicket},
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

#[derive(Debug, Clone, Copy)]
pub(in crate::incidents) struct IncidentCounts {
    pub tickets: i64,
    /// Joined tickets that are not resolved yet.
    pub unresolved_tickets: i64,
    pub joined_by_customer: i64,
    /// Visitors who said "me too".
    pub visitors: i64,
    /// Confirmed email subscriptions.
    pub subscribers: i64,
    pub emails: i64,
}

pub(in crate::incidents) async fn load_counts(db: &mut PgConnection, id: i64) -> Result<IncidentCounts, sqlx::Error> {
    sqlx::query_as!(
        IncidentCounts,
        r#"select
            count(*) as "tickets!", count(*) filter (where ended_at is null) as "unresolved_tickets!",
            count(*) filter (where join_source = 'customer') as "joined_by_customer!",
            (select count(*) from incident_me_too where incident_id = $1)
                + (select archived_me_too_count from incident where id = $1) as "visitors!",
            (
                select count(*) from incident_subscriber where incident_id = $1 and confirmed_at is not null
            ) as "subscribers!",
            (
                select count(*) from outgoing_email join incident_update on incident_update.id = incident_update_id
                where incident_update.incident_id = $1
            ) as "emails!"
        from incident_ticket where incident_id = $1"#,
        id
    )
    .fetch_one(db)
    .await
}

/// The joined tickets of an incident in the order of creation, after the ticket `after`.
pub(in crate::incidents) async fn list_joined_tickets(
    db: &mut PgConnection,
    id: i64,
    after: Uuid,
    limit: i64,
) -> Result<Vec<IncidentTicket>, sqlx::Error> {
    sqlx::query_as!(
        IncidentTicket,
        r#"select
            ticket.id, reference as "reference: TicketReference", category as "category: TicketCategory", status as "status: TicketStatus",
            callee, sip_code, coalesce(call_at, created_at) as "occurred_at!"
        from incident_ticket joined join ticket on ticket.id = joined.ticket_id
        where joined.incident_id = $1 and joined.ticket_id > $2
        order by joined.ticket_id limit $3"#,
        id,
        after,
        limit
    )
    .fetch_all(db)
    .await
}

/// Candidate tickets that have joined no incident, in the order of creation.
pub(in crate::incidents) async fn list_candidate_tickets(
    db: &mut PgConnection,
    id: i64,
    limit: i64,
) -> Result<Vec<IncidentTicket>, sqlx::Error> {
    sqlx::query_as!(
        IncidentTicket,
        r#"select
            ticket.id, reference as "reference: TicketReference", category as "category: TicketCategory", status as "status: TicketStatus",
            callee, sip_code, coalesce(call_at, created_at) as "occurred_at!"
        from incident_candidate candidate join ticket on ticket.id = candidate.ticket_id
        where candidate.incident_id = $1 and declined_at is null and ticket.status in ('new', 'open', 'waiting')
            and not exists (
                select from incident_ticket joined where joined.ticket_id = candidate.ticket_id and ended_at is null
            )
        order by candidate.ticket_id limit $2"#,
        id,
        limit
    )
    .fetch_all(db)
    .await
}

/// The tickets that joined when a proposal was confirmed and have not left.
pub(in crate::incidents) async fn list_matched_ticket_ids(
    db: &mut PgConnection,
    id: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select ticket_id from incident_ticket where incident_id = $1 and join_source = 'matched' and ended_at is null
        order by ticket_id",
        id
    )
    .fetch_all(db)
    .await
}

/// Records that tickets do not belong to an incident, so that they are not proposed to it again.
pub async fn decline_tickets(
    db: &mut PgConnection,
    id: i64,
    ticket_ids: &[Uuid],
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into incident_candidate (incident_id, ticket_id, at, declined_at)
        select incident.id, ticket.id, $3, $3 from incident cross join ticket where incident.id = $1 and ticket.id = any($2)
        on conflict (incident_id, ticket_id) do update set declined_at = coalesce(incident_candidate.declined_at, $3)",
        id,
        ticket_ids,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Counts a visitor who said "me too", once. Returns false if the incident is not published.
pub(in crate::incidents) async fn insert_visitor(
    db: &mut PgConnection,
    id: i64,
    visitor_tag: &str,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with published as (select id from incident where id = $1 and state = 'published'), inserted as (
            insert into incident_me_too (incident_id, visitor_hash, at) select id, $2, $3 from published on conflict do nothing
        )
        select exists (select from published) as "is_published!""#,
        id,
        visitor_tag,
        now
    )
    .fetch_one(db)
    .await
}

/// An incident of a ticket: joined or proposed.
#[derive(Debug, Clone)]
pub struct TicketIncident {
    pub id: i64,
    pub state: IncidentState,
    title_pl: String,
    title_en: String,
    pub is_joined: bool,
}

impl TicketIncident {
    /// A proposed incident must be confirmed on its own page first.
    pub fn can_be_joined(&self) -> bool {
        self.state.is_editable()
    }

    pub fn is_closed(&self) -> bool {
        !self.state.accepts_tickets()
    }

    pub fn title(&self, lang: &Lang) -> &str {
        match lang {
            Lang::Pl => &self.title_pl,
            Lang::En => &self.title_en,
        }
    }
}

/// The incidents of a ticket: first those that it has joined, then the proposed ones; each the newest first.
pub async fn list_for_ticket(db: &mut PgConnection, ticket_id: Uuid) -> Result<Vec<TicketIncident>, sqlx::Error> {
    sqlx::query_as!(
        TicketIncident,
        r#"select id as "id!", state as "state!: IncidentState", title_pl as "title_pl!", title_en as "title_en!", true as "is_joined!"
        from incident_ticket joined join incident on incident.id = joined.incident_id
        where joined.ticket_id = $1
        union all
        select id, state, title_pl, title_en, false
        from incident_candidate candidate join incident on incident.id = candidate.incident_id
        where candidate.ticket_id = $1 and declined_at is null and state in ('proposed', 'draft', 'published')
            and not exists (
                select from incident_ticket joined where joined.ticket_id = $1 and ended_at is null
            )
        order by 5 desc, 1 desc"#,
        ticket_id
    )
    .fetch_all(db)
    .await
}
