//! One result again, for those who kept its address.

use std::sync::Arc;

use super::{Way, link};
use crate::{
    app::{App, Now},
    checks::{self, Finding, Kept},
    guides::{Carried, Guides},
    tickets::Category,
    web::{Error, Form, Page, html},
    words::Say,
    zone,
};
use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::Uri,
    response::Html,
};
use time::OffsetDateTime;

#[derive(Template)]
#[template(path = "checks/result.html")]
struct ResultPage {
    page: Page,
    way: Way,
    kept: Kept,
    now: OffsetDateTime,
}

impl ResultPage {
    /// What to do, of what was said with the finding once.
    fn advice(&self) -> Option<Say> {
        match &self.kept.finding {
            Finding::Sound(checked) => checked.advice(),
            Finding::Link(_) | Finding::Lamps(_) | Finding::Address(_) | Finding::Message(_) | Finding::Number(_) => {
                None
            }
        }
    }

    /// The form, with the problem that the finding points to.
    fn report(&self) -> String {
        self.way.report(match &self.kept.finding {
            Finding::Sound(_) | Finding::Link(_) => Some(Category::Audio),
            Finding::Lamps(seen) => seen.lamp.guide(),
            Finding::Address(_) => Some(Category::LoggedOut),
            Finding::Message(_) | Finding::Number(_) => None,
        })
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Now(now): Now,
    Extension(guides): Extension<Arc<Guides>>,
    uri: Uri,
    page: Page,
) -> Result<Html<String>, Error> {
    let carried = Carried::read(&id);
    if carried.is_empty() {
        return Err(Error::NotFound);
    }
    let kept = checks::by_ids(&mut *app.db.read().await?, carried.ids(), now).await?.pop().ok_or(Error::NotFound)?;
    let mut way = Way::of(&Form::parse(uri.query().unwrap_or_default().as_bytes()), &guides, page.lang);
    way.carried.add(&kept.id);
    match &kept.finding {
        Finding::Link(tested) => link::result(page, way, &kept, tested, now),
        Finding::Lamps(_) | Finding::Message(_) | Finding::Number(_) | Finding::Sound(_) | Finding::Address(_) => {
            html(&ResultPage { page, way, kept, now })
        }
    }
}
