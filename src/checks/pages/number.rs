//! The number's page: what somebody dials, and what to dial instead.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};

use super::Way;
use crate::{
    app::{App, Now},
    checks::{Finding, Keeper, NumberRead},
    guides::Guides,
    phone::{Advice, advise},
    tickets::Category,
    web::{Client, Error, Form, Page, form::escape, html},
};

/// The most of a text that travels back into a guide's address.
const LONGEST: usize = 200;

#[derive(Template)]
#[template(path = "checks/number.html")]
struct NumberPage {
    page: Page,
    way: Way,
    typed: String,
    advice: Option<Advice>,
    id: Option<String>,
}

impl NumberPage {
    fn report(&self) -> String {
        self.way.report(Some(Category::Outgoing))
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
) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut way = Way::of(&query, &guides, page.lang);
    let typed = query.line("number");
    let is_asked = uri.query().is_some_and(|query| query.contains("number="));
    let advice = is_asked.then(|| advise(&typed, &app.operator.short_codes));
    let mut id = None;
    if let Some(advice) = advice.as_ref().filter(|_| !typed.is_empty()) {
        let found = Finding::Number(NumberRead::of(&typed, advice));
        id = keeper.keep(&app, &client, &found, now).await;
    }
    way.carried.add(id.as_deref().unwrap_or_default());
    // asked within a guide's step: the answer stands there
    if !query.raw("here").is_empty() && !way.walk.is_empty() && !typed.is_empty() {
        let typed: String = typed.chars().take(LONGEST + 1).collect();
        let step = way.back();
        let mark = if step.contains('?') { '&' } else { '?' };
        return Ok(Redirect::to(&format!("{step}{mark}number={}#number", escape(&typed))).into_response());
    }
    Ok(html(&NumberPage { page, way, typed, advice, id })?.into_response())
}
