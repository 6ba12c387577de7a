//! The lamps' page: six to choose from, and what the chosen one means.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, http::Uri, response::Html};

use super::Way;
use crate::{
    app::{App, Now},
    checks::{Finding, Keeper, Lamp, LampSeen, Told},
    guides::Guides,
    tickets::Category,
    web::{Client, Error, Form, Page, html},
};

#[derive(Template)]
#[template(path = "checks/lamps.html")]
struct LampsPage {
    page: Page,
    way: Way,
    seen: Option<LampSeen>,
    /// The button was pressed before a lamp was chosen.
    missing: bool,
    /// Under which the result is kept.
    id: Option<String>,
}

impl LampsPage {
    fn sentence(&self, seen: &LampSeen) -> String {
        self.page.say(&seen.sentence())
    }

    fn text(&self, lamp: &Lamp, what: &str) -> String {
        self.page.t(&format!("lamps-{what}-{}", lamp.as_str())).into_owned()
    }

    fn is_chosen(&self, lamp: &Lamp) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.lamp == *lamp)
    }

    fn report(&self, seen: &LampSeen) -> String {
        self.way.report(seen.lamp.guide())
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<Keeper>,
    Now(now): Now,
    page: Page,
    client: Client,
    uri: Uri,
) -> Result<Html<String>, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut way = Way::of(&query, &guides, page.lang);
    let seen = Lamp::from_name(&query.line("lamp")).map(|lamp| LampSeen { lamp });
    let missing = seen.is_none() && !query.raw("show").is_empty();
    let mut id = None;
    if let Some(seen) = &seen {
        id = keeper.keep(&app, &client, &Finding::Lamps(seen.clone()), now).await;
    }
    way.carried.add(id.as_deref().unwrap_or_default());
    html(&LampsPage { page, way, seen, missing, id })
}
