//! One result again, for those who kept its address.

use super::Way;
use crate::{
    app::{App, Now},
    checks::{self, Kept},
    guides::Carried,
    web::{Error, Page, html},
    zone,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Html,
};

#[derive(Template)]
#[template(path = "checks/result.html")]
struct ResultPage {
    page: Page,
    way: Way,
    kept: Kept,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Now(now): Now,
    page: Page,
) -> Result<Html<String>, Error> {
    let carried = Carried::read(&id);
    if carried.is_empty() {
        return Err(Error::NotFound);
    }
    let kept = checks::by_ids(&mut *app.db.read().await?, carried.ids(), now).await?.pop().ok_or(Error::NotFound)?;
    let way = Way { lang: page.lang, walk: String::new(), category: None, carried };
    html(&ResultPage { page: page.without_query(), way, kept })
}
