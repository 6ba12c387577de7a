//! The lamps' page: six to choose from, and what the chosen one means.

use askama::Template;
use axum::response::Html;

use super::{Asking, Way};
use crate::{
    checks::{Finding, Lamp, LampSeen, Told},
    tickets::Category,
    web::{Error, Page, html},
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

pub(super) async fn show(mut asking: Asking) -> Result<Html<String>, Error> {
    let seen = Lamp::from_name(&asking.query.line("lamp")).map(|lamp| LampSeen { lamp });
    let missing = seen.is_none() && !asking.query.raw("show").is_empty();
    let mut id = None;
    if let Some(seen) = &seen {
        id = asking.keep(&Finding::Lamps(seen.clone())).await;
    }
    let Asking { page, way, .. } = asking;
    html(&LampsPage { page, way, seen, missing, id })
}
