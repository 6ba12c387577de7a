//! Incidents: trouble that many have at once. Staff publish it, public pages show it from memory, tickets join it, and what
//! staff write about it goes to all who joined. Which tickets may belong to one is proposed; a person decides.

mod acts;
mod alike;
mod draft;
mod edit;
mod feed;
mod following;
mod joining;
mod known;
pub mod made_up;
mod pages;
mod public;
mod scope;
mod store;
mod tick;

use axum::Router;
use time::OffsetDateTime;

use crate::{
    app::App,
    notices::Texts,
    tickets::{Category, Reference, Status},
    words::Lang,
};

pub use draft::Wanted;
pub use known::{keep_up, refresh};
pub use store::{OfTicket, decline, of_ticket};
pub use tick::{Looked, forget_old, look, resolve};

pub fn routes() -> Router<App> {
    pages::routes().merge(acts::routes()).merge(public::routes()).merge(joining::routes()).merge(following::routes())
}

/// Where an incident is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "incident_state", rename_all = "lowercase")]
pub enum State {
    /// Put together from tickets that look alike; a person decides.
    Proposed,
    Dismissed,
    Draft,
    Published,
    /// Over for everybody who asks; its tickets are being resolved.
    Resolving,
    Resolved,
}

impl State {
    pub const fn label(self) -> &'static str {
        match self {
            State::Proposed => "incident-state-proposed",
            State::Dismissed => "incident-state-dismissed",
            State::Draft => "incident-state-draft",
            State::Published => "incident-state-published",
            State::Resolving => "incident-state-resolving",
            State::Resolved => "incident-state-resolved",
        }
    }

    /// The colour of its sign.
    const fn tone(self) -> &'static str {
        match self {
            State::Proposed | State::Published => "warn",
            State::Resolving => "info",
            State::Resolved => "ok",
            State::Draft | State::Dismissed => "",
        }
    }

    /// Whether what it says can still be changed.
    const fn is_open(self) -> bool {
        match self {
            State::Draft | State::Published => true,
            State::Proposed | State::Dismissed | State::Resolving | State::Resolved => false,
        }
    }

    /// Whether tickets can join it.
    const fn takes_tickets(self) -> bool {
        match self {
            State::Proposed | State::Draft | State::Published => true,
            State::Dismissed | State::Resolving | State::Resolved => false,
        }
    }
}

/// An incident as staff see it.
#[derive(Debug, Clone)]
pub struct Incident {
    pub id: i64,
    pub state: State,
    pub title_pl: String,
    pub title_en: String,
    pub text_pl: String,
    pub text_en: String,
    pub categories: Vec<Category>,
    pub prefixes: Vec<String>,
    pub addresses: Vec<String>,
    pub codes: Vec<i16>,
    pub began_at: OffsetDateTime,
    pub until: Option<OffsetDateTime>,
    pub changed_at: OffsetDateTime,
    pub changed_by: Option<String>,
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

    fn titles(&self) -> Texts {
        Texts::of(self.title_pl.clone(), self.title_en.clone())
    }

    fn texts(&self) -> Texts {
        Texts::of(self.text_pl.clone(), self.text_en.clone())
    }

    /// Whether everything is said that has to be said in public.
    fn can_be_published(&self) -> bool {
        [&self.title_pl, &self.title_en, &self.text_pl, &self.text_en].iter().all(|text| !text.is_empty())
    }
}

/// What staff wrote to all who joined.
#[derive(Debug, Clone)]
pub struct Update {
    pub id: i64,
    pub at: OffsetDateTime,
    pub name: String,
    pub text_pl: String,
    pub text_en: String,
    pub is_last: bool,
}

/// A ticket as an incident's page lists it.
#[derive(Debug, Clone)]
pub struct Kin {
    pub id: uuid::Uuid,
    pub reference: Reference,
    pub category: Category,
    pub status: Status,
    pub callee: Option<String>,
    pub code: Option<i16>,
    pub at: OffsetDateTime,
}

/// What an incident is called, for staff.
///
/// # Errors
/// When the database is away.
pub async fn title(db: &mut sqlx::PgConnection, id: i64, lang: &Lang) -> Result<String, sqlx::Error> {
    Ok(store::one(db, id).await?.map_or_else(String::new, |incident| incident.title(lang).to_owned()))
}

/// Proposes a ticket to an incident, for staff to decide.
///
/// # Errors
/// When the database is away.
pub async fn suspect(
    db: &mut sqlx::PgConnection,
    id: i64,
    ticket: uuid::Uuid,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    store::add_candidates(db, &[(id, ticket)], now).await?;
    Ok(())
}
