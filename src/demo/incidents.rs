//! Demo incidents: one active incident with linked tickets, and one resolved incident.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::store;
use crate::{
    incidents::{ValidatedIncident, backdated},
    public_incidents::LocalizedText,
    staff::StaffMember,
    tickets::{
        Actor, TicketCategory,
        command::{
            CommandContext,
            incident::{JoinSource, join},
        },
    },
};

/// Country codes affected by the active incident: France and Czechia, which the demo customers call.
const PREFIXES: [&str; 2] = ["33", "420"];
/// Maximum age of the active incident.
const MAX_INCIDENT_AGE: Duration = Duration::hours(12);

fn bilingual_texts(pl: &str, en: &str) -> LocalizedText {
    LocalizedText::new(pl.to_owned(), en.to_owned())
}

/// Publishes the active and the resolved incident.
pub(super) async fn publish_demo_incidents(
    db: &mut PgConnection,
    author: &StaffMember,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    publish_resolved_incident(db, author, now).await?;
    let calls = store::list_calls_to(db, &PREFIXES, now - MAX_INCIDENT_AGE).await?;
    let first_call_at = calls.first().map_or(now - Duration::hours(2), |(_, at)| *at);
    let draft = ValidatedIncident {
        title: bilingual_texts("Połączenia do Francji i Czech", "Calls to France and Czechia"),
        text: bilingual_texts(
            "Część połączeń na numery 0033 i 00420 kończy się komunikatem „503 Service Unavailable” albo ciszą. \
             Przyczyna leży u operatora, który przekazuje te połączenia. Przenosimy ruch na inną trasę.",
            "Some calls to numbers in 0033 and 00420 end with “503 Service Unavailable” or with silence. The cause is at \
             the carrier that passes these calls on. We are moving them to another route.",
        ),
        categories: vec![TicketCategory::Outgoing],
        number_prefixes: PREFIXES.map(str::to_owned).into(),
        networks: Vec::new(),
        began_at: first_call_at - Duration::minutes(10),
        expected_end_at: Some(now + Duration::hours(3)),
    };
    let incident =
        backdated::insert_published(db, &draft, author.id, (first_call_at + Duration::minutes(25)).min(now)).await?;
    // the last call stays unlinked, so that the list of suggested tickets is not empty
    let ticket_ids: Vec<_> = calls.iter().take(calls.len().saturating_sub(1)).map(|(id, _)| *id).collect();
    let context = CommandContext::new(Actor::Staff(author.id), now - Duration::minutes(1));
    let _ = join(db, &ticket_ids, incident, JoinSource::Staff, context).await?;
    let update = bilingual_texts(
        "Połączenia do Czech idą już inną trasą i działają. Do Francji jeszcze naprawiamy.",
        "Calls to Czechia take another route by now and work. Those to France are still being repaired.",
    );
    backdated::insert_incident_update(db, incident, &update, author.id, now - Duration::minutes(1)).await
}

async fn publish_resolved_incident(
    db: &mut PgConnection,
    author: &StaffMember,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let began_at = now - Duration::days(9);
    let after = |minutes| began_at + Duration::minutes(minutes);
    let draft = ValidatedIncident {
        title: bilingual_texts("Brak dźwięku w jedną stronę", "No sound in one direction"),
        text: bilingual_texts(
            "W części rozmów z sieciami komórkowymi jedna strona nie słyszy drugiej. Szukamy przyczyny.",
            "In some calls with mobile networks one side does not hear the other. We are looking for the cause.",
        ),
        categories: vec![TicketCategory::Audio],
        number_prefixes: Vec::new(),
        networks: Vec::new(),
        began_at,
        expected_end_at: None,
    };
    let incident = backdated::insert_published(db, &draft, author.id, after(20)).await?;
    let update = bilingual_texts(
        "Przyczyną jest jedna z naszych bramek. Wyłączamy ją z ruchu.",
        "The cause is one of our gateways. We are taking it out of service.",
    );
    backdated::insert_incident_update(db, incident, &update, author.id, after(55)).await?;
    let final_update = bilingual_texts(
        "Bramka jest wymieniona, dźwięk działa w obie strony. Przepraszamy za kłopot.",
        "The gateway is replaced and sound works in both directions. We are sorry for the trouble.",
    );
    backdated::resolve(db, incident, &final_update, author.id, after(170)).await
}
