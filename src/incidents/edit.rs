//! The form of an incident: creation, preview and changes.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    cache_refresh::refresh_cache_or_log,
    form::{self, IncidentForm, IncidentFormErrors},
    incident::{Incident, ValidatedIncident},
    pages::parse_id,
    store,
};
use crate::{
    app::{App, Now},
    i18n::{Label, Lang, UiMessage},
    public_incidents::PublicIncident,
    staff::{Staff, StaffLayout},
    tickets::TicketCategory,
    urls,
    web::{AppError, Form, render_html},
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/staff/incidents", post(create))
        .route("/staff/incidents/new", get(new))
        .route("/staff/incidents/{id}", post(update))
        .route("/staff/incidents/{id}/edit", get(edit))
}

#[derive(Template)]
#[template(path = "incidents/edit.html")]
struct IncidentFormPage {
    frame: StaffLayout,
    /// Id and version; `None` for a new incident.
    existing: Option<(i64, i32)>,
    submission: Uuid,
    form: IncidentForm,
    errors: IncidentFormErrors,
    preview: Option<PublicIncident>,
    /// The current incident, if another staff member has changed it.
    conflict: Option<Incident>,
}

impl IncidentFormPage {
    fn error_message(&self, field: &str) -> Option<String> {
        form::error_message(&self.errors, self.frame.lang(), field)
    }

    fn title_label(&self) -> &'static str {
        if self.existing.is_some() { "incident-edit" } else { "incident-new" }
    }

    fn path(&self) -> String {
        self.existing.map_or_else(|| urls::staff::INCIDENTS.to_owned(), |(id, _)| urls::staff::incident(id))
    }

    fn has_category(&self, category: &TicketCategory) -> bool {
        self.form.categories.contains(category)
    }

    fn format_in(&self, lang: &Lang, message: &UiMessage) -> String {
        lang.format(message)
    }

    fn language_fields(&self) -> [(Lang, &'static str, &'static str); 2] {
        Lang::ALL.map(|lang| match lang {
            Lang::Pl => (lang, "title_pl", "text_pl"),
            Lang::En => (lang, "title_en", "text_en"),
        })
    }
}

fn build_form_page(app: &App, staff: &Staff, existing: Option<(i64, i32)>, form: IncidentForm) -> IncidentFormPage {
    let frame = StaffLayout::new(app, staff, "incidents");
    IncidentFormPage {
        frame,
        existing,
        submission: Uuid::new_v4(),
        form,
        errors: Vec::new(),
        preview: None,
        conflict: None,
    }
}

async fn new(State(app): State<App>, staff: Staff, Now(now): Now) -> Result<Response, AppError> {
    Ok(render_html(&build_form_page(&app, &staff, None, IncidentForm::new(now)))?.into_response())
}

async fn edit(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Result<Response, AppError> {
    let id = parse_id(&id)?;
    let incident = store::find(&mut *app.db.acquire().await?, id).await?.ok_or(AppError::NotFound)?;
    if !incident.state.is_editable() {
        return Ok(Redirect::to(&urls::staff::incident(id)).into_response());
    }
    let form = IncidentForm::from_incident(&incident);
    Ok(render_html(&build_form_page(&app, &staff, Some((id, incident.version)), form))?.into_response())
}

/// Returns the form page as the response if the form has errors or a preview was requested.
fn validate_or_render(
    mut page: IncidentFormPage,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Result<(IncidentFormPage, ValidatedIncident), Response>, AppError> {
    Ok(match page.form.validate() {
        Ok(incident) if form.raw("command") == "preview" => {
            page.preview = Some(incident.to_public_incident(page.existing.map_or(0, |(id, _)| id), now));
            Err(render_html(&page)?.into_response())
        }
        Ok(incident) => Ok((page, incident)),
        Err(errors) => {
            page.errors = errors;
            Err((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
        }
    })
}

async fn create(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    let mut page = build_form_page(&app, &staff, None, IncidentForm::parse(&form));
    page.submission = Uuid::parse_str(form.raw("submission")).unwrap_or(page.submission);
    let submission = page.submission;
    let incident = match validate_or_render(page, &form, now)? {
        Ok((_, incident)) => incident,
        Err(response) => return Ok(response),
    };
    let mut tx = app.db.begin().await?;
    let id = store::insert(&mut tx, submission, &incident, staff.id, now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&urls::staff::incident(id)).into_response())
}

async fn update(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let id = parse_id(&id)?;
    let version = form.raw("version").parse().unwrap_or(0);
    let page = build_form_page(&app, &staff, Some((id, version)), IncidentForm::parse(&form));
    let (mut page, changed) = match validate_or_render(page, &form, now)? {
        Ok(valid) => valid,
        Err(response) => return Ok(response),
    };
    let mut tx = app.db.begin().await?;
    if store::update(&mut tx, id, version, &changed, staff.id, now).await? {
        tx.commit().await?;
        refresh_cache_or_log(&app).await;
        return Ok(Redirect::to(&urls::staff::incident(id)).into_response());
    }
    drop(tx);
    let incident = store::find(&mut *app.db.acquire().await?, id).await?.ok_or(AppError::NotFound)?;
    // The page shows both versions. A second save overwrites the other one, unless the incident is no longer editable.
    page.existing = Some((id, incident.version));
    page.conflict = Some(incident);
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}
