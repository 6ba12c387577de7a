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

use super::{Draft, Placeholder, Saved, Saving, store};
use crate::{
    app::{App, Now},
    staff::{Frame, Staff},
    web::{Error, Form, html},
    words::{Lang, Say},
    zone,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/replies", get(list).post(add))
        .route("/staff/replies/new", get(new))
        .route("/staff/replies/{id}", get(edit).post(change))
        .route("/staff/replies/{id}/deletion", post(delete))
}

#[derive(Template)]
#[template(path = "desk/saved.html")]
struct ListPage {
    frame: Frame,
    saved: Vec<Saved>,
    now: OffsetDateTime,
}

impl ListPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }

    fn of(&self, lang: &Lang) -> Vec<&Saved> {
        self.saved.iter().filter(|saved| saved.lang == *lang).collect()
    }
}

/// One reply, to be written or changed.
#[derive(Template)]
#[template(path = "desk/saved_one.html")]
struct OnePage {
    frame: Frame,
    /// A new one has an id already, so that its form counts once.
    id: Uuid,
    /// The state that is being changed; nothing for a new one.
    version: Option<i32>,
    draft: Draft,
    wrong: Vec<(&'static str, Say)>,
    /// What happened to it meanwhile.
    late: Option<Late>,
    now: OffsetDateTime,
}

/// Why a change came too late.
enum Late {
    Changed(Saved),
    Deleted,
}

impl OnePage {
    fn wrong(&self, field: &str) -> Option<String> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, say)| self.frame.lang().say(say))
    }

    fn title(&self) -> String {
        let id = if self.version.is_some() { "saved-change" } else { "saved-add" };
        self.frame.t(id).into_owned()
    }

    fn address(&self) -> String {
        if self.version.is_some() { format!("/staff/replies/{}", self.id) } else { "/staff/replies".to_owned() }
    }

    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }
}

/// The message that names a language.
pub(in crate::desk) const fn language(lang: &Lang) -> &'static str {
    match lang {
        Lang::Pl => "saved-lang-pl",
        Lang::En => "saved-lang-en",
    }
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now) -> Result<Response, Error> {
    let saved = store::all(&mut *app.db.read().await?).await?;
    Ok(html(&ListPage { frame: Frame::new(&app, &staff, "replies"), saved, now })?.into_response())
}

fn page(app: &App, staff: &Staff, id: Uuid, version: Option<i32>, draft: Draft, now: OffsetDateTime) -> OnePage {
    let frame = Frame::new(app, staff, "replies");
    OnePage { frame, id, version, draft, wrong: Vec::new(), late: None, now }
}

async fn new(State(app): State<App>, staff: Staff, Now(now): Now) -> Result<Response, Error> {
    let draft = Draft { title: String::new(), body: String::new(), lang: staff.lang };
    Ok(html(&page(&app, &staff, Uuid::new_v4(), None, draft, now))?.into_response())
}

async fn edit(State(app): State<App>, staff: Staff, Path(id): Path<String>, Now(now): Now) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let saved = store::one(&mut *app.db.read().await?, id).await?.ok_or(Error::NotFound)?;
    let draft = Draft { title: saved.title, body: saved.body, lang: saved.lang };
    Ok(html(&page(&app, &staff, id, Some(saved.version), draft, now))?.into_response())
}

async fn add(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    let id = Uuid::parse_str(form.raw("id")).unwrap_or_else(|_| Uuid::new_v4());
    let page = page(&app, &staff, id, None, Draft::read(&form, staff.lang), now);
    save(&app, &staff, page, now).await
}

async fn change(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let version = form.raw("version").parse().unwrap_or(0);
    let page = page(&app, &staff, id, Some(version), Draft::read(&form, staff.lang), now);
    save(&app, &staff, page, now).await
}

/// Saves what a page holds, a new reply where it has no version; or shows it again with what is wrong.
async fn save(app: &App, staff: &Staff, mut page: OnePage, now: OffsetDateTime) -> Result<Response, Error> {
    page.wrong = page.draft.complaints();
    if page.wrong.is_empty() {
        let mut tx = app.db.begin().await?;
        let saving = match page.version {
            None => store::add(&mut tx, page.id, &page.draft, staff.id, now).await?,
            Some(version) => store::change(&mut tx, page.id, version, &page.draft, staff.id, now).await?,
        };
        match (saving, page.version) {
            // a new one that is there already is the same form, sent twice
            (Saving::Done, _) | (Saving::Stale, None) => {
                tx.commit().await?;
                return Ok(Redirect::to("/staff/replies").into_response());
            }
            (Saving::Stale, Some(_)) => return too_late(app, page).await,
            (Saving::TitleTaken, _) => page.wrong.push(("title", Say::new("saved-title-taken"))),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

async fn delete(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let version = form.raw("version").parse().unwrap_or(0);
    let mut tx = app.db.begin().await?;
    let gone = store::delete(&mut tx, id, version).await?;
    tx.commit().await?;
    if gone {
        return Ok(Redirect::to("/staff/replies").into_response());
    }
    // whoever wants to delete it has seen another text: here is the one that would go
    let saved = store::one(&mut *app.db.read().await?, id).await?.ok_or(Error::NotFound)?;
    let draft = Draft { title: saved.title.clone(), body: saved.body.clone(), lang: saved.lang };
    too_late(&app, page(&app, &staff, id, Some(version), draft, now)).await
}

/// Shows both: the reply as it is now, and what was wanted, ready to be saved over it.
async fn too_late(app: &App, mut page: OnePage) -> Result<Response, Error> {
    match store::one(&mut *app.db.read().await?, page.id).await? {
        Some(saved) => {
            page.version = Some(saved.version);
            page.late = Some(Late::Changed(saved));
        }
        None => (page.id, page.version, page.late) = (Uuid::new_v4(), None, Some(Late::Deleted)),
    }
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}
