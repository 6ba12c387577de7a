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

use axum::{Extension, Router, http::HeaderName, routing::get};

use super::Keeper;
use crate::{
    app::App,
    guides::{Carried, Guides},
    tickets::Category,
    web::{Form, form::escape},
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
