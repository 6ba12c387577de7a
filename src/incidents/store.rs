//! The SQL of incidents. Joining and leaving is in `tickets::command::incident`.

mod subscribers;
mod updates;
mod tickets;
mod detection;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub use detection::propose_ticket;
pub(super) use detection::{
    OpenIncident, insert_candidates, list_open, list_resolving, list_ticket_facts, mark_resolved, mark_scanned,
    upsert_proposal,
};
pub(super) use subscribers::{
    ConfirmationLimit, Subscriber, confirm_subscriber, delete_subscriber, find_subscriber, purge_expired,
    request_subscription,
};
pub(super) use tickets::{
    IncidentCounts, insert_visitor, list_candidate_tickets, list_joined_tickets, list_matched_ticket_ids, load_counts,
};
pub use tickets::{TicketIncident, decline_tickets, list_for_ticket};
pub(super) use updates::{NewIncidentUpdate, incident_update_exists, insert_incident_update, insert_resolution_update};

use super::incident::{Incident, IncidentState, IncidentUpdate, ValidatedIncident};
use crate::{
    i18n::Lang,
    public_incidents::{LocalizedText, PublicIncident, PublicUpdate},
    tickets::TicketCategory,
};

/// Closed incidents in public. The database keeps them for years.
const MAX_CLOSED_SHOWN: i64 = 200;

/// Published incidents with their updates, the newest first.
pub(super) async fn list_public(db: &mut PgConnection) -> Result<Vec<PublicIncident>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"(
            select id, title_pl, title_en, text_pl, text_en, categories as "categories: Vec<TicketCategory>", prefixes,
                began_at, until, published_at as "published_at!", updated_at, resolved_at
            from incident where state = 'published' order by id desc
        ) union all (
            select id, title_pl, title_en, text_pl, text_en, categories, prefixes,
                began_at, until, published_at, updated_at, resolved_at
            from incident where state in ('resolving', 'resolved') order by id desc limit $1
        )"#,
        MAX_CLOSED_SHOWN
    )
    .fetch_all(&mut *db)
    .await?;
    let ids: Vec<_> = rows.iter().filter_map(|row| row.id).collect();
    let updates = sqlx::query!(
        "select id, incident_id, at, text_pl, text_en from incident_update where incident_id = any($1) order by id desc",
        &ids
    )
    .fetch_all(db)
    .await?;
    let updates_of = |id: i64| {
        let rows = updates.iter().filter(|row| row.incident_id == id);
        rows.map(|row| PublicUpdate {
            id: row.id,
            at: row.at,
            text: LocalizedText::new(row.text_pl.clone(), row.text_en.clone()),
        })
        .collect()
    };
    let incidents = rows.into_iter().filter_map(|row| {
        Some(PublicIncident {
            id: row.id?,
            title: LocalizedText::new(row.title_pl?, row.title_en?),
            text: LocalizedText::new(row.text_pl?, row.text_en?),
            categories: row.categories?.iter().map(|category| category.into_str().to_owned()).collect(),
            number_prefixes: row.prefixes?,
            began_at: row.began_at?,
            expected_end_at: row.until,
            published_at: row.published_at,
            updated_at: row.updated_at?,
            resolved_at: row.resolved_at,
            updates: updates_of(row.id?),
        })
    });
    Ok(incidents.collect())
}

/// An incident in the list for staff.
pub(super) struct IncidentRow {
    pub id: i64,
    pub state: IncidentState,
    title_pl: String,
    title_en: String,
    pub categories: Vec<TicketCategory>,
    pub began_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    pub ticket_count: i64,
    pub candidate_count: i64,
}

impl IncidentRow {
    pub(super) fn title(&self, lang: &Lang) -> &str {
        match lang {
            Lang::Pl => &self.title_pl,
            Lang::En => &self.title_en,
        }
    }
}

/// Incidents, the newest first, after the incident `after`: either those that staff work on, or the past ones.
pub(super) async fn list(
    db: &mut PgConnection,
    shows_past: bool,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<IncidentRow>, sqlx::Error> {
    let states: &[IncidentState] = match shows_past {
        false => &[IncidentState::Proposed, IncidentState::Draft, IncidentState::Published, IncidentState::Resolving],
        true => &[IncidentState::Resolved, IncidentState::Dismissed],
    };
    sqlx::query_as!(
        IncidentRow,
        r#"select
            id, state as "state: IncidentState", title_pl, title_en, categories as "categories: Vec<TicketCategory>", began_at, resolved_at,
            (select count(*) from incident_ticket where incident_id = incident.id) as "ticket_count!",
            (
                select count(*) from incident_candidate candidate
                join ticket on ticket.id = candidate.ticket_id and ticket.status in ('new', 'open', 'waiting')
                where candidate.incident_id = incident.id and declined_at is null and not exists (
                    select from incident_ticket joined where joined.ticket_id = candidate.ticket_id and ended_at is null
                )
            ) as "candidate_count!"
        from incident
        where state = any($1) and ($2::bigint is null or id < $2)
        order by id desc limit $3"#,
        states as &[IncidentState],
        after,
        limit
    )
    .fetch_all(db)
    .await
}

pub(super) async fn find(db: &mut PgConnection, id: i64) -> Result<Option<Incident>, sqlx::Error> {
    sqlx::query_as!(
        Incident,
        r#"select
            incident.id, state as "state: IncidentState", title_pl, title_en, text_pl, text_en,
            categories as "categories: Vec<TicketCategory>", prefixes as number_prefixes, addresses::text[] as "networks!", codes as sip_codes, began_at, until as expected_end_at,
            updated_at, staff.name as "updated_by_name?", published_at, resolved_at, confirmed_at, version
        from incident left join staff on staff.id = updated_by
        where incident.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// The title of an incident for staff; empty if there is no such incident.
pub async fn find_title(db: &mut PgConnection, id: i64, lang: &Lang) -> Result<String, sqlx::Error> {
    Ok(find(db, id).await?.map_or_else(String::new, |incident| incident.title(lang).to_owned()))
}

/// The updates of an incident, the newest first.
pub(super) async fn list_updates(db: &mut PgConnection, id: i64) -> Result<Vec<IncidentUpdate>, sqlx::Error> {
    sqlx::query_as!(
        IncidentUpdate,
        "select incident_update.id, at, staff.name as author_name, text_pl, text_en, is_last as is_resolution
        from incident_update join staff on staff.id = staff_id
        where incident_id = $1 order by incident_update.id desc",
        id
    )
    .fetch_all(db)
    .await
}

/// Inserts a draft. Returns its id, or that of the draft from the same form.
pub(super) async fn insert(
    db: &mut PgConnection,
    submission: Uuid,
    incident: &ValidatedIncident,
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<i64, sqlx::Error> {
    let [title_pl, title_en] = &incident.title.0;
    let [text_pl, text_en] = &incident.text.0;
    sqlx::query_scalar!(
        r#"with added as (
            insert into incident (
                submission, state, title_pl, title_en, text_pl, text_en, categories, prefixes, addresses, began_at, until,
                created_at, updated_at, updated_by
            )
            values ($1, 'draft', $2, $3, $4, $5, $6, $7, $8::text[]::cidr[], $9, $10, $11, $11, $12)
            on conflict (submission) do nothing
            returning id
        )
        select id as "id!" from added union all select id from incident where submission = $1"#,
        submission,
        title_pl,
        title_en,
        text_pl,
        text_en,
        &incident.categories as &[TicketCategory],
        &incident.number_prefixes,
        &incident.networks,
        incident.began_at,
        incident.expected_end_at,
        now,
        staff_id
    )
    .fetch_one(db)
    .await
}

/// Updates an editable incident that still has this version. Returns false otherwise.
pub(super) async fn update(
    db: &mut PgConnection,
    id: i64,
    version: i32,
    incident: &ValidatedIncident,
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let [title_pl, title_en] = &incident.title.0;
    let [text_pl, text_en] = &incident.text.0;
    let result = sqlx::query!(
        "update incident set
            title_pl = $3, title_en = $4, text_pl = $5, text_en = $6, categories = $7, prefixes = $8,
            addresses = $9::text[]::cidr[], began_at = $10, until = $11, updated_at = $12, updated_by = $13,
            -- tickets are scanned again from the start of the incident
            scanned_until = null, version = version + 1
        where id = $1 and version = $2 and state in ('draft', 'published')",
        id,
        version,
        title_pl,
        title_en,
        text_pl,
        text_en,
        &incident.categories as &[TicketCategory],
        &incident.number_prefixes,
        &incident.networks as &[String],
        incident.began_at,
        incident.expected_end_at,
        now,
        staff_id
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Changes the state of an incident that still has this version and state. Returns false otherwise. Waits for concurrent
/// transactions in which tickets join.
pub(super) async fn transition(
    db: &mut PgConnection,
    id: i64,
    version: i32,
    (from, to): (IncidentState, IncidentState),
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "update incident set
            state = $4::incident_state,
            published_at = case when $4::incident_state = 'published' then $6 else published_at end,
            resolved_at = case when $4::incident_state = 'resolving' then $6 else resolved_at end,
            confirmed_at = case when $3::incident_state = 'proposed' and $4::incident_state = 'draft' then $6 when $4::incident_state = 'proposed' then null else confirmed_at end,
            updated_at = $6, updated_by = $5, version = version + 1
        where id = $1 and version = $2 and state = $3::incident_state",
        id,
        version,
        from as IncidentState,
        to as IncidentState,
        staff_id,
        now
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() == 1)
}
