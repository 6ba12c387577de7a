//! The number's page: what somebody dials, and what to dial instead.

use askama::Template;
use axum::{
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};

use super::{Asking, Way};
use crate::{
    checks::{Finding, NumberRead},
    phone::{Advice, advise},
    tickets::Category,
    web::{Error, Page, form::escape, html},
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

pub(super) async fn show(mut asking: Asking, uri: Uri) -> Result<Response, Error> {
    let typed = asking.query.line("number");
    let is_asked = uri.query().is_some_and(|query| query.contains("number="));
    let advice = is_asked.then(|| advise(&typed, &asking.app.operator.short_codes));
    let mut id = None;
    if let Some(advice) = advice.as_ref().filter(|_| !typed.is_empty()) {
        id = asking.keep(&Finding::Number(NumberRead::of(&typed, advice))).await;
    }
    let Asking { page, query, way, .. } = asking;
    // asked within a guide's step: the answer stands there
    if !query.raw("here").is_empty() && !way.walk.is_empty() && !typed.is_empty() {
        let typed: String = typed.chars().take(LONGEST + 1).collect();
        let step = way.back();
        let mark = if step.contains('?') { '&' } else { '?' };
        return Ok(Redirect::to(&format!("{step}{mark}number={}#number", escape(&typed))).into_response());
    }
    Ok(html(&NumberPage { page, way, typed, advice, id })?.into_response())
}
