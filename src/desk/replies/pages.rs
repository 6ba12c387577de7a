//! The pages of the saved replies. Every staff member may add, change and delete them.

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
    saved_reply::{SavedReply, SavedReplyDraft, SavedReplyOutcome},
    store,
    template::Placeholder,
};
use crate::{
    app::{App, Now},
    i18n::{Lang, UiMessage},
    local_time,
    staff::{Staff, StaffLayout},
    urls,
    web::{AppError, Form, render_html},
};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(urls::staff::REPLIES, get(list).post(create))
        .route("/staff/replies/new", get(new))
        .route("/staff/replies/{id}", get(edit).post(update))
        .route("/staff/replies/{id}/deletion", post(delete))
}

#[derive(Template)]
#[template(path = "desk/replies.html")]
struct SavedReplyListPage {
    frame: StaffLayout,
    replies: Vec<SavedReply>,
    now: OffsetDateTime,
}

impl SavedReplyListPage {
    fn format_short(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn in_lang(&self, lang: &Lang) -> Vec<&SavedReply> {
        self.replies.iter().filter(|reply| reply.lang == *lang).collect()
    }
}

#[derive(Template)]
#[template(path = "desk/reply.html")]
struct SavedReplyFormPage {
    frame: StaffLayout,
    /// A new reply has its id from the start, so that its form can be sent twice without harm.
    id: Uuid,
    /// The version that the form changes. None for a new reply.
    version: Option<i32>,
    draft: SavedReplyDraft,
    errors: Vec<(&'static str, UiMessage)>,
    conflict: Option<SavedReplyConflict>,
    now: OffsetDateTime,
}

/// What another staff member did in the meantime.
enum SavedReplyConflict {
    Changed(SavedReply),
    Deleted,
}

impl SavedReplyFormPage {
    fn error_for(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, message)| self.frame.lang().format(message))
    }

    fn title(&self) -> String {
        let id = if self.version.is_some() { "replies-change" } else { "replies-add" };
        self.frame.t(id).into_owned()
    }

    fn action_url(&self) -> String {
        if self.version.is_some() { urls::staff::saved_reply(self.id) } else { urls::staff::REPLIES.to_owned() }
    }

    fn format_short(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }
}

pub(crate) const fn language_label(lang: &Lang) -> &'static str {
    match lang {
        Lang::Pl => "replies-lang-pl",
        Lang::En => "replies-lang-en",
    }
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now) -> Result<Response, AppError> {
    let replies = store::list(&mut *app.db.acquire().await?).await?;
    let page = SavedReplyListPage { frame: StaffLayout::new(&app, &staff, "replies"), replies, now };
    Ok(render_html(&page)?.into_response())
}

fn build_form_page(
    app: &App,
    staff: &Staff,
    id: Uuid,
    version: Option<i32>,
    draft: SavedReplyDraft,
    now: OffsetDateTime,
) -> SavedReplyFormPage {
    let frame = StaffLayout::new(app, staff, "replies");
    SavedReplyFormPage { frame, id, version, draft, errors: Vec::new(), conflict: None, now }
}

async fn new(State(app): State<App>, staff: Staff, Now(now): Now) -> Result<Response, AppError> {
    let draft = SavedReplyDraft { title: String::new(), body: String::new(), lang: staff.lang };
    Ok(render_html(&build_form_page(&app, &staff, Uuid::new_v4(), None, draft, now))?.into_response())
}

async fn edit(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
) -> Result<Response, AppError> {
    let id = parse_id(&id)?;
    let reply = store::find(&mut *app.db.acquire().await?, id).await?.ok_or(AppError::NotFound)?;
    let draft = SavedReplyDraft { title: reply.title, body: reply.body, lang: reply.lang };
    Ok(render_html(&build_form_page(&app, &staff, id, Some(reply.version), draft, now))?.into_response())
}

async fn create(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    let id = Uuid::parse_str(form.raw("id")).unwrap_or_else(|_| Uuid::new_v4());
    let page = build_form_page(&app, &staff, id, None, SavedReplyDraft::from_form(&form, staff.lang), now);
    save(&app, &staff, page, now).await
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
    let page = build_form_page(&app, &staff, id, Some(version), SavedReplyDraft::from_form(&form, staff.lang), now);
    save(&app, &staff, page, now).await
}

/// Saves the draft of a page, as a new reply if it has no version. With errors, renders the page again.
async fn save(
    app: &App,
    staff: &Staff,
    mut page: SavedReplyFormPage,
    now: OffsetDateTime,
) -> Result<Response, AppError> {
    page.errors = page.draft.validate();
    if page.errors.is_empty() {
        let mut tx = app.db.begin().await?;
        let outcome = match page.version {
            None => store::insert(&mut tx, page.id, &page.draft, staff.id, now).await?,
            Some(version) => store::update(&mut tx, page.id, version, &page.draft, staff.id, now).await?,
        };
        match (outcome, page.version) {
            // a new reply that exists already: the form was sent twice
            (SavedReplyOutcome::Saved, _) | (SavedReplyOutcome::Stale, None) => {
                tx.commit().await?;
                return Ok(Redirect::to(urls::staff::REPLIES).into_response());
            }
            (SavedReplyOutcome::Stale, Some(_)) => return render_conflict(app, page).await,
            (SavedReplyOutcome::TitleTaken, _) => page.errors.push(("title", UiMessage::new("replies-title-taken"))),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
}

async fn delete(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let id = parse_id(&id)?;
    let version = form.raw("version").parse().unwrap_or(0);
    let mut tx = app.db.begin().await?;
    let is_deleted = store::delete(&mut tx, id, version).await?;
    tx.commit().await?;
    if is_deleted {
        return Ok(Redirect::to(urls::staff::REPLIES).into_response());
    }
    // the text was changed in the meantime: the page shows the one that would be deleted
    let reply = store::find(&mut *app.db.acquire().await?, id).await?.ok_or(AppError::NotFound)?;
    let draft = SavedReplyDraft { title: reply.title, body: reply.body, lang: reply.lang };
    render_conflict(&app, build_form_page(&app, &staff, id, Some(version), draft, now)).await
}

/// Renders the current reply and the form with the draft, ready to be saved over it.
async fn render_conflict(app: &App, mut page: SavedReplyFormPage) -> Result<Response, AppError> {
    match store::find(&mut *app.db.acquire().await?, page.id).await? {
        Some(current) => {
            page.version = Some(current.version);
            page.conflict = Some(SavedReplyConflict::Changed(current));
        }
        None => (page.id, page.version, page.conflict) = (Uuid::new_v4(), None, Some(SavedReplyConflict::Deleted)),
    }
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}

fn parse_id(id: &str) -> Result<Uuid, AppError> {
    Uuid::parse_str(id).map_err(|_| AppError::NotFound)
}
