//! The form's pages. Whatever happens, what was typed stays on the page.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::{
        StatusCode, Uri,
        header::{CACHE_CONTROL, RETRY_AFTER},
    },
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use time::OffsetDateTime;

use super::{Reading, ReportForm, fields::Fields, intake::Intake};
use crate::{
    app::{App, Now},
    checks::{self, Kept},
    guides::{Guides, Place},
    notices::Notice,
    tickets::{self, Category, GivenAnswer, Reference},
    web::{Client, Error, Form, Page, html},
};

pub fn routes() -> Router<App> {
    Router::new().route("/{lang}/report", get(blank).post(send)).layer(Extension(Arc::new(Intake::default())))
}

#[derive(Template)]
#[template(path = "report/choose.html")]
struct ChoosePage {
    page: Page,
    form: ReportForm,
}

impl ChoosePage {
    fn href(&self, category: &Category) -> String {
        self.form.address(self.page.lang, Some(*category))
    }
}

#[derive(Template)]
#[template(path = "report/form.html")]
struct FormPage {
    page: Page,
    form: ReportForm,
    reading: Option<Reading>,
    answers: Vec<GivenAnswer>,
    /// The place in the guides that led here; empty for the first page.
    back: String,
    client_ip: String,
    /// What checks found, to be attached.
    kept: Vec<Kept>,
    /// Known trouble that it may be an example of.
    notices: Vec<Notice>,
    /// Whether it was sent before: then it holds what was typed.
    was_sent: bool,
    /// Why a form that is right was not taken: a message of `words`.
    refused: Option<&'static str>,
}

impl FormPage {
    fn f(&self) -> Fields<'_> {
        Fields { lang: self.page.lang, form: &self.form, reading: self.reading.as_ref(), begins: None }
    }

    /// Whether the form is about a call: an account that is logged out has no A and B.
    fn is_call(&self) -> bool {
        self.form.category() != Some(Category::LoggedOut)
    }

    fn is_audio(&self) -> bool {
        self.form.category() == Some(Category::Audio)
    }

    fn is_wrong(&self) -> bool {
        self.reading.as_ref().is_some_and(|reading| !reading.wrong.is_empty())
    }

    fn heading(&self) -> &'static str {
        match self.form.category() {
            Some(Category::LoggedOut) => "report-title-account",
            Some(Category::Audio) => "report-title-audio",
            Some(Category::Incoming | Category::Outgoing | Category::Unknown) | None => "report-title",
        }
    }

    fn lead(&self) -> &'static str {
        match self.form.category() {
            Some(Category::LoggedOut) => "report-lead-account",
            Some(Category::Audio) => "report-lead-audio",
            Some(Category::Incoming | Category::Outgoing | Category::Unknown) | None => "report-lead",
        }
    }

    /// Before anything was sent the other language is an address; after it, a button that takes along what was typed.
    fn switch(&self) -> String {
        if self.was_sent {
            return "#other-language".to_owned();
        }
        self.form.address(self.page.lang.other(), None)
    }
}

async fn blank(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    page: Page,
    client: Client,
    Now(now): Now,
    uri: Uri,
) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let form = ReportForm::prefilled(&query, &guides, page.lang);
    if form.category().is_none() {
        return Ok(html(&ChoosePage { page, form })?.into_response());
    }
    let answers = form.trail(&guides, page.lang).answers;
    let back = way_back(&guides, &page, &form.trail);
    let client_ip = client.ip.to_string();
    let kept = found(&app, &form, now).await;
    let notices = known(&app, &form);
    let form =
        FormPage { page, form, reading: None, answers, back, client_ip, kept, notices, was_sent: false, refused: None };
    let page = html(&form)?;
    // who comes back to it with the browser's button finds what was typed, and the same form, not a new one
    Ok(([(CACHE_CONTROL, "private, no-cache")], page).into_response())
}

async fn send(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(intake): Extension<Arc<Intake>>,
    page: Page,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let page = page.without_query();
    let only_show = !form.raw("show").is_empty();
    let dropped = form.line("drop");
    let mut form = ReportForm::read(&form);
    form.checks.remove(&dropped);
    let trail = form.trail(&guides, page.lang);
    let answers = trail.answers.clone();
    let back = way_back(&guides, &page, &form.trail);
    let again = |form, reading, kept, refused| FormPage {
        page: page.clone(),
        notices: known(&app, &form),
        form,
        reading,
        answers,
        back,
        client_ip: client.ip.to_string(),
        kept,
        was_sent: true,
        refused,
    };
    if !dropped.is_empty() {
        let kept = found(&app, &form, now).await;
        return Ok(html(&again(form, None, kept, None))?.into_response());
    }
    let reading = form.check(now, app.operator.records_days);
    if !reading.wrong.is_empty() {
        let kept = found(&app, &form, now).await;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&again(form, Some(reading), kept, None))?).into_response());
    }
    if only_show {
        let kept = found(&app, &form, now).await;
        return Ok(html(&again(form, Some(reading), kept, None))?.into_response());
    }
    let stored = match form.ticket(reading, page.lang, &client, trail) {
        Some(new) => intake.take(&app, new, form.checks.clone(), now).await,
        None => Err(Error::BadRequest),
    };
    match stored {
        Ok((reference, key)) => {
            join(&app, &form, &reference, now).await;
            Ok(Redirect::to(&format!("/{}/ticket/{reference}?key={}", page.lang, key.0)).into_response())
        }
        // the person keeps the page, the words on it, and a way to try again
        Err(error @ (Error::Away(_) | Error::TooMany { .. } | Error::Internal(_))) => {
            error.log();
            let refused = match error {
                Error::TooMany { .. } => "report-refused-many",
                _ => "report-refused-away",
            };
            let reading = form.check(now, app.operator.records_days);
            let kept = found(&app, &form, now).await;
            let mut response =
                (error.status(), html(&again(form, Some(reading), kept, Some(refused)))?).into_response();
            if let Some(seconds) = error.retry_after() {
                response.headers_mut().insert(RETRY_AFTER, seconds);
            }
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

/// What the checks found that came along. A database that is away costs nobody the form: the ids stay in it.
async fn found(app: &App, form: &ReportForm, now: OffsetDateTime) -> Vec<Kept> {
    if form.checks.is_empty() {
        return Vec::new();
    }
    let kept = async { checks::by_ids(&mut *app.db.read().await?, form.checks.ids(), now).await };
    kept.await.map_err(Error::from).inspect_err(Error::log).unwrap_or_default()
}

/// Known trouble with this problem, and that which somebody came from.
fn known(app: &App, form: &ReportForm) -> Vec<Notice> {
    let mut notices = form.category().map(|category| app.notices.concerning(category.as_str())).unwrap_or_default();
    if let Some(chosen) = form.incident().and_then(|id| app.notices.one(id)).filter(|chosen| !chosen.is_over())
        && !notices.contains(&chosen)
    {
        notices.push(chosen);
    }
    notices
}

/// Makes the ticket part of the incident that its customer chose. The report is safe by now, whatever becomes of it.
async fn join(app: &App, form: &ReportForm, reference: &Reference, now: OffsetDateTime) {
    let Some(incident) = form.incident() else { return };
    let done = async { tickets::incident::join_reported(&mut *app.db.read().await?, reference, incident, now).await };
    if let Err(error) = done.await {
        Error::from(error).log();
    }
}

/// The page before the form: an answer that leads straight to the form has no page of its own.
fn way_back(guides: &Guides, page: &Page, trail: &str) -> String {
    let walk = guides.walk(page.lang, trail);
    let way = walk.and_then(|mut walk| match walk.place {
        Place::Report => walk.taken.pop().map(|last| last.before),
        Place::Step(..) | Place::Resolved => Some(walk.path),
    });
    way.unwrap_or_default()
}
