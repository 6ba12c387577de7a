//! The room of saved replies: everybody at the desk may add, change and delete them.

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

use super::{Placeholder, SavedReply, SavedReplyDraft, SavedReplyOutcome, store};
use crate::{
    app::{App, Now},
    i18n::{Lang, UiMessage},
    local_time,
    staff::{Staff, StaffLayout},
    web::{AppError, Form, render_html},
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/replies", get(list).post(create))
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
        self.replies.iter().filter(|saved| saved.lang == *lang).collect()
    }
}

/// One reply, to be written or changed.
#[derive(Template)]
#[template(path = "desk/reply.html")]
struct SavedReplyFormPage {
    frame: StaffLayout,
    /// A new one has an id already, so that its form counts once.
    id: Uuid,
    /// The state that is being changed; nothing for a new one.
    version: Option<i32>,
    draft: SavedReplyDraft,
    errors: Vec<(&'static str, UiMessage)>,
    /// What happened to it meanwhile.
    conflict: Option<SavedReplyConflict>,
    now: OffsetDateTime,
}

/// Why a change came too late.
enum SavedReplyConflict {
    Changed(SavedReply),
    Deleted,
}

impl SavedReplyFormPage {
    fn error_for(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, say)| self.frame.lang().format(say))
    }

    fn title(&self) -> String {
        let id = if self.version.is_some() { "replies-change" } else { "replies-add" };
        self.frame.t(id).into_owned()
    }

    fn action_url(&self) -> String {
        if self.version.is_some() { format!("/staff/replies/{}", self.id) } else { "/staff/replies".to_owned() }
    }

    fn format_short(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }
}

/// The message that names a language.
pub(in crate::desk) const fn language_label(lang: &Lang) -> &'static str {
    match lang {
        Lang::Pl => "replies-lang-pl",
        Lang::En => "replies-lang-en",
    }
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now) -> Result<Response, AppError> {
    let saved = store::list(&mut *app.db.acquire().await?).await?;
    Ok(render_html(&SavedReplyListPage { frame: StaffLayout::new(&app, &staff, "replies"), replies: saved, now })?
        .into_response())
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
    let id = Uuid::parse_str(&id).map_err(|_| AppError::NotFound)?;
    let saved = store::find(&mut *app.db.acquire().await?, id).await?.ok_or(AppError::NotFound)?;
    let draft = SavedReplyDraft { title: saved.title, body: saved.body, lang: saved.lang };
    Ok(render_html(&build_form_page(&app, &staff, id, Some(saved.version), draft, now))?.into_response())
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
    let id = Uuid::parse_str(&id).map_err(|_| AppError::NotFound)?;
    let version = form.raw("version").parse().unwrap_or(0);
    let page = build_form_page(&app, &staff, id, Some(version), SavedReplyDraft::from_form(&form, staff.lang), now);
    save(&app, &staff, page, now).await
}

/// Saves what a page holds, a new reply where it has no version; or shows it again with what is wrong.
async fn save(
    app: &App,
    staff: &Staff,
    mut page: SavedReplyFormPage,
    now: OffsetDateTime,
) -> Result<Response, AppError> {
    page.errors = page.draft.validate();
    if page.errors.is_empty() {
        let mut tx = app.db.begin().await?;
        let saving = match page.version {
            None => store::insert(&mut tx, page.id, &page.draft, staff.id, now).await?,
            Some(version) => store::update(&mut tx, page.id, version, &page.draft, staff.id, now).await?,
        };
        match (saving, page.version) {
            // a new one that is there already is the same form, sent twice
            (SavedReplyOutcome::Saved, _) | (SavedReplyOutcome::Stale, None) => {
                tx.commit().await?;
                return Ok(Redirect::to("/staff/replies").into_response());
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
    let id = Uuid::parse_str(&id).map_err(|_| AppError::NotFound)?;
    let version = form.raw("version").parse().unwrap_or(0);
    let mut tx = app.db.begin().await?;
    let gone = store::delete(&mut tx, id, version).await?;
    tx.commit().await?;
    if gone {
        return Ok(Redirect::to("/staff/replies").into_response());
    }
    // whoever wants to delete it has seen another text: here is the one that would go
    let saved = store::find(&mut *app.db.acquire().await?, id).await?.ok_or(AppError::NotFound)?;
    let draft = SavedReplyDraft { title: saved.title.clone(), body: saved.body.clone(), lang: saved.lang };
    render_conflict(&app, build_form_page(&app, &staff, id, Some(version), draft, now)).await
}

/// Shows both: the reply as it is now, and what was wanted, ready to be saved over it.
async fn render_conflict(app: &App, mut page: SavedReplyFormPage) -> Result<Response, AppError> {
    match store::find(&mut *app.db.acquire().await?, page.id).await? {
        Some(saved) => {
            page.version = Some(saved.version);
            page.conflict = Some(SavedReplyConflict::Changed(saved));
        }
        None => (page.id, page.version, page.conflict) = (Uuid::new_v4(), None, Some(SavedReplyConflict::Deleted)),
    }
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}
