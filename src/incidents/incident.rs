//! An incident, its state, its updates and its tickets.

use strum::{IntoStaticStr, VariantArray};
use time::OffsetDateTime;

use crate::{
    i18n::{Label, Lang},
    public_incidents::{LocalizedText, PublicIncident},
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

/// The state of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, IntoStaticStr, VariantArray)]
#[sqlx(type_name = "incident_state", rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
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
    /// The color of the state's tag.
    pub(super) const fn tone(self) -> &'static str {
        match self {
            IncidentState::Proposed | IncidentState::Published => "warn",
            IncidentState::Resolving => "info",
            IncidentState::Resolved => "ok",
            IncidentState::Draft | IncidentState::Dismissed => "",
        }
    }

    /// Whether its text and scope can still be changed.
    pub(super) const fn is_editable(self) -> bool {
        match self {
            IncidentState::Draft | IncidentState::Published => true,
            IncidentState::Proposed | IncidentState::Dismissed | IncidentState::Resolving | IncidentState::Resolved => {
                false
            }
        }
    }

    pub(super) const fn accepts_tickets(self) -> bool {
        match self {
            IncidentState::Proposed | IncidentState::Draft | IncidentState::Published => true,
            IncidentState::Dismissed | IncidentState::Resolving | IncidentState::Resolved => false,
        }
    }
}

impl Label for IncidentState {
    const MESSAGE_PREFIX: &str = "incident-state";
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

    pub(super) fn localized_title(&self) -> LocalizedText {
        LocalizedText::new(self.title_pl.clone(), self.title_en.clone())
    }

    pub(super) fn localized_text(&self) -> LocalizedText {
        LocalizedText::new(self.text_pl.clone(), self.text_en.clone())
    }

    /// Whether title and text are present in both languages.
    pub(super) fn can_be_published(&self) -> bool {
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

/// An incident as staff entered it, validated.
#[derive(Debug, Clone)]
pub struct ValidatedIncident {
    pub title: LocalizedText,
    pub text: LocalizedText,
    pub categories: Vec<TicketCategory>,
    pub number_prefixes: Vec<String>,
    pub networks: Vec<String>,
    pub began_at: OffsetDateTime,
    pub expected_end_at: Option<OffsetDateTime>,
}

impl ValidatedIncident {
    /// For the preview.
    pub(super) fn to_public_incident(&self, id: i64, now: OffsetDateTime) -> PublicIncident {
        PublicIncident {
            id,
            title: self.title.clone(),
            text: self.text.clone(),
            categories: self.categories.iter().map(|category| category.into_str().to_owned()).collect(),
            number_prefixes: self.number_prefixes.clone(),
            began_at: self.began_at,
            expected_end_at: self.expected_end_at,
            published_at: now,
            updated_at: now,
            resolved_at: None,
            updates: Vec::new(),
        }
    }
}
