//! The form's pages. Whatever happens, what was typed stays on the page.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::{StatusCode, Uri, header::RETRY_AFTER},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use super::{Reading, ReportForm, fields::Fields, intake::Intake};
use crate::{
    app::{App, Now},
    guides::Guides,
    tickets::{Category, GivenAnswer},
    web::{
        Client, Error, Form, Page, html,
        limit::{Limit, REPORTS},
    },
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/report", get(blank).post(send))
        .layer(Extension(Arc::new(Limit::new(&REPORTS))))
        .layer(Extension(Arc::new(Intake::default())))
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
    client_ip: String,
    /// Why a form that is right was not taken: a message of `words`.
    refused: Option<&'static str>,
}

impl FormPage {
    fn f(&self) -> Fields<'_> {
        Fields { lang: self.page.lang, form: &self.form, reading: self.reading.as_ref() }
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
        if self.is_call() { "report-title" } else { "report-title-account" }
    }

    fn switch(&self) -> String {
        self.form.address(self.page.lang.other(), None)
    }
}

async fn blank(
    Extension(guides): Extension<Arc<Guides>>,
    page: Page,
    client: Client,
    uri: Uri,
) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let form = ReportForm::prefilled(&query, &guides, page.lang);
    if form.category().is_none() {
        return Ok(html(&ChoosePage { page, form })?.into_response());
    }
    let answers = form.trail(&guides, page.lang).answers;
    let client_ip = client.ip.to_string();
    Ok(html(&FormPage { page, form, reading: None, answers, client_ip, refused: None })?.into_response())
}

async fn send(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(limit): Extension<Arc<Limit>>,
    Extension(intake): Extension<Arc<Intake>>,
    page: Page,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let page = page.without_query();
    let form = ReportForm::read(&form);
    let trail = form.trail(&guides, page.lang);
    let answers = trail.answers.clone();
    let again = |form, reading, refused| FormPage {
        page: page.clone(),
        form,
        reading: Some(reading),
        answers,
        client_ip: client.ip.to_string(),
        refused,
    };
    let reading = form.check(now, app.operator.records_days);
    if !reading.wrong.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&again(form, reading, None))?).into_response());
    }
    let stored = match limit.check(client.ip) {
        Ok(()) => match form.ticket(reading, page.lang, &client, trail) {
            Some(new) => intake.take(&app, new, now).await,
            None => Err(Error::BadRequest),
        },
        Err(error) => Err(error),
    };
    match stored {
        Ok((reference, key)) => {
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
            let mut response = (error.status(), html(&again(form, reading, Some(refused)))?).into_response();
            if let Some(seconds) = error.retry_after() {
                response.headers_mut().insert(RETRY_AFTER, seconds);
            }
            Ok(response)
        }
        Err(error) => Err(error),
    }
}
