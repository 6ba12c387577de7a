//! The checks' pages. Each result has a page of its own, and a way on: into the guide that was left, or to a report.

mod address;
mod lamps;
mod message;
mod line_test;
mod line_test_chart;
mod line_test_sessions;
mod line_test_api;
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

use super::{CheckOutcome, CheckResultStore};
use crate::{
    app::App,
    guides::{CheckIds, Guides},
    i18n::Lang,
    tickets::TicketCategory,
    web::{AppError, Client, Form, PublicLayout, form::percent_encode},
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/check/address", get(address::show).post(address::lift))
        .route("/{lang}/check/lamps", get(lamps::show))
        .route("/{lang}/check/message", get(message::show))
        .route("/{lang}/check/message/said", get(message::show_hint))
        .route("/{lang}/check/message/{id}", get(message::show_cause))
        .route("/{lang}/check/link", get(line_test::show))
        .route("/{lang}/check/sound", get(sound::show).post(sound::create))
        .merge(line_test_api::routes())
        .route("/{lang}/check/number", get(number::show))
        .route("/{lang}/check/result/{id}", get(result::show))
        .layer(Extension(CheckResultStore::default()))
}

/// Somebody who asks a check: what, on which way, and where what is found is kept.
struct CheckRequest {
    app: App,
    page: PublicLayout,
    client: Client,
    now: OffsetDateTime,
    guides: Arc<Guides>,
    result_store: CheckResultStore,
    query: Form,
    navigation: CheckNavigation,
}

impl FromRequestParts<App> for CheckRequest {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<CheckRequest, AppError> {
        let page = PublicLayout::from_uri(app, &parts.uri)?;
        let Ok(client) = Client::from_request_parts(parts, app).await;
        let known = parts.extensions.get::<Arc<Guides>>().zip(parts.extensions.get::<CheckResultStore>());
        let (guides, keeper) = known.ok_or_else(|| AppError::Internal(anyhow::anyhow!("the checks have no guides")))?;
        let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let way = CheckNavigation::from_query(&query, guides, page.lang);
        let (guides, keeper) = (guides.clone(), keeper.clone());
        Ok(CheckRequest {
            app: app.clone(),
            page,
            client,
            now: app.clock.now(),
            guides,
            result_store: keeper,
            query,
            navigation: way,
        })
    }
}

impl CheckRequest {
    /// Keeps what was found; the way carries it from then on. `None` when it could not be kept.
    async fn save(&mut self, found: &CheckOutcome) -> Option<String> {
        let id = self.result_store.save(&self.app, &self.client, found, self.now).await;
        self.navigation.check_ids.add(id.as_deref().unwrap_or_default());
        id
    }
}

/// Where a visitor is on their way through the portal: the walk that they left for a check, and what they carry.
struct CheckNavigation {
    lang: Lang,
    /// The walk's address without the language; empty for those who came straight here.
    guide_path: String,
    category: Option<TicketCategory>,
    check_ids: CheckIds,
}

impl CheckNavigation {
    fn from_query(query: &Form, guides: &Guides, lang: Lang) -> CheckNavigation {
        let walk = guides.resolve_path(lang, &query.single_line("walk"));
        CheckNavigation {
            lang,
            category: walk.as_ref().map(|walk| walk.current_guide().category),
            guide_path: walk.map(|walk| walk.path).unwrap_or_default(),
            check_ids: CheckIds::parse(&query.single_line("checks")),
        }
    }

    /// An address within the checks that keeps the way.
    fn append_to_url(&self, address: &str) -> String {
        let walk = if self.guide_path.is_empty() {
            String::new()
        } else {
            format!("?walk={}", percent_encode(&self.guide_path))
        };
        self.check_ids.append_to_url(&format!("{address}{walk}"))
    }

    /// Back into the guide, or to the home page.
    fn back_url(&self) -> String {
        if self.guide_path.is_empty() {
            return format!("/{}", self.lang);
        }
        self.check_ids.append_to_url(&format!("/{}/guide/{}", self.lang, self.guide_path))
    }

    /// A guide's beginning.
    fn guide_url(&self, category: &TicketCategory) -> String {
        self.check_ids.append_to_url(&format!("/{}/guide/{}", self.lang, category.as_str()))
    }

    /// The form, with everything that was found attached. `category` is for those who came from no guide.
    fn report_url(&self, category: Option<TicketCategory>) -> String {
        let known = [
            ("category", self.category.or(category).map(|category| category.as_str().to_owned())),
            ("trail", Some(percent_encode(&self.guide_path)).filter(|walk| !walk.is_empty())),
        ];
        let known: Vec<_> = known.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
        let mark = if known.is_empty() { "" } else { "?" };
        self.check_ids.append_to_url(&format!("/{}/report{mark}{}", self.lang, known.join("&")))
    }
}

/// A header for the pages that use the microphone: all others shut it out.
fn allow_microphone_header() -> [(HeaderName, &'static str); 1] {
    [(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    )]
}
