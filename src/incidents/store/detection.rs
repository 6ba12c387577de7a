//! The SQL of the jobs: scanning tickets, proposals, and incidents that are being resolved.

use std::net::IpAddr;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    incidents::{
        clustering::TicketCluster,
        scope::{IncidentScope, TicketFacts},
    },
    public_incidents::LocalizedText,
    tickets::{Reply, TicketCategory, command::incident::ResolvedIncident},
};

/// An incident that accepts tickets.
pub(in crate::incidents) struct OpenIncident {
    pub id: i64,
    pub began_at: OffsetDateTime,
    /// Until when tickets have been scanned; `None` for a new or changed incident.
    pub scanned_at: Option<OffsetDateTime>,
    pub scope: IncidentScope,
}

/// Tickets without an incident that await staff since `since` or later, the newest first. One scan of the index on
/// `awaiting_staff_since`.
pub(in crate::incidents) async fn list_ticket_facts(
    db: &mut PgConnection,
    since: OffsetDateTime,
    limit: i64,
) -> Result<Vec<TicketFacts>, sqlx::Error> {
    sqlx::query_as!(
        TicketFacts,
        r#"select
            id, category as "category: TicketCategory", callee_digits as callee, sip_code,
            coalesce(call_at, created_at) as "occurred_at!", awaiting_staff_since, client_ip as "client_ip: IpAddr", public_ip as "public_ip: IpAddr",
            coalesce(lower(email), phone, '') as "reporter!",
            array(select incident_id from incident_candidate where ticket_id = ticket.id) as "proposed_to!"
        from ticket
        where awaiting_staff_since >= $1 and status in ('new', 'open', 'waiting')
            and not exists (select from incident_ticket where ticket_id = ticket.id and ended_at is null)
        order by awaiting_staff_since desc, id desc
        limit $2"#,
        since,
        limit
    )
    .fetch_all(db)
    .await
}

/// Incidents that accept tickets.
pub(in crate::incidents) async fn list_open(db: &mut PgConnection) -> Result<Vec<OpenIncident>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select
            id, began_at, scanned_until, categories as "categories: Vec<TicketCategory>", prefixes, addresses::text[] as "addresses!",
            codes
        from incident where state in ('proposed', 'draft', 'published') order by id"#
    )
    .fetch_all(db)
    .await?;
    let incidents = rows.into_iter().map(|row| OpenIncident {
        id: row.id,
        began_at: row.began_at,
        scanned_at: row.scanned_until,
        scope: IncidentScope {
            categories: row.categories,
            number_prefixes: row.prefixes,
            networks: row.addresses.iter().filter_map(|net| net.parse().ok()).collect(),
            sip_codes: row.codes,
        },
    });
    Ok(incidents.collect())
}

/// Proposes tickets to incidents, each pair once. Returns the number of new pairs.
pub(in crate::incidents) async fn insert_candidates(
    db: &mut PgConnection,
    pairs: &[(i64, Uuid)],
    now: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let (incident_ids, ticket_ids): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let result = sqlx::query!(
        "insert into incident_candidate (incident_id, ticket_id, at)
        select incident_id, ticket_id, $3 from unnest($1::bigint[], $2::uuid[]) as pair (incident_id, ticket_id)
        order by incident_id, ticket_id
        on conflict do nothing",
        &incident_ids,
        &ticket_ids,
        now
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected())
}

/// Proposes a ticket to an incident. Staff decide.
pub async fn propose_ticket(
    db: &mut PgConnection,
    id: i64,
    ticket_id: Uuid,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    insert_candidates(db, &[(id, ticket_id)], now).await?;
    Ok(())
}

pub(in crate::incidents) async fn mark_scanned(
    db: &mut PgConnection,
    ids: &[i64],
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update incident set scanned_until = $2 where id = any($1)", ids, now).execute(db).await?;
    Ok(())
}

/// Proposes a cluster as an incident, or adds its tickets to a proposal with the same fingerprint. Returns the incident's id
/// and whether it is new.
pub(in crate::incidents) async fn upsert_proposal(
    db: &mut PgConnection,
    cluster: &TicketCluster,
    title: &LocalizedText,
    now: OffsetDateTime,
) -> Result<(i64, bool), sqlx::Error> {
    let [title_pl, title_en] = &title.0;
    let number_prefixes: Vec<_> = cluster.number_prefix.iter().cloned().collect();
    let sip_codes: Vec<_> = cluster.sip_code.into_iter().collect();
    let inserted = sqlx::query_scalar!(
        "insert into incident (
            state, title_pl, title_en, text_pl, text_en, categories, prefixes, codes, began_at, created_at, updated_at, fingerprint,
            scanned_until
        )
        values ('proposed', left($2, 120), left($3, 120), '', '', array[$4::ticket_category], $5, $6, $7, $8, $8, $1, $8)
        on conflict (fingerprint) where state = 'proposed' do nothing
        returning id",
        cluster.fingerprint(),
        title_pl,
        title_en,
        cluster.category as TicketCategory,
        &number_prefixes,
        &sip_codes,
        cluster.first_call_at,
        now
    )
    .fetch_optional(&mut *db)
    .await?;
    let (id, is_new) = match inserted {
        Some(id) => (id, true),
        None => {
            let existing = sqlx::query_scalar!(
                "select id from incident where fingerprint = $1 and state = 'proposed'",
                cluster.fingerprint()
            );
            (existing.fetch_one(&mut *db).await?, false)
        }
    };
    let pairs: Vec<_> = cluster.ticket_ids.iter().map(|ticket_id| (id, *ticket_id)).collect();
    insert_candidates(db, &pairs, now).await?;
    Ok((id, is_new))
}

/// Incidents whose tickets are being resolved.
pub(in crate::incidents) async fn list_resolving(db: &mut PgConnection) -> Result<Vec<ResolvedIncident>, sqlx::Error> {
    let rows = sqlx::query!(
        "select incident.id, incident_update.id as update_id, incident_update.text_pl, incident_update.text_en
        from incident join incident_update on incident_id = incident.id and is_last
        where state = 'resolving' order by incident.id"
    )
    .fetch_all(db)
    .await?;
    let incidents = rows.into_iter().filter_map(|row| {
        let text = [Reply::parse(row.text_pl).ok()?, Reply::parse(row.text_en).ok()?];
        Some(ResolvedIncident { incident_id: row.id, update_id: row.update_id, text })
    });
    Ok(incidents.collect())
}

/// Marks an incident as resolved once all its tickets are, and queues emails to its subscribers, except those who got one for a
/// ticket. Returns false if a ticket is not resolved yet, or the incident already is.
pub(in crate::incidents) async fn mark_resolved(
    db: &mut PgConnection,
    incident: &ResolvedIncident,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with resolved as (
            update incident set state = 'resolved', version = version + 1
            where id = $1 and state = 'resolving'
                and not exists (select from incident_ticket where incident_id = $1 and ended_at is null)
            returning id
        ), queued_email as (
            insert into outgoing_email (subscriber_id, kind, created_at, next_attempt_at, incident_update_id, recipient_hash)
            select subscriber.id, 'incident_resolved', $3, $3, $2, sha256(convert_to(lower(email), 'UTF8'))
            from resolved join incident_subscriber subscriber on subscriber.incident_id = resolved.id
            where confirmed_at is not null
            order by lower(email)
            on conflict (incident_update_id, recipient_hash) where incident_update_id is not null do nothing
        )
        select exists (select from resolved) as "resolved!""#,
        incident.incident_id,
        incident.update_id,
        now
    )
    .fetch_one(db)
    .await
}
