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

use super::{ParsedReport, ReportForm, batch_writer::ReportWriter, form_view::ReportFormView};
use crate::{
    app::{App, Now},
    checks::{self, StoredCheckResult},
    guides::{GuidePosition, Guides},
    public_incidents::PublicIncident,
    tickets::{self, GivenAnswer, TicketCategory, TicketReference},
    web::{AppError, Client, Form, PublicLayout, render_html},
};

pub fn routes() -> Router<App> {
    Router::new().route("/{lang}/report", get(new).post(create)).layer(Extension(Arc::new(ReportWriter::default())))
}

#[derive(Template)]
#[template(path = "report/choose.html")]
struct ChooseCategoryPage {
    page: PublicLayout,
    form: ReportForm,
}

impl ChooseCategoryPage {
    fn category_url(&self, category: &TicketCategory) -> String {
        self.form.to_url(self.page.lang, Some(*category))
    }
}

#[derive(Template)]
#[template(path = "report/form.html")]
struct ReportFormPage {
    page: PublicLayout,
    form: ReportForm,
    parsed: Option<ParsedReport>,
    guide_answers: Vec<GivenAnswer>,
    /// The place in the guides that led here; empty for the first page.
    back_path: String,
    client_ip: String,
    /// What checks found, to be attached.
    check_results: Vec<StoredCheckResult>,
    /// Known trouble that it may be an example of.
    matching_incidents: Vec<PublicIncident>,
    /// Whether it was sent before: then it holds what was typed.
    was_submitted: bool,
    /// Why a form that is right was not taken: a message of `words`.
    refusal_message_id: Option<&'static str>,
}

impl ReportFormPage {
    fn view(&self) -> ReportFormView<'_> {
        ReportFormView { lang: self.page.lang, form: &self.form, parsed: self.parsed.as_ref(), autofocus_field: None }
    }

    /// Whether the form is about a call: an account that is logged out has no A and B.
    fn is_call(&self) -> bool {
        self.form.category() != Some(TicketCategory::LoggedOut)
    }

    fn is_audio(&self) -> bool {
        self.form.category() == Some(TicketCategory::Audio)
    }

    fn has_errors(&self) -> bool {
        self.parsed.as_ref().is_some_and(|reading| !reading.errors.is_empty())
    }

    fn heading(&self) -> &'static str {
        match self.form.category() {
            Some(TicketCategory::LoggedOut) => "report-title-account",
            Some(TicketCategory::Audio) => "report-title-audio",
            Some(TicketCategory::Incoming | TicketCategory::Outgoing | TicketCategory::Unknown) | None => {
                "report-title"
            }
        }
    }

    fn lead(&self) -> &'static str {
        match self.form.category() {
            Some(TicketCategory::LoggedOut) => "report-lead-account",
            Some(TicketCategory::Audio) => "report-lead-audio",
            Some(TicketCategory::Incoming | TicketCategory::Outgoing | TicketCategory::Unknown) | None => "report-lead",
        }
    }

    /// Before anything was sent the other language is an address; after it, a button that takes along what was typed.
    fn other_language_url(&self) -> String {
        if self.was_submitted {
            return "#other-language".to_owned();
        }
        self.form.to_url(self.page.lang.other(), None)
    }
}

async fn new(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    uri: Uri,
) -> Result<Response, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let form = ReportForm::from_query(&query, &guides, page.lang);
    if form.category().is_none() {
        return Ok(render_html(&ChooseCategoryPage { page, form })?.into_response());
    }
    let answers = form.resolve_guide_path(&guides, page.lang).answers;
    let back = back_path(&guides, &page, &form.guide_path);
    let client_ip = client.ip.to_string();
    let kept = load_attached_checks(&app, &form, now).await;
    let notices = list_matching_incidents(&app, &form);
    let form = ReportFormPage {
        page,
        form,
        parsed: None,
        guide_answers: answers,
        back_path: back,
        client_ip,
        check_results: kept,
        matching_incidents: notices,
        was_submitted: false,
        refusal_message_id: None,
    };
    let page = render_html(&form)?;
    // who comes back to it with the browser's button finds what was typed, and the same form, not a new one
    Ok(([(CACHE_CONTROL, "private, no-cache")], page).into_response())
}

async fn create(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(intake): Extension<Arc<ReportWriter>>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let page = page.without_query();
    let only_show = !form.raw("show").is_empty();
    let dropped = form.single_line("drop");
    let mut form = ReportForm::from_form(&form);
    form.check_ids.remove(&dropped);
    let trail = form.resolve_guide_path(&guides, page.lang);
    let answers = trail.answers.clone();
    let back = back_path(&guides, &page, &form.guide_path);
    let again = |form, reading, kept, refused| ReportFormPage {
        page: page.clone(),
        matching_incidents: list_matching_incidents(&app, &form),
        form,
        parsed: reading,
        guide_answers: answers,
        back_path: back,
        client_ip: client.ip.to_string(),
        check_results: kept,
        was_submitted: true,
        refusal_message_id: refused,
    };
    if !dropped.is_empty() {
        let kept = load_attached_checks(&app, &form, now).await;
        return Ok(render_html(&again(form, None, kept, None))?.into_response());
    }
    let reading = form.validate(now, app.operator.records_days);
    if !reading.errors.is_empty() {
        let kept = load_attached_checks(&app, &form, now).await;
        return Ok(
            (StatusCode::UNPROCESSABLE_ENTITY, render_html(&again(form, Some(reading), kept, None))?).into_response()
        );
    }
    if only_show {
        let kept = load_attached_checks(&app, &form, now).await;
        return Ok(render_html(&again(form, Some(reading), kept, None))?.into_response());
    }
    let stored = match form.to_new_ticket(reading, page.lang, &client, trail) {
        Some(new) => intake.submit(&app, new, form.check_ids.clone(), now).await,
        None => Err(AppError::BadRequest),
    };
    match stored {
        Ok((reference, key)) => {
            join_incident(&app, &form, &reference, now).await;
            Ok(Redirect::to(&format!("/{}/ticket/{reference}?key={}", page.lang, key.0)).into_response())
        }
        // the person keeps the page, the words on it, and a way to try again
        Err(error @ (AppError::Unavailable(_) | AppError::RateLimited { .. } | AppError::Internal(_))) => {
            error.log();
            let refused = match error {
                AppError::RateLimited { .. } => "report-refused-rate-limited",
                _ => "report-refused-unavailable",
            };
            let reading = form.validate(now, app.operator.records_days);
            let kept = load_attached_checks(&app, &form, now).await;
            let mut response =
                (error.status(), render_html(&again(form, Some(reading), kept, Some(refused)))?).into_response();
            if let Some(seconds) = error.retry_after() {
                response.headers_mut().insert(RETRY_AFTER, seconds);
            }
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

/// What the checks found that came along. A database that is away costs nobody the form: the ids stay in it.
async fn load_attached_checks(app: &App, form: &ReportForm, now: OffsetDateTime) -> Vec<StoredCheckResult> {
    if form.check_ids.is_empty() {
        return Vec::new();
    }
    let kept = async { checks::find_by_ids(&mut *app.db.acquire().await?, form.check_ids.ids(), now).await };
    kept.await.map_err(AppError::from).inspect_err(AppError::log).unwrap_or_default()
}

/// Known trouble with this problem, and that which somebody came from.
fn list_matching_incidents(app: &App, form: &ReportForm) -> Vec<PublicIncident> {
    let mut notices =
        form.category().map(|category| app.public_incidents.affecting(category.as_str())).unwrap_or_default();
    if let Some(chosen) =
        form.incident_id().and_then(|id| app.public_incidents.find(id)).filter(|chosen| !chosen.is_resolved())
        && !notices.contains(&chosen)
    {
        notices.push(chosen);
    }
    notices
}

/// Makes the ticket part of the incident that its customer chose. The report is safe by now, whatever becomes of it.
async fn join_incident(app: &App, form: &ReportForm, reference: &TicketReference, now: OffsetDateTime) {
    let Some(incident) = form.incident_id() else { return };
    let done = async {
        tickets::command::incident::join_as_customer(&mut *app.db.acquire().await?, reference, incident, now).await
    };
    if let Err(error) = done.await {
        AppError::from(error).log();
    }
}

/// The page before the form: an answer that leads straight to the form has no page of its own.
fn back_path(guides: &Guides, page: &PublicLayout, trail: &str) -> String {
    let walk = guides.resolve_path(page.lang, trail);
    let way = walk.and_then(|mut walk| match walk.position {
        GuidePosition::Report => walk.answered_steps.pop().map(|last| last.path_before),
        GuidePosition::Step(..) | GuidePosition::Resolved => Some(walk.path),
    });
    way.unwrap_or_default()
}
