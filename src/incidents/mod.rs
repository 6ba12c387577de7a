//! Incidents: problems that many customers have at once. Staff publish an incident, public pages show it from memory, tickets
//! join it, and updates go to everybody who joined. Candidate tickets and new incidents are proposed, and staff decide.

mod actions;
mod clustering;
mod form;
mod edit;
mod cache_refresh;
pub mod backdated;
mod pages;
mod public;
mod scope;
mod store;
mod jobs;

use axum::Router;
use time::OffsetDateTime;

use crate::{
    app::App,
    i18n::Lang,
    public_incidents::LocalizedText,
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

pub use cache_refresh::{follow_changes, refresh_cache};
pub use form::ValidatedIncident;
pub use jobs::{DetectionReport, detect, purge_expired, resolve_tickets};
pub use store::{TicketIncident, decline_tickets, list_for_ticket};

pub fn routes(app: App) -> Router<App> {
    pages::routes().merge(edit::routes()).merge(actions::routes()).merge(public::routes(app))
}

/// The state of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "incident_state", rename_all = "lowercase")]
pub enum IncidentState {
    /// Found by clustering similar tickets. Staff confirm or dismiss it.
    Proposed,
    Dismissed,
    Draft,
    Published,
    /// Resolved in public, while a job resolves its tickets.
    Resolving,
    Resolved,
}

impl IncidentState {
    pub const fn label(self) -> &'static str {
        match self {
            IncidentState::Proposed => "incident-state-proposed",
            IncidentState::Dismissed => "incident-state-dismissed",
            IncidentState::Draft => "incident-state-draft",
            IncidentState::Published => "incident-state-published",
            IncidentState::Resolving => "incident-state-resolving",
            IncidentState::Resolved => "incident-state-resolved",
        }
    }

    /// The color of the state's tag.
    const fn tone(self) -> &'static str {
        match self {
            IncidentState::Proposed | IncidentState::Published => "warn",
            IncidentState::Resolving => "info",
            IncidentState::Resolved => "ok",
            IncidentState::Draft | IncidentState::Dismissed => "",
        }
    }

    /// Whether its text and scope can still be changed.
    const fn is_editable(self) -> bool {
        match self {
            IncidentState::Draft | IncidentState::Published => true,
            IncidentState::Proposed | IncidentState::Dismissed | IncidentState::Resolving | IncidentState::Resolved => {
                false
            }
        }
    }

    const fn accepts_tickets(self) -> bool {
        match self {
            IncidentState::Proposed | IncidentState::Draft | IncidentState::Published => true,
            IncidentState::Dismissed | IncidentState::Resolving | IncidentState::Resolved => false,
        }
    }
}

/// An incident as staff see it.
#[derive(Debug, Clone)]
pub struct Incident {
    pub id: i64,
    pub state: IncidentState,
    pub title_pl: String,
    pub title_en: String,
    pub text_pl: String,
    pub text_en: String,
    pub categories: Vec<TicketCategory>,
    pub number_prefixes: Vec<String>,
    pub networks: Vec<String>,
    pub sip_codes: Vec<i16>,
    pub began_at: OffsetDateTime,
    pub expected_end_at: Option<OffsetDateTime>,
    pub updated_at: OffsetDateTime,
    pub updated_by_name: Option<String>,
    pub published_at: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    pub confirmed_at: Option<OffsetDateTime>,
    pub version: i32,
}

impl Incident {
    pub fn title(&self, lang: &Lang) -> &str {
        match lang {
            Lang::Pl => &self.title_pl,
            Lang::En => &self.title_en,
        }
    }

    fn localized_title(&self) -> LocalizedText {
        LocalizedText::new(self.title_pl.clone(), self.title_en.clone())
    }

    fn localized_text(&self) -> LocalizedText {
        LocalizedText::new(self.text_pl.clone(), self.text_en.clone())
    }

    /// Whether title and text are present in both languages.
    fn can_be_published(&self) -> bool {
        [&self.title_pl, &self.title_en, &self.text_pl, &self.text_en].iter().all(|text| !text.is_empty())
    }
}

/// An update by staff to everybody who joined.
#[derive(Debug, Clone)]
pub struct IncidentUpdate {
    pub id: i64,
    pub at: OffsetDateTime,
    pub author_name: String,
    pub text_pl: String,
    pub text_en: String,
    pub is_resolution: bool,
}

/// A ticket as an incident's page lists it.
#[derive(Debug, Clone)]
pub struct IncidentTicket {
    pub id: uuid::Uuid,
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub status: TicketStatus,
    pub callee: Option<String>,
    pub sip_code: Option<i16>,
    pub occurred_at: OffsetDateTime,
}

/// The title of an incident for staff; empty if there is no such incident.
pub async fn find_title(db: &mut sqlx::PgConnection, id: i64, lang: &Lang) -> Result<String, sqlx::Error> {
    Ok(store::find(db, id).await?.map_or_else(String::new, |incident| incident.title(lang).to_owned()))
}

/// Proposes a ticket to an incident. Staff decide.
pub async fn propose_ticket(
    db: &mut sqlx::PgConnection,
    id: i64,
    ticket_id: uuid::Uuid,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    store::insert_candidates(db, &[(id, ticket_id)], now).await?;
    Ok(())
}
