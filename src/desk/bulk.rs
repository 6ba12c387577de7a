//! What is done to many tickets at once: chosen by the queue's checkboxes, one statement, one event a ticket, and taken
//! back for a moment.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    acts::{person, waiting, written},
    merge::{complaint, target},
    said::{Told, back, back_with},
    until::Quick,
    wait::Wrong,
};
use crate::{
    app::{App, Now},
    staff::{Frame, Person, Staff, colleagues},
    tickets::{
        self, Actor, Note, Reference, Reply, Status, Verb, Whom,
        bulk::{self, Undone},
        incident::{How, join},
        verbs::{self, By, Part, Seen},
    },
    token::hash,
    web::{Error, Form, html},
    words::Say,
};

/// The most tickets at once: four pages of the queue.
const MOST: usize = 200;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/bulk", post(change)).route("/staff/bulk/{id}/undo", post(undo))
}

/// The buttons below the queue.
#[derive(Template)]
#[template(path = "desk/dock.html")]
pub(super) struct Dock<'a> {
    pub frame: &'a Frame,
    pub colleagues: &'a [Person],
    pub back: String,
}

/// What could not be done as it was wished: the wish again, with what is wrong with it.
#[derive(Template)]
#[template(path = "desk/bulk.html")]
struct AgainPage<'a> {
    frame: Frame,
    colleagues: Vec<Person>,
    form: &'a Form,
    wrong: Say,
}

impl AgainPage<'_> {
    /// The field that has to be put right.
    fn field(&self) -> &'static str {
        match (self.form.raw("verb"), self.form.raw("status")) {
            ("take" | "assign", _) => "bulk-reason",
            ("status", "waiting") => "bulk-date",
            ("status", _) => "bulk-text",
            ("note", _) => "bulk-note",
            ("incident", _) => "bulk-incident",
            _ => "bulk-into",
        }
    }

    /// What is wrong with it.
    fn said(&self) -> String {
        self.frame.lang().say(&self.wrong)
    }

    fn button(&self) -> &'static str {
        match self.form.raw("verb") {
            "take" | "assign" => "desk-give-button",
            "status" => "bulk-status-button",
            "note" => "desk-note-save",
            "incident" => "bulk-incident-button",
            _ => "merge-button",
        }
    }
}

/// What can't be done at all, in a sentence.
#[derive(Template)]
#[template(path = "desk/refused.html")]
struct RefusedPage<'a> {
    frame: Frame,
    say: Say,
    back: &'a str,
}

/// What is to be done to each ticket.
enum Wish {
    Each(Verb),
    /// Into a ticket, or into the one of them that was reported first.
    Merge(Option<Uuid>),
    /// Into an incident, by its number.
    Incident(i64),
}

async fn change(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    let count = form.all("ticket").len();
    if count == 0 {
        return refused(&app, &staff, StatusCode::UNPROCESSABLE_ENTITY, Say::new("bulk-nothing"), back(&form));
    }
    if count > MOST {
        let say = Say::new("bulk-too-many").with("count", count).with("most", MOST);
        return refused(&app, &staff, StatusCode::UNPROCESSABLE_ENTITY, say, back(&form));
    }
    let mut tx = app.db.begin().await?;
    let wish = match read(&mut tx, &app, &staff, &form, now).await? {
        Ok(wish) => wish,
        Err(wrong) => return again(&app, &mut tx, &staff, &form, wrong).await,
    };
    let id = id_of(&form, staff.id);
    if !bulk::begin(&mut tx, id, staff.id, now).await? {
        // the same form again: it is done, and what came of it is told again
        return Ok(Redirect::to(&back_with(&form, Some(id))).into_response());
    }
    let chosen = chosen(&mut tx, &form).await?;
    let by = By { actor: Actor::Staff(staff.id), now, part: Part::Of(id) };
    let seen: Vec<_> = chosen.tickets.iter().map(|(_, seen)| *seen).collect();
    let mut told = Told { gone: chosen.gone, ..Told::default() };
    let outcomes = match wish {
        Wish::Each(verb) => verbs::act(&mut tx, &seen, &verb, Some(id), by).await?,
        Wish::Incident(incident) => {
            let ids: Vec<_> = seen.iter().map(|seen| seen.id).collect();
            let joined = join(&mut tx, &ids, incident, How::Staff, by).await?;
            for ((reference, _), joined) in chosen.tickets.iter().zip(joined) {
                told.add_joined(reference, joined);
            }
            bulk::tell(&mut tx, id, &told).await?;
            tx.commit().await?;
            return Ok(Redirect::to(&back_with(&form, Some(id))).into_response());
        }
        Wish::Merge(into) => {
            // ids are made from the time
            let Some(main) = into.or(seen.iter().map(|seen| seen.id).min()) else {
                return refused(&app, &staff, StatusCode::UNPROCESSABLE_ENTITY, Say::new("bulk-nothing"), back(&form));
            };
            match verbs::merge(&mut tx, &seen, main, by).await? {
                Ok(merged) => {
                    told.main = Some(merged.main);
                    merged.outcomes
                }
                Err(why) => {
                    let of = |(reference, seen): &(Reference, Seen)| (seen.id == main).then(|| reference.clone());
                    let main = chosen.tickets.iter().find_map(of).or(form.line("into").parse().ok());
                    let wrong = main.map_or(Say::new("merge-missing"), |main| complaint(why, &main));
                    drop(tx);
                    let mut db = app.db.read().await?;
                    return again(&app, &mut db, &staff, &form, wrong).await;
                }
            }
        }
    };
    let main = told.main.clone();
    for ((reference, _), outcome) in chosen.tickets.iter().zip(outcomes) {
        // the main ticket is chosen along with its duplicates
        if main.as_ref() != Some(reference) {
            told.add(reference, outcome);
        }
    }
    bulk::tell(&mut tx, id, &told).await?;
    tx.commit().await?;
    Ok(Redirect::to(&back_with(&form, Some(id))).into_response())
}

async fn undo(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    match bulk::undo(&mut tx, id, staff.id, now).await? {
        Undone::Done => {
            tx.commit().await?;
            Ok(Redirect::to(&back_with(&form, Some(id))).into_response())
        }
        Undone::Late => refused(&app, &staff, StatusCode::CONFLICT, Say::new("bulk-late"), back(&form)),
        Undone::Gone => Err(Error::NotFound),
    }
}

/// What a form wants.
///
/// # Errors
/// Within: a complaint about what it needs for that.
async fn read(
    db: &mut PgConnection,
    app: &App,
    staff: &Staff,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Result<Wish, Say>, Error> {
    let each = |verb| Ok(Ok(Wish::Each(verb)));
    let give = |to: Option<Person>| {
        let verb = written(&form.line("reason")).map(|reason| match to {
            Some(to) => Verb::Give { to, reason },
            None => Verb::Release { reason },
        });
        Ok(verb.map(Wish::Each))
    };
    match form.raw("verb") {
        "take" => give(Some(staff.person())),
        "assign" => give(person(db, staff, form.raw("assignee")).await?),
        "spam" => each(Verb::Spam),
        "status" => {
            let status = form.raw("status").parse().map_err(|()| Error::BadRequest)?;
            let verb = match status {
                Status::New => Ok(Verb::Renew),
                Status::Open => Ok(Verb::Open),
                Status::Spam => Ok(Verb::Spam),
                Status::Waiting => {
                    waiting(form, now, app).map_err(|(Wrong::Until(wrong) | Wrong::Reason(wrong))| wrong)
                }
                Status::Resolved => {
                    let text = Some(form.block("text")).filter(|text| !text.is_empty());
                    text.map(Reply::written).transpose().map(|text| Verb::Resolve { text })
                }
                Status::Duplicate => return Err(Error::BadRequest),
            };
            Ok(verb.map(Wish::Each))
        }
        "note" => Ok(Note::written(form.block("note")).map(|text| Wish::Each(Verb::Note { text }))),
        "incident" => {
            Ok(form.raw("incident").parse().map(Wish::Incident).map_err(|_| Say::new("bulk-incident-missing")))
        }
        "merge" => match form.line("into") {
            into if into.is_empty() => Ok(Ok(Wish::Merge(None))),
            into => Ok(target(db, &into).await?.map(|main| Wish::Merge(Some(main.id)))),
        },
        _ => Err(Error::BadRequest),
    }
}

/// The tickets that a form names, each once, as they were seen: `DZ-7K3M9-Q2XWG:3`, or as they are when no version is
/// given.
struct Chosen {
    tickets: Vec<(Reference, Seen)>,
    gone: usize,
}

async fn chosen(db: &mut PgConnection, form: &Form) -> Result<Chosen, Error> {
    let mut versions = BTreeMap::new();
    let mut gone = 0;
    for typed in form.all("ticket") {
        let (reference, version) = typed.split_once(':').unwrap_or((typed, ""));
        match reference.parse::<Reference>() {
            Ok(reference) => {
                versions.insert(reference.as_str().to_owned(), version.parse::<i32>().ok());
            }
            Err(_) => gone += 1,
        }
    }
    let references: Vec<_> = versions.keys().cloned().collect();
    let found = tickets::seen(db, &references).await?;
    gone += versions.len() - found.len();
    let as_seen = |(reference, seen): (Reference, Seen)| {
        let version = versions.get(reference.as_str()).copied().flatten().unwrap_or(seen.version);
        (reference, Seen { version, ..seen })
    };
    Ok(Chosen { tickets: found.into_iter().map(as_seen).collect(), gone })
}

/// A form that is sent twice is the same wish; one that was gone back to and filled in differently is another.
fn id_of(form: &Form, staff: Uuid) -> Uuid {
    if form.raw("submission").is_empty() {
        return Uuid::new_v4();
    }
    let fields = ["submission", "verb", "ticket", "assignee", "reason", "status", "text", "note", "into", "incident"];
    let fields = fields.iter().chain(&["whom", "until", "date", "time"]).map(|name| form.all(name));
    let hash = hash(format!("{staff} {:?}", fields.collect::<Vec<_>>()));
    hash.first_chunk().map_or_else(Uuid::new_v4, |start| uuid::Builder::from_custom_bytes(*start).into_uuid())
}

async fn again(app: &App, db: &mut PgConnection, staff: &Staff, form: &Form, wrong: Say) -> Result<Response, Error> {
    let page = AgainPage { frame: Frame::new(app, staff, "queue"), colleagues: colleagues(db).await?, form, wrong };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

pub(super) fn refused(app: &App, staff: &Staff, status: StatusCode, say: Say, back: &str) -> Result<Response, Error> {
    let page = RefusedPage { frame: Frame::new(app, staff, "queue"), say, back };
    Ok((status, html(&page)?).into_response())
}
