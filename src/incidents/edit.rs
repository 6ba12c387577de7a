//! The form of an incident: written, previewed, changed.

use askama::Template;
use axum::{
    extract::{Path, State as AppState},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Incident,
    form::{IncidentForm, IncidentFormErrors, ValidatedIncident},
    pages::{error_message, parse_id, refresh_cache_or_log},
    store,
};
use crate::{
    app::{App, Now},
    i18n::{Lang, UiMessage},
    public_incidents::PublicIncident,
    staff::{Staff, StaffLayout},
    tickets::TicketCategory,
    web::{AppError, Form, render_html},
};

/// The form.
#[derive(Template)]
#[template(path = "incidents/edit.html")]
struct IncidentFormPage {
    frame: StaffLayout,
    /// Nothing for a new one.
    existing: Option<(i64, i32)>,
    submission: Uuid,
    form: IncidentForm,
    errors: IncidentFormErrors,
    preview: Option<PublicIncident>,
    /// What it is now, when somebody changed it meanwhile.
    conflict: Option<Incident>,
}

impl IncidentFormPage {
    fn error_message(&self, field: &str) -> Option<String> {
        error_message(&self.frame, &self.errors, field)
    }

    fn title_label(&self) -> &'static str {
        if self.existing.is_some() { "incident-edit" } else { "incident-new" }
    }

    fn path(&self) -> String {
        self.existing.map_or_else(|| "/staff/incidents".to_owned(), |(id, _)| format!("/staff/incidents/{id}"))
    }

    fn has_category(&self, category: &TicketCategory) -> bool {
        self.form.categories.contains(category)
    }

    fn format_in(&self, lang: &Lang, say: &UiMessage) -> String {
        lang.format(say)
    }

    fn language_fields(&self) -> [(Lang, &'static str, &'static str); 2] {
        Lang::ALL.map(|lang| match lang {
            Lang::Pl => (lang, "title_pl", "text_pl"),
            Lang::En => (lang, "title_en", "text_en"),
        })
    }
}

/// The message that names a language.
pub(super) const fn language_label(lang: &Lang) -> &'static str {
    match lang {
        Lang::Pl => "incident-in-pl",
        Lang::En => "incident-in-en",
    }
}

fn build_form_page(app: &App, staff: &Staff, known: Option<(i64, i32)>, draft: IncidentForm) -> IncidentFormPage {
    let frame = StaffLayout::new(app, staff, "incidents");
    IncidentFormPage {
        frame,
        existing: known,
        submission: Uuid::new_v4(),
        form: draft,
        errors: Vec::new(),
        preview: None,
        conflict: None,
    }
}

pub(super) async fn new(AppState(app): AppState<App>, staff: Staff, Now(now): Now) -> Result<Response, AppError> {
    Ok(render_html(&build_form_page(&app, &staff, None, IncidentForm::new(now)))?.into_response())
}

pub(super) async fn edit(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = parse_id(&id)?;
    let incident = store::find(&mut *app.db.acquire().await?, id).await?.ok_or(AppError::NotFound)?;
    if !incident.state.is_editable() {
        return Ok(Redirect::to(&format!("/staff/incidents/{id}")).into_response());
    }
    Ok(render_html(&build_form_page(
        &app,
        &staff,
        Some((id, incident.version)),
        IncidentForm::from_incident(&incident),
    ))?
    .into_response())
}

/// Instead of what is wanted, the form again: where something is wrong with it, or where only a preview was asked for.
fn validate_or_render(
    mut page: IncidentFormPage,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Result<(IncidentFormPage, ValidatedIncident), Response>, AppError> {
    Ok(match page.form.validate() {
        Ok(wanted) if form.raw("act") == "preview" => {
            page.preview = Some(wanted.to_public_incident(page.existing.map_or(0, |(id, _)| id), now));
            Err(render_html(&page)?.into_response())
        }
        Ok(wanted) => Ok((page, wanted)),
        Err(wrong) => {
            page.errors = wrong;
            Err((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
        }
    })
}

pub(super) async fn create(
    AppState(app): AppState<App>,
    staff: Staff,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut page = build_form_page(&app, &staff, None, IncidentForm::parse(&form));
    page.submission = Uuid::parse_str(form.raw("submission")).unwrap_or(page.submission);
    let submission = page.submission;
    let wanted = match validate_or_render(page, &form, now)? {
        Ok((_, wanted)) => wanted,
        Err(answer) => return Ok(answer),
    };
    let mut tx = app.db.begin().await?;
    let id = store::insert(&mut tx, submission, &wanted, staff.id, now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/staff/incidents/{id}")).into_response())
}

pub(super) async fn update(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let id = parse_id(&id)?;
    let version = form.raw("version").parse().unwrap_or(0);
    let page = build_form_page(&app, &staff, Some((id, version)), IncidentForm::parse(&form));
    let (mut page, wanted) = match validate_or_render(page, &form, now)? {
        Ok(ready) => ready,
        Err(answer) => return Ok(answer),
    };
    let mut tx = app.db.begin().await?;
    if store::update(&mut tx, id, version, &wanted, staff.id, now).await? {
        tx.commit().await?;
        refresh_cache_or_log(&app).await;
        return Ok(Redirect::to(&format!("/staff/incidents/{id}")).into_response());
    }
    drop(tx);
    let incident = store::find(&mut *app.db.acquire().await?, id).await?.ok_or(AppError::NotFound)?;
    // both are shown; what was written can be saved over it, unless it is over
    page.existing = Some((id, incident.version));
    page.conflict = Some(incident);
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}
