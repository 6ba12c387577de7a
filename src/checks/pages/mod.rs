//! The checks' pages. Each result has a page of its own, and a way on: into the guide that was left, or to a report.

mod address;
mod lamps;
mod message;
mod link;
mod link_chart;
mod link_places;
mod link_tests;
mod number;
mod result;
mod sound;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::FromRequestParts,
    http::{HeaderName, request::Parts},
    routing::get,
};
use time::OffsetDateTime;

use super::{Finding, Keeper};
use crate::{
    app::App,
    guides::{Carried, Guides},
    tickets::Category,
    web::{Client, Error, Form, Page, form::escape},
    words::Lang,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/check/address", get(address::show).post(address::lift))
        .route("/{lang}/check/lamps", get(lamps::show))
        .route("/{lang}/check/message", get(message::show))
        .route("/{lang}/check/message/said", get(message::said))
        .route("/{lang}/check/message/{id}", get(message::cause))
        .route("/{lang}/check/link", get(link::show))
        .route("/{lang}/check/sound", get(sound::show).post(sound::keep))
        .merge(link_tests::routes())
        .route("/{lang}/check/number", get(number::show))
        .route("/{lang}/check/result/{id}", get(result::show))
        .layer(Extension(Keeper::default()))
}

/// Somebody who asks a check: what, on which way, and where what is found is kept.
struct Asking {
    app: App,
    page: Page,
    client: Client,
    now: OffsetDateTime,
    guides: Arc<Guides>,
    keeper: Keeper,
    query: Form,
    way: Way,
}

impl FromRequestParts<App> for Asking {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Asking, Error> {
        let page = Page::of(app, &parts.uri)?;
        let Ok(client) = Client::from_request_parts(parts, app).await;
        let known = parts.extensions.get::<Arc<Guides>>().zip(parts.extensions.get::<Keeper>());
        let (guides, keeper) = known.ok_or_else(|| Error::Internal(anyhow::anyhow!("the checks have no guides")))?;
        let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let way = Way::of(&query, guides, page.lang);
        let (guides, keeper) = (guides.clone(), keeper.clone());
        Ok(Asking { app: app.clone(), page, client, now: app.clock.now(), guides, keeper, query, way })
    }
}

impl Asking {
    /// Keeps what was found; the way carries it from then on. `None` when it could not be kept.
    async fn keep(&mut self, found: &Finding) -> Option<String> {
        let id = self.keeper.keep(&self.app, &self.client, found, self.now).await;
        self.way.carried.add(id.as_deref().unwrap_or_default());
        id
    }
}

/// Where a visitor is on their way through the portal: the walk that they left for a check, and what they carry.
struct Way {
    lang: Lang,
    /// The walk's address without the language; empty for those who came straight here.
    walk: String,
    category: Option<Category>,
    carried: Carried,
}

impl Way {
    fn of(query: &Form, guides: &Guides, lang: Lang) -> Way {
        let walk = guides.walk(lang, &query.line("walk"));
        Way {
            lang,
            category: walk.as_ref().map(|walk| walk.guide().category),
            walk: walk.map(|walk| walk.path).unwrap_or_default(),
            carried: Carried::read(&query.line("checks")),
        }
    }

    /// An address within the checks that keeps the way.
    fn onward(&self, address: &str) -> String {
        let walk = if self.walk.is_empty() { String::new() } else { format!("?walk={}", escape(&self.walk)) };
        self.carried.onto(&format!("{address}{walk}"))
    }

    /// Back into the guide, or to the home page.
    fn back(&self) -> String {
        if self.walk.is_empty() {
            return format!("/{}", self.lang);
        }
        self.carried.onto(&format!("/{}/guide/{}", self.lang, self.walk))
    }

    /// A guide's beginning.
    fn guide(&self, category: &Category) -> String {
        self.carried.onto(&format!("/{}/guide/{}", self.lang, category.as_str()))
    }

    /// The form, with everything that was found attached. `category` is for those who came from no guide.
    fn report(&self, category: Option<Category>) -> String {
        let known = [
            ("category", self.category.or(category).map(|category| category.as_str().to_owned())),
            ("trail", Some(escape(&self.walk)).filter(|walk| !walk.is_empty())),
        ];
        let known: Vec<_> = known.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
        let mark = if known.is_empty() { "" } else { "?" };
        self.carried.onto(&format!("/{}/report{mark}{}", self.lang, known.join("&")))
    }
}

/// A header for the pages that use the microphone: all others shut it out.
fn microphone_allowed() -> [(HeaderName, &'static str); 1] {
    [(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    )]
}
