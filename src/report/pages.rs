//! The report form's pages. In every response to a form, what was typed stays on the page.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{FromRef, State},
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use time::OffsetDateTime;

use super::{
    batch_writer::{NewReport, ReportWriter},
    form::ReportForm,
    form_view::ReportFormView,
    validation::ParsedReport,
};
use crate::{
    app::{App, Now},
    checks::{self, StoredCheckResult},
    guides::{GuidePosition, GuideProgress, Guides},
    i18n::Label,
    public_incidents::PublicIncident,
    tickets::{GivenAnswer, TicketCategory},
    urls,
    web::{AppError, Client, Form, PublicLayout, QueryForm, form::RESTORED_BY_BACK_BUTTON, render_html},
};

pub fn routes(app: App, guides: Arc<Guides>) -> Router<App> {
    let state = ReportState { app, guides, writer: Arc::new(ReportWriter::default()) };
    Router::new().route("/{lang}/report", get(new).post(create)).with_state(state)
}

#[derive(Clone)]
struct ReportState {
    app: App,
    guides: Arc<Guides>,
    writer: Arc<ReportWriter>,
}

impl FromRef<ReportState> for App {
    fn from_ref(state: &ReportState) -> App {
        state.app.clone()
    }
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
    /// Path of the guide page that led here; empty for the home page.
    back_path: String,
    client_ip: String,
    /// The check results that will be attached.
    check_results: Vec<StoredCheckResult>,
    /// Known incidents that may explain the problem.
    matching_incidents: Vec<PublicIncident>,
    /// Whether the page answers a form that was sent.
    was_submitted: bool,
    /// Why a valid form could not be stored: a message id.
    refusal_message_id: Option<&'static str>,
}

impl ReportFormPage {
    fn view(&self) -> ReportFormView<'_> {
        ReportFormView { lang: self.page.lang, form: &self.form, parsed: self.parsed.as_ref(), autofocus_field: None }
    }

    /// Whether the form is about a call. A logged-out account has neither caller nor callee.
    fn is_call(&self) -> bool {
        self.form.category() != Some(TicketCategory::LoggedOut)
    }

    fn is_audio(&self) -> bool {
        self.form.category() == Some(TicketCategory::Audio)
    }

    fn has_errors(&self) -> bool {
        self.parsed.as_ref().is_some_and(|parsed| !parsed.errors.is_empty())
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

    /// The other language's URL. After the form was sent it is a button that sends what was typed along.
    fn other_language_url(&self) -> String {
        if self.was_submitted {
            return "#other-language".to_owned();
        }
        self.form.to_url(self.page.lang.other(), None)
    }
}

async fn new(
    State(ReportState { app, guides, .. }): State<ReportState>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let mut form = ReportForm::from_query(&query);
    let progress = form.resolve_guide_path(&guides, page.lang);
    form.fill_from_guide(progress.as_ref());
    if form.category().is_none() {
        return Ok(render_html(&ChooseCategoryPage { page, form })?.into_response());
    }
    let form_page = ReportFormPage {
        page,
        parsed: None,
        guide_answers: progress.as_ref().map(GuideProgress::given_answers).unwrap_or_default(),
        back_path: back_path(progress.as_ref()),
        client_ip: client.ip.to_string(),
        check_results: load_attached_checks(&app, &form, now).await,
        matching_incidents: list_matching_incidents(&app, &form),
        form,
        was_submitted: false,
        refusal_message_id: None,
    };
    Ok((RESTORED_BY_BACK_BUTTON, render_html(&form_page)?).into_response())
}

async fn create(
    State(ReportState { app, guides, writer }): State<ReportState>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    body: Form,
) -> Result<Response, AppError> {
    let page = page.without_query();
    let is_preview = !body.raw("preview").is_empty();
    let dropped_check = body.single_line("remove_check");
    let mut form = ReportForm::from_form(&body);
    form.check_ids.remove(&dropped_check);
    let progress = form.resolve_guide_path(&guides, page.lang);
    let guide_history = progress.as_ref().map(GuideProgress::history).unwrap_or_default();
    let render_form = async |form: ReportForm, parsed, refusal_message_id| {
        let form_page = ReportFormPage {
            check_results: load_attached_checks(&app, &form, now).await,
            matching_incidents: list_matching_incidents(&app, &form),
            page: page.clone(),
            form,
            parsed,
            guide_answers: guide_history.answers.clone(),
            back_path: back_path(progress.as_ref()),
            client_ip: client.ip.to_string(),
            was_submitted: true,
            refusal_message_id,
        };
        Ok::<_, AppError>((RESTORED_BY_BACK_BUTTON, render_html(&form_page)?))
    };
    if !dropped_check.is_empty() {
        return Ok(render_form(form, None, None).await?.into_response());
    }
    let parsed = form.validate(now, app.operator.records_days);
    if !parsed.errors.is_empty() {
        let body = render_form(form, Some(parsed), None).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    if is_preview {
        return Ok(render_form(form, Some(parsed), None).await?.into_response());
    }
    let ticket = form.to_new_ticket(parsed, page.lang, &client, guide_history.clone()).ok_or(AppError::BadRequest)?;
    let report =
        NewReport { ticket, check_ids: form.check_ids.clone(), incident_id: form.incident_id(), received_at: now };
    match writer.submit(&app, report).await {
        Ok((reference, key)) => {
            Ok(Redirect::to(&urls::public::ticket(page.lang, &reference, "", Some(&key))).into_response())
        }
        // the visitor keeps the page with everything typed, and can send it again
        Err(error @ (AppError::Unavailable(_) | AppError::RateLimited { .. } | AppError::Internal(_))) => {
            error.log();
            let message_id = match error {
                AppError::RateLimited { .. } => "report-refused-rate-limited",
                _ => "report-refused-unavailable",
            };
            let parsed = form.validate(now, app.operator.records_days);
            let body = render_form(form, Some(parsed), Some(message_id)).await?;
            let mut response = (error.status(), body).into_response();
            if let Some(seconds) = error.retry_after() {
                response.headers_mut().insert(RETRY_AFTER, seconds);
            }
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

/// The check results that the form carries. If the database is unavailable, the form is shown without them and keeps
/// their ids.
async fn load_attached_checks(app: &App, form: &ReportForm, now: OffsetDateTime) -> Vec<StoredCheckResult> {
    if form.check_ids.is_empty() {
        return Vec::new();
    }
    let loaded = async { checks::find_by_ids(&mut *app.db.acquire().await?, form.check_ids.ids(), now).await };
    loaded.await.map_err(AppError::from).inspect_err(AppError::log).unwrap_or_default()
}

/// Open incidents that affect the form's category, and the one that the visitor came from.
fn list_matching_incidents(app: &App, form: &ReportForm) -> Vec<PublicIncident> {
    let mut incidents =
        form.category().map(|category| app.public_incidents.affecting(category.into_str())).unwrap_or_default();
    if let Some(chosen) =
        form.incident_id().and_then(|id| app.public_incidents.find(id)).filter(|chosen| !chosen.is_resolved())
        && !incidents.contains(&chosen)
    {
        incidents.push(chosen);
    }
    incidents
}

/// The path of the guide page before the form. An answer that leads straight to the form has no page of its own, so the
/// page before it is the one with the question.
fn back_path(progress: Option<&GuideProgress<'_>>) -> String {
    let path = progress.and_then(|progress| match progress.position {
        GuidePosition::Report => progress.answered_steps.last().map(|answered| &answered.path_before),
        GuidePosition::Step(..) | GuidePosition::Resolved => Some(&progress.path),
    });
    path.cloned().unwrap_or_default()
}
