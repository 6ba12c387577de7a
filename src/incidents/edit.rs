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
    draft::{Complaints, Draft, Wanted},
    pages::{number, renew, wrong},
    store,
};
use crate::{
    app::{App, Now},
    notices::Notice,
    staff::{Frame, Staff},
    tickets::Category,
    web::{Error, Form, html},
    words::{Lang, Say},
};

/// The form.
#[derive(Template)]
#[template(path = "incidents/edit.html")]
struct EditPage {
    frame: Frame,
    /// Nothing for a new one.
    known: Option<(i64, i32)>,
    submission: Uuid,
    draft: Draft,
    wrong: Complaints,
    preview: Option<Notice>,
    /// What it is now, when somebody changed it meanwhile.
    late: Option<Incident>,
}

impl EditPage {
    fn wrong(&self, field: &str) -> Option<String> {
        wrong(&self.frame, &self.wrong, field)
    }

    fn title(&self) -> &'static str {
        if self.known.is_some() { "incident-edit" } else { "incident-new" }
    }

    fn address(&self) -> String {
        self.known.map_or_else(|| "/staff/incidents".to_owned(), |(id, _)| format!("/staff/incidents/{id}"))
    }

    fn has(&self, category: &Category) -> bool {
        self.draft.categories.contains(category)
    }

    fn say_in(&self, lang: &Lang, say: &Say) -> String {
        lang.say(say)
    }

    fn fields(&self) -> [(Lang, &'static str, &'static str); 2] {
        Lang::ALL.map(|lang| match lang {
            Lang::Pl => (lang, "title_pl", "text_pl"),
            Lang::En => (lang, "title_en", "text_en"),
        })
    }
}

/// The message that names a language.
pub(super) const fn language(lang: &Lang) -> &'static str {
    match lang {
        Lang::Pl => "incident-in-pl",
        Lang::En => "incident-in-en",
    }
}

fn edit_page(app: &App, staff: &Staff, known: Option<(i64, i32)>, draft: Draft) -> EditPage {
    let frame = Frame::new(app, staff, "incidents");
    EditPage { frame, known, submission: Uuid::new_v4(), draft, wrong: Vec::new(), preview: None, late: None }
}

pub(super) async fn new(AppState(app): AppState<App>, staff: Staff, Now(now): Now) -> Result<Response, Error> {
    Ok(html(&edit_page(&app, &staff, None, Draft::new(now)))?.into_response())
}

pub(super) async fn edit(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let id = number(&id)?;
    let incident = store::one(&mut *app.db.read().await?, id).await?.ok_or(Error::NotFound)?;
    if !incident.state.is_open() {
        return Ok(Redirect::to(&format!("/staff/incidents/{id}")).into_response());
    }
    Ok(html(&edit_page(&app, &staff, Some((id, incident.version)), Draft::of(&incident)))?.into_response())
}

/// Instead of what is wanted, the form again: where something is wrong with it, or where only a preview was asked for.
fn not_yet(
    mut page: EditPage,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Result<(EditPage, Wanted), Response>, Error> {
    Ok(match page.draft.check() {
        Ok(wanted) if form.raw("act") == "preview" => {
            page.preview = Some(wanted.preview(page.known.map_or(0, |(id, _)| id), now));
            Err(html(&page)?.into_response())
        }
        Ok(wanted) => Ok((page, wanted)),
        Err(wrong) => {
            page.wrong = wrong;
            Err((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    })
}

pub(super) async fn add(
    AppState(app): AppState<App>,
    staff: Staff,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut page = edit_page(&app, &staff, None, Draft::read(&form));
    page.submission = Uuid::parse_str(form.raw("submission")).unwrap_or(page.submission);
    let submission = page.submission;
    let wanted = match not_yet(page, &form, now)? {
        Ok((_, wanted)) => wanted,
        Err(answer) => return Ok(answer),
    };
    let mut tx = app.db.begin().await?;
    let id = store::add(&mut tx, submission, &wanted, staff.id, now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/staff/incidents/{id}")).into_response())
}

pub(super) async fn change(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let id = number(&id)?;
    let version = form.raw("version").parse().unwrap_or(0);
    let page = edit_page(&app, &staff, Some((id, version)), Draft::read(&form));
    let (mut page, wanted) = match not_yet(page, &form, now)? {
        Ok(ready) => ready,
        Err(answer) => return Ok(answer),
    };
    let mut tx = app.db.begin().await?;
    if store::change(&mut tx, id, version, &wanted, staff.id, now).await? {
        tx.commit().await?;
        renew(&app).await;
        return Ok(Redirect::to(&format!("/staff/incidents/{id}")).into_response());
    }
    drop(tx);
    let incident = store::one(&mut *app.db.read().await?, id).await?.ok_or(Error::NotFound)?;
    // both are shown; what was written can be saved over it, unless it is over
    page.known = Some((id, incident.version));
    page.late = Some(incident);
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}
